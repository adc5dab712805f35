"""Checks and completion of what a `FusionModel` is given."""

import numpy as np

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.models import fewer_steps


def check_data(model, x, y=None):
    """Names, lengths, steps and dtypes of the data, before Keras starts.

    Args:
        model: a `FusionModel`.
        x: dict of arrays, a data set with an `element_spec`, or any other
            source that Keras reads (checked then when the model is called).
        y: targets: dict by name, one array where the model has one target, or
            None.
    """
    if hasattr(x, "element_spec"):
        spec, cut = x.element_spec, getattr(x, "buckets", None)
        x, y = (spec[0], spec[1]) if isinstance(spec, tuple) else (spec, None)
        check_names(model, x)
        _check_flags(model, x)
        _check_steps(model, x, cut)
        if isinstance(y, dict):
            _check_target_names(model, y)
        return
    if isinstance(x, (list, tuple, np.ndarray)):
        check_names(model, x)
    if not isinstance(x, dict):
        return  # A PyDataset or a generator; `call` checks each batch.
    check_names(model, x)
    _check_flags(model, x)
    _check_steps(model, x)
    targets = y if isinstance(y, dict) else {"y": y}
    lengths = {
        name: len(value)
        for name, value in {**x, **targets}.items()
        if value is not None and hasattr(value, "__len__")
    }
    if len(set(lengths.values())) > 1:
        raise ArgumentError(
            f"`{model.name}` expects as many rows from every input and "
            f"target. Received: {lengths}."
        )
    if isinstance(y, dict):
        _check_target_names(model, y)
    if y is not None:
        for name, values in by_output(model, y).items():
            if values is not None:
                model.tasks[name].check_targets(values)


def check_names(model, inputs):
    """All names are known and the required ones are there."""
    known = {tensor.name for tensor in model.inputs}
    needed = {
        key
        for part in model.modalities.values()
        if not part["flag"]
        for key in part["inputs"]
    }
    if not isinstance(inputs, dict):
        raise ArgumentError(
            f"`{model.name}` expects a dict of the inputs {sorted(known)}. "
            f"Received: {type(inputs).__name__}. A list would be matched to "
            "the names by its order."
        )
    if set(inputs) - known or needed - set(inputs) or not inputs:
        raise ArgumentError(
            f"`{model.name}` expects the inputs {sorted(known)}, of which "
            f"{sorted(needed)} are needed. Received: {sorted(inputs)}."
        )
    check_whole(model, inputs)


def check_whole(model, inputs):
    """No optional modality is given by half.

    A flag without its inputs, or some of several inputs, would make zeros look
    like values.
    """
    for name, part in model.modalities.items():
        given = [key for key in part["inputs"] if key in inputs]
        lacking = [key for key in part["inputs"] if key not in inputs]
        if lacking and (given or part["flag"] in inputs):
            raise ArgumentError(
                f"`{model.name}` expects {lacking} with the rest of {name!r}. "
                f"Received: {sorted(inputs)}. To leave {name!r} out, leave "
                "out all of it, its flag, too."
            )


def by_output(model, values):
    """Targets or weights for each output, by its name or its task's target."""
    if values is None:
        return None
    tasks = model.tasks
    if not isinstance(values, dict):
        # One array: the same for every output, if they learn from one target.
        if len({task.target for task in tasks.values()}) > 1:
            raise ArgumentError(
                f"`{model.name}` has several targets: expects a dict of "
                f"{sorted({task.target for task in tasks.values()})}. "
                f"Received: {type(values).__name__}."
            )
        return dict.fromkeys(tasks, values)
    return {
        name: values.get(name, values.get(task.target))
        for name, task in tasks.items()
    }


