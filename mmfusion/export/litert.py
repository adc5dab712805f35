"""A LiteRT file for phones and small machines, run before it is done."""

import pathlib

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from mmfusion import checks, files
from mmfusion.errors import ArgumentError, ExportError
from mmfusion.export import extras, parity, signature
from mmfusion.export.conversion import convert, signatures
from mmfusion.registry import register


@register("export", "litert")
def litert(model, path, inputs=None, samples=None, tolerance=1e-4, batch=None):
    """Writes a LiteRT file, runs it and compares it with the model.

    The signature `serving_default` takes all tensors of the model, flags
    (bool) included. For each optional modality there is a signature
    `without_<modality>`, which needs neither its tensor nor its flag: for an
    app without a microphone, say. They share one copy of the weights, and
    answer probabilities, or numbers `(batch, 1)`, under the names of the tasks.
    Classes and labels are in `<stem>.parity.json`, beside what was compared.

    A recurrent layer that is not unrolled can be converted for a fixed number
    of rows only; the file then takes one row at a time, and says so under
    `batch` and `note` of `<stem>.parity.json`.

    Args:
        model: FusionModel, trained.
        path: str or path of the file, which must not exist; `.tflite` is
            added where it has no suffix.
        inputs: dict of modality name to modality object. Checked against the
            model and not used further: the app makes the tensors.
        samples: Split, or dict of input name to array. Up to 16 rows of it are
            compared.
        tolerance: float. The largest difference of a probability, or of a
            number in deviations of its target.
        batch: int. Rows of a request. Defaults to any number, or to one where
            the model cannot be converted so.

    Returns:
        `pathlib.Path` of the file.

    Raises:
        ArgumentError: If `samples` are not given, or the file exists.
        ExportError: If the model needs operations that are not built in, or
            if the file answers differently. Nothing is written then.
    """
    signature.check_model("litert", model, inputs)
    checks.check_range("litert", "tolerance", tolerance, 0, 1)
    if batch is not None:
        checks.check_positive("litert", batch=batch)
    arrays = parity.sample_arrays("litert", model, samples)
    path = _new_file(path)
    content, batch, note = _convert(model, batch)
    report = {
        "format": 1,
        "tolerance": tolerance,
        "batch": batch,
        **({"note": note} if note else {}),
        "cases": _compare(model, content, arrays, batch, tolerance),
        "signatures": {
            name: {"inputs": extras.describe(specs)}
            for name, specs in signatures(model, batch).items()
        },
        "labels": extras.labels(model),
        "versions": extras.versions(),
    }
    with files.whole_file(path) as draft:
        draft.write_bytes(content)
        # Inside, so that a file never appears before what vouches for it.
        files.write_json(path.with_name(f"{path.stem}.parity.json"), report)
    return path


def _new_file(path):
    path = pathlib.Path(path)
    path = path if path.suffix else path.with_suffix(".tflite")
    if path.exists():
        raise ArgumentError(
            f"`{path}` exists already. Choose another path, or remove it."
        )
    return path


def _convert(model, batch):
    """The file, its batch (None for any) and a note on how that came."""
    try:
        return convert(model, batch), batch, None
    except ExportError as error:
        if batch is not None:
            raise
        return convert(model, 1), 1, f"For any number of rows: {error}"


def _compare(model, content, arrays, batch, tolerance):
    arrays = parity.with_all(model, arrays)
    interpreter = _interpreter(content)
    known = signatures(model, batch)
    cases = []
    for without in parity.subsets(model):
        expected = parity.predict(
            model, parity.with_absent(model, arrays, without)
        )
        given = parity.with_absent(model, arrays, without, garbage=True)
        names = ["serving_default", *(f"without_{name}" for name in without)]
        for name in known.keys() & set(names):
            tensors = {key: given[key] for key in known[name]}
            served = _run(interpreter, name, tensors, batch)
            cases.append(
                parity.compare(
                    name,
                    without,
                    expected,
                    served,
                    tolerance,
                    parity.spreads(model),
                )
            )
    return sorted(cases, key=lambda case: (case["signature"], case["without"]))


def _interpreter(content):
    try:
        return Interpreter(model_content=content)
    except (RuntimeError, ValueError) as error:
        raise ExportError(f"LiteRT cannot read the file: {error}") from error


def _run(interpreter, name, tensors, batch):
    """Answers for all rows, `batch` rows at a time (None: all at once)."""
    rows = len(next(iter(tensors.values())))
    batch = batch or rows
    parts = []
    try:
        runner = interpreter.get_signature_runner(name)
        for start in range(0, rows, batch):
            # The last request is filled up with the first rows.
            pick = np.arange(start, start + batch) % rows
            answers = runner(**{key: x[pick] for key, x in tensors.items()})
            # The interpreter uses its memory again for the next request.
            parts.append({key: np.array(x) for key, x in answers.items()})
    except (RuntimeError, ValueError) as error:
        raise ExportError(
            f"LiteRT cannot run {name!r} of the file: {error}"
        ) from error
    return {
        key: np.concatenate([part[key] for part in parts])[:rows]
        for key in parts[0]
    }
