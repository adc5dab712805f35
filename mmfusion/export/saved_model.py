"""A versioned SavedModel that answers tensors and raw values."""

import pathlib
import warnings

import tensorflow as tf

from mmfusion import checks, files
from mmfusion.errors import ExportError
from mmfusion.export import extras, parity, signature
from mmfusion.export.answer import answer, not_a_number, served_values
from mmfusion.export.raw import raw_endpoint, raw_request, raw_specs
from mmfusion.export.served_formats import as_served
from mmfusion.export.version import removed_if_empty, version_folder
from mmfusion.export.warmup import write_warmup
from mmfusion.export.write import traced, write
from mmfusion.registry import register


@register("export", "saved_model")
def saved_model(
    model, path, inputs=None, samples=None, tolerance=1e-4, version=None
):
    """Writes a SavedModel that serves without mmfusion, and checks it.

    The folder `<path>/<version>/` appears only after the model in it, loaded
    again, has answered `samples` as `model.predict` does, for each set of
    optional modalities left out.

    Two signatures take a request of any number of rows, none included:

    - `serving_default` takes the model's tensors, all of them: a signature has
      no optional inputs. Where a flag `<modality>_present` is false, the tensor
      may hold anything.
    - `serving_raw`, if `inputs` are given, takes what a client has: the bytes
      of a file as `<modality>_bytes`, a text or the cells of a table as
      `<modality>`. Empty means absent where the modality is optional. A vector
      is sent as numbers, an optional one with its flag. Several values of a
      row are `(batch, most)`, empty ones at the end. A clip is sent as its
      frames, uint8, with `<modality>_mask`, which says which there are: a row
      without any is one without a clip.

    Both answer class probabilities `<task>` `(batch, classes)`, a string
    `<task>_class` `(batch,)` and a string `status` `(batch,)`: "ok", or what is
    wrong with each modality, "photo: cannot be decoded; title: missing". A row
    that is not ok has zeros for probabilities and "" for a class, and the other
    rows of the request are answered as if it were not there. Of several labels
    the string is `<task>_labels`, those above the threshold joined by "|",
    since a server gives no lists of varying length; a number is `<task>`
    `(batch,)`, without a string.

    In `assets.extra/` lie `tf_serving_warmup_requests`, `labels.json`,
    `schema.json`, `versions.json`, `parity.json` and `checksums.json`.

    Args:
        model: FusionModel, trained.
        path: str or path. The folder of the model's versions.
        inputs: dict of modality name to modality object, such as
            `data.inputs`; needed for `serving_raw`.
        samples: Split, or dict of input name to array. Up to 16 rows of it are
            compared; only a split holds raw values, so `serving_raw` is
            compared for a split.
        tolerance: float. The largest difference of a probability, or of a
            number in deviations of its target.
        version: int. Defaults to the next one.

    Returns:
        `pathlib.Path` of the version's folder.

    Raises:
        ArgumentError: If the version exists, or `samples` are not given.
        ExportError: If the exported model answers differently. Nothing is left
            behind.
    """
    signature.check_model("saved_model", model, inputs)
    checks.check_range("saved_model", "tolerance", tolerance, 0, 1)
    arrays = parity.sample_arrays("saved_model", model, samples)
    raw = _raw_values(samples, inputs)
    path = pathlib.Path(path)
    folder = version_folder(path, version)
    with removed_if_empty(path), files.whole_folder(folder) as draft:
        _write(model, inputs, draft)
        loaded = tf.saved_model.load(draft)
        cases = _compare_default(model, loaded, arrays, tolerance)
        if raw is not None:
            rows = as_served(inputs, arrays, raw)
            cases += _compare_raw(model, loaded, inputs, rows, tolerance)
        requests = [("serving_default", {k: x[:1] for k, x in arrays.items()})]
        if raw is not None:
            first = {name: values[:1] for name, values in rows.raw.items()}
            requests.append(("serving_raw", raw_request(model, inputs, first)))
        _write_extras(model, inputs, loaded, draft, path.name, requests)
        files.write_json(
            draft / "assets.extra" / "parity.json",
            {"format": 1, "tolerance": tolerance, "cases": cases},
        )
        extras.write_checksums(draft, draft / "assets.extra" / "checksums.json")
    if raw is not None and rows.rewritten:
        warnings.warn(rows.warning(), stacklevel=2)
    return folder