def fit_settings(model, x, arguments):
    """How a model is being fitted, so that others can be fitted alike.

    Args:
        model: a compiled `FusionModel`.
        x: the data given to `fit`.
        arguments: dict of all other arguments of `fit` that were given.

    Returns:
        Dict of `epochs` (of all fits since `compile`), `patience`,
        `batch_size` (None if unknown), `altered_by` (what was done to the
        batches and cannot be repeated), `augment`, `mixup` and `buckets` (what
        can, plain values or None), and `optimizer` as it was before the first
        of these fits.
    """
    before = getattr(model, "fit_settings", None)
    altered_by = getattr(x, "altered_by", "")
    # A sum is a tensor; the variable itself may be mirrored on devices.
    if int(model.optimizer.iterations + 0) == 0:
        before = None  # Newly compiled.
    elif before is None:
        altered_by = "a training before the model was loaded"
    epochs = arguments.get("epochs", 1) - arguments.get("initial_epoch", 0)
    stoppers = [
        callback
        for callback in arguments.get("callbacks") or ()
        if hasattr(callback, "patience")
        and getattr(callback, "restore_best_weights", False)
    ]
    size = getattr(x, "batch_size", None)
    if isinstance(x, dict):
        size = arguments.get("batch_size") or 32
    return {
        "epochs": epochs + (before["epochs"] if before else 0),
        "patience": stoppers[0].patience if stoppers else None,
        "batch_size": size,
        "altered_by": altered_by,
        "augment": getattr(x, "augment", None),
        "mixup": getattr(x, "mixup", None),
        "buckets": getattr(x, "buckets", None),
        "optimizer": (
            before["optimizer"] if before else model.optimizer.get_config()
        ),
    }


def _check_flags(model, x):
    for name, part in model.modalities.items():
        mask = f"{name}_mask"
        if mask in part["inputs"] and mask in x:
            most = model.input[mask].shape[1]
            steps = _steps(x.get(name)) or most
            _check_mask(model, mask, x[mask], min(steps, most))
        dtype = getattr(x.get(part["flag"]), "dtype", "bool")
        dtype = getattr(dtype, "name", dtype)
        if dtype != "bool":
            raise ArgumentError(
                f"`{model.name}` expects the flag {part['flag']!r} to be "
                f"bool. Received: {dtype}."
            )


def _check_mask(model, name, mask, steps):
    """A mask is bool, of as many steps as the values have."""
    dtype = getattr(mask, "dtype", "bool")
    dtype = getattr(dtype, "name", dtype)
    shape = _shape(mask)
    fits = len(shape) == 2 and shape[1] in (None, steps)
    if dtype != "bool" or (shape and not fits):
        raise ArgumentError(
            f"`{model.name}` expects the mask {name!r} to be bool `(rows, "
            f"{steps})`. Received: {dtype} {shape}."
        )


def _check_steps(model, x, cut=None):
    """No more steps than a model has; fewer, if its encoders can."""
    fewer = set(cut or ())
    for name, most in fewer_steps.steps_of(model).items():
        for key, steps in most.items():
            given = _steps(x.get(key)) or steps
            if given > steps:
                raise ArgumentError(
                    f"`{model.name}` expects up to {steps} steps of {key!r}. "
                    f"Received: shape={_shape(x[key])}."
                )
            if given < steps:
                fewer.add(name)
    fewer_steps.check_fewer(model, fewer)


def _steps(x):
    """The second axis of an array or of what is known of a tensor, or None."""
    shape = _shape(x)
    return shape[1] if len(shape) > 1 else None


def _shape(x):
    shape = getattr(x, "shape", ())
    return () if getattr(shape, "rank", 0) is None else tuple(shape)


def _check_target_names(model, y):
    known = set(model.tasks) | {t.target for t in model.tasks.values()}
    checks.check_keys("targets", y, sorted(known))
    for name, task in model.tasks.items():
        if name not in y and task.target not in y:
            raise ArgumentError(
                f"`{model.name}` needs the target {task.target!r} for its "
                f"output {name!r}. Received: {sorted(y)}."
            )
