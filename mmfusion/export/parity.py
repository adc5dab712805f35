"""Compares what was exported with the model, for each set of modalities."""

import itertools

import numpy as np

from mmfusion.errors import ArgumentError, ExportError
from mmfusion.export import signature

_ROWS = 16
_ALL_SUBSETS_UP_TO = 4  # 16 cases; each costs two predictions.


def sample_rows(samples):
    """Row numbers of a split to compare, spread evenly over it."""
    spread = np.linspace(0, len(samples) - 1, min(_ROWS, len(samples)))
    return [int(row) for row in spread]


def sample_arrays(who, model, samples):
    """Every input of the model, for the rows that are compared.

    Args:
        who: str. The caller, for messages.
        model: FusionModel.
        samples: Split, or dict of input name to array `(rows, ...)`.

    Returns:
        Dict of input name to array, in the model's dtypes. What is optional
        and not given is zeros, a flag that is not given is true.
    """
    if samples is None or len(samples) == 0:
        raise ArgumentError(
            f"`{who}` needs `samples`, rows to compare the exported model "
            "with: a split, such as `data.test`, or a dict of arrays."
        )
    if isinstance(samples, dict):
        given = {name: np.asarray(x)[:_ROWS] for name, x in samples.items()}
        unknown = set(given) - {tensor.name for tensor in model.inputs}
        if unknown:
            raise ArgumentError(
                f"`{who}` expects `samples` for the inputs "
                f"{sorted(signature.specs(model))}. Received also: "
                f"{sorted(unknown)}."
            )
    else:  # A split may hold more modalities than the model takes.
        given, _ = samples.arrays(sample_rows(samples))
    return _complete(who, model, given)


def subsets(model):
    """The sets of optional modalities that are left out in turn.

    Every one of them for up to four optional modalities; beyond that nothing,
    each alone, and all of them.
    """
    names = model.optional
    if len(names) <= _ALL_SUBSETS_UP_TO:
        return [
            subset
            for size in range(len(names) + 1)
            for subset in itertools.combinations(names, size)
        ]
    return [(), *((name,) for name in names), tuple(names)]


def with_absent(model, arrays, without, garbage=False):
    """`arrays` where some modalities are absent in every row.

    Args:
        model: FusionModel.
        arrays: dict of every input of the model.
        without: names of the optional modalities to leave out.
        garbage: bool. Whether NaN (or -1) lies in the absent values, as it may
            in a request; else zeros.
    """
    result = dict(arrays)
    for name in without:
        flag = signature.flag(model, name)
        result[flag] = np.zeros_like(arrays[flag])
        for key in model.modalities[name]["inputs"]:
            nothing = np.nan if arrays[key].dtype.kind == "f" else -1
            result[key] = np.full_like(arrays[key], nothing if garbage else 0)
    return result


def with_all(model, arrays):
    """`arrays` where every flag is true."""
    flags = {signature.flag(model, name) for name in model.optional}
    return arrays | {flag: np.ones_like(arrays[flag]) for flag in flags}


def predict(model, arrays):
    """The model's own answer: dict of output name to array."""
    outputs = model.predict(arrays, verbose=0)
    return {name: outputs[name] for name in model.main_tasks}


def spreads(model):
    """The size that a difference of each output is seen in, by its name.

    One for probabilities, the deviation of the target for numbers.
    """
    return {name: task.spread for name, task in model.main_tasks.items()}


def compare(name, without, expected, served, tolerance, spreads=None):
    """One line of the parity report; an error if the two differ too much.

    Args:
        name: str. The signature that answered.
        without: names of the modalities that were absent.
        expected: dict of output name to array, from the model.
        served: dict with at least these arrays, from the exported model.
        tolerance: float. The largest difference that is accepted, absolute or
            in the output's spread; besides the rounding of float32.
        spreads: dict of output name to float. Defaults to 1 for each.

    Returns:
        Dict of plain values.

    Raises:
        ExportError: If an answer differs by more, or is not finite.
    """
    where = f"`{name}`"
    if without:
        where += " without " + ", ".join(map(repr, without))
    worst = 0.0
    for output, values in sorted(expected.items()):
        if not np.isfinite(values).all():
            raise ExportError(
                f"The model's own {output!r} is not finite on the samples "
                f"({where}). Train it again, or choose other samples."
            )
        if served[output].shape != values.shape:
            raise ExportError(
                f"{where} answers {output!r} with shape "
                f"{served[output].shape}; the model gives {values.shape}."
            )
        gap = np.abs(served[output].astype("float64") - values)
        gap -= np.minimum(gap, 2 * np.spacing(np.abs(values)))
        gap = float(gap.max(initial=0.0)) / (spreads or {}).get(output, 1.0)
        if not gap <= tolerance:  # So that NaN is no agreement.
            raise ExportError(
                f"{where} answers {output!r} with a difference of {gap:.3g} "
                f"from the model; at most {tolerance:g} is accepted. "
                "Nothing was written."
            )
        worst = max(worst, gap)
    rows = len(next(iter(expected.values())))
    return {
        "signature": name,
        "without": list(without),
        "rows": rows,
        "difference": worst,
    }


def _complete(who, model, given):
    specs = signature.specs(model)
    rows = {name: len(x) for name, x in given.items() if name in specs}
    if len(set(rows.values())) != 1 or 0 in rows.values():
        raise ArgumentError(
            f"`{who}` expects `samples` with one or more rows, as many of "
            f"each input. Received: {rows}."
        )
    count = next(iter(rows.values()))
    flags = {signature.flag(model, name) for name in model.modalities}
    spare = {
        key
        for name in model.optional
        for key in model.modalities[name]["inputs"]
    }
    arrays = {}
    for name, spec in specs.items():
        dtype = spec.dtype.as_numpy_dtype
        if name in given:
            arrays[name] = np.asarray(given[name]).astype(dtype)
        elif name in flags:
            arrays[name] = np.ones((count,), dtype)
        elif name in spare:
            arrays[name] = np.zeros((count, *spec.shape[1:]), dtype)
        else:
            raise ArgumentError(
                f"`{who}` needs `samples` for the input {name!r}. "
                f"Received: {sorted(given)}."
            )
    return arrays