def _raw_values(samples, inputs):
    """Raw values by modality where the samples have them for all of them."""
    if not inputs or not hasattr(samples, "raw"):
        return None
    raw = samples.raw(parity.sample_rows(samples))
    return {n: raw[n] for n in inputs} if set(inputs) <= set(raw) else None


def _write(model, inputs, folder):
    graph = signature.graph(model)

    def serve(tensors):
        tensors = signature.with_same_rows("serving_default", tensors)
        outputs = graph(tensors)
        return answer(model, outputs, not_a_number(model, tensors))

    functions = {"serving_default": traced(serve, signature.specs(model))}
    layers = [model]
    if inputs:
        functions["serving_raw"] = traced(
            raw_endpoint(model, inputs, graph), raw_specs(model, inputs)
        )
        for modality in inputs.values():
            layers += modality.layers
    write(functions, layers, folder)


def _call(loaded, name, request):
    answers = loaded.signatures[name](
        **{key: tf.convert_to_tensor(x) for key, x in request.items()}
    )
    return {key: x.numpy() for key, x in answers.items()}


def _expected(model, arrays):
    """The model's own answer, as it is served."""
    return {
        name: served_values(model.main_tasks[name], values)
        for name, values in parity.predict(model, arrays).items()
    }


def _compare_default(model, loaded, arrays, tolerance):
    arrays = parity.with_all(model, arrays)
    cases = []
    for without in parity.subsets(model):
        expected = _expected(model, parity.with_absent(model, arrays, without))
        request = parity.with_absent(model, arrays, without, garbage=True)
        served = _call(loaded, "serving_default", request)
        if set(served["status"]) != {b"ok"}:
            raise ExportError(
                "`serving_default` refuses some of the samples: "
                f"{_not_ok(served)}."
            )
        cases.append(
            parity.compare(
                "serving_default",
                without,
                expected,
                served,
                tolerance,
                parity.spreads(model),
            )
        )
    return cases


def _not_ok(served):
    return sorted({text.decode() for text in served["status"]} - {"ok"})


def _compare_raw(model, loaded, inputs, rows, tolerance):
    cases = []
    # `serving_default` has been through all subsets with the same graph.
    for without in ((), *((name,) for name in model.optional)):
        arrays = parity.with_absent(model, rows.arrays, without)
        request = raw_request(model, inputs, rows.raw, without)
        served = _call(loaded, "serving_raw", request)
        if set(served["status"]) != {b"ok"}:
            raise ExportError(
                f"`serving_raw` refuses some of the samples: {_not_ok(served)}."
            )
        case = parity.compare(
            "serving_raw",
            without,
            _expected(model, arrays),
            served,
            tolerance,
            parity.spreads(model),
        )
        told = {
            name: sorted(set(reasons))
            for name, reasons in rows.rewritten.items()
            if name not in without
        }
        cases.append(case | ({"rewritten": told} if told else {}))
    return cases


def _write_extras(model, inputs, loaded, folder, name, requests):
    place = folder / "assets.extra"
    place.mkdir()
    takes = {"serving_default": signature.specs(model)}
    if inputs:
        takes["serving_raw"] = raw_specs(model, inputs)
    schema = {
        key: {
            "inputs": extras.describe(specs),
            "outputs": extras.describe(
                loaded.signatures[key].structured_outputs
            ),
        }
        for key, specs in takes.items()
    }
    files.write_json(
        place / "schema.json",
        {
            "format": 1,
            "signatures": schema,
            "optional": list(model.optional),
        },
    )
    files.write_json(place / "labels.json", extras.labels(model))
    files.write_json(place / "versions.json", extras.versions())
    write_warmup(place / "tf_serving_warmup_requests", name, requests)
