"""From a model to the bytes of a LiteRT file, with signatures of our choice."""

import re
import tempfile

import tensorflow as tf

from mmfusion.errors import ExportError
from mmfusion.export import signature
from mmfusion.export.write import traced, write

# A file also holds the graph of each signature: names, shapes and one entry an
# operation, of which there are more the more weights there are.
_GRAPH_BYTES, _BYTES_A_WEIGHT = 200_000, 2_000


def signatures(model, batch=None):
    """What each signature of the file takes: tensor specs by signature name."""
    found = {"serving_default": signature.specs(model, batch)}
    for name in model.optional:
        specs = signature.specs(model, batch, without=(name,))
        if specs:  # Of a model of one optional modality nothing is left.
            found[f"without_{name}"] = specs
    return found


def convert(model, batch=None):
    """Converts a model with LiteRT's built-in operations only.

    Args:
        model: FusionModel.
        batch: int, or None for any number of rows.

    Returns:
        Bytes of a LiteRT file.

    Raises:
        ExportError: If the converter refuses; the message has its reason.
    """
    wanted = signatures(model, batch)
    functions = {
        name: traced(_endpoint(model, specs), specs)
        for name, specs in wanted.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        # The converter's other entrances lose the weights or the signatures.
        write(functions, [model], folder)
        converter = tf.lite.TFLiteConverter.from_saved_model(
            folder, signature_keys=sorted(wanted)
        )
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        try:
            content = converter.convert()
        except Exception as error:  # Its class is not public.
            raise ExportError(
                f"LiteRT has no built-in operations for {model.name!r}: "
                f"{_reason(error)}"
            ) from error
    check_size(model, content)
    return content


def check_size(model, content):
    """The file holds the weights, and holds them once.

    A conversion that goes wrong can leave the weights out without a word, or
    write them again for each signature.
    """
    distinct = {x.tobytes(): x for x in model.get_weights()}.values()
    # Vectors may be folded into their neighbours, a matrix stays.
    least = 0.9 * sum(4 * x.size for x in distinct if x.ndim > 1)
    most = 1.5 * sum(4 * x.size for x in distinct) + _GRAPH_BYTES
    most += _BYTES_A_WEIGHT * len(model.weights) * len(signatures(model))
    if not least <= len(content) <= most:
        raise ExportError(
            f"The LiteRT file has {len(content)} bytes; the weights of "
            f"{model.name!r} ask for {least:.0f} to {most:.0f}."
        )


def _endpoint(model, specs):
    """The model, with zeros and a false flag for what `specs` do not name."""
    absent = {
        name: spec
        for name, spec in signature.specs(model).items()
        if name not in specs
    }

    def serve(tensors):
        rows = tf.shape(next(iter(tensors.values())))[0]
        zeros = {
            name: tf.zeros((rows, *spec.shape[1:]), spec.dtype)
            for name, spec in absent.items()
        }
        return signature.call(model, tensors | zeros)

    return serve


def _reason(error):
    """The operations in question, out of pages of locations."""
    names = sorted(set(re.findall(r"'tf\.([A-Z]\w+)'", str(error))))
    return f"{', '.join(names)}." if names else str(error)[:300]
