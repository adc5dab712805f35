"""A text encoder of TensorFlow Hub, for what its preprocessor gives."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.steps import POOLS, embedding
from mmfusion.errors import ArgumentError
from mmfusion.pretrained.parts import as_vector, embedding_layer

# Which of the inputs says where tokens are, in the order of preference.
_MASKS = ("input_mask", "input_word_ids")


@registry.register("encoder", "hub_text", paths=("handle",))
def hub_text(
    handle,
    length=128,
    units=None,
    pool="module",
    dropout=0.0,
    trainable=False,
    arguments=None,
    sha256=None,
    bundle=False,
    name="text",
):
    """Builds a Transformer of TensorFlow Hub over its tokens.

    Such a module takes a dict of int32 `(batch, length)`, for BERT
    `input_mask`, `input_type_ids` and `input_word_ids`, that its own
    preprocessor makes of strings. The preprocessor belongs to the data,
    `mmfusion.data.HubText`, which hands out these tensors as one,
    `(batch, inputs, length)` in the order of their names; nothing of the model
    is a string, so XLA compiles it. Parameters and FLOPs are the module's
    (BERT-base: see its documentation), and `dim * units + units` of the dense
    layer. `saved_model_encoder` takes the tensors one by one instead.

    Args:
        handle: str or path of a SavedModel, or an https URL.
        length: int. Tokens of each text, as many as the preprocessor gives.
        units: int. Width of a dense layer on the embedding; needed unless
            `pool` is `"module"`.
        pool: `"module"`, the embedding that the module gives; `"mean"`,
            `"max"` or `"attention"` over its token embeddings; or None for all
            of them.
        dropout: float in `[0, 1)`, before the dense layer.
        trainable: bool. Whether it is fine-tuned. Defaults to False.
        arguments: dict of further arguments of its `__call__`.
        sha256: str. The SHA-256 that its folder must have.
        bundle: bool. Whether it is copied into `.keras` files.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, inputs, length)` to float `(batch,
        units)`; with `pool=None` to `{"sequence": (batch, length, units),
        "mask": (batch, length)}`.

    Raises:
        ArgumentError: If the module cannot be used, takes no such dict, or
            gives nothing that `pool` needs.

    Example:

    >>> hub_text("modules/bert", length=64)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `SavedModelLayer` expects the folder of ...

    Reference:
        - [Text embeddings with Transformer encoders](
          https://www.tensorflow.org/hub/common_saved_model_apis/text).
    """
    checks.check_positive("hub_text", length=length)
    checks.check_choice("hub_text", "pool", pool, ("module", *POOLS))
    layer = embedding_layer(
        "hub_text",
        handle,
        None if pool == "module" else "sequence_output",
        sha256=sha256,
        arguments=arguments,
        bundle=bundle,
        trainable=trainable,
    )
    keys = _keys(layer, length)
    tokens = keras.Input((len(keys), length), dtype="int32", name=name)
    parts = {key: tokens[:, at] for at, key in enumerate(keys)}
    x = layer(parts)
    if pool == "module":
        x = as_vector("hub_text", x, units, dropout)
    else:
        mask = next(parts[key] for key in (*_MASKS, keys[0]) if key in parts)
        x = embedding(x, ops.not_equal(mask, 0), pool, units, dropout)
    return keras.Model(tokens, x, name=f"{name}_encoder")


def _keys(layer, length):
    """Names of the inputs, sorted, once they are tokens of that length."""
    specs = layer.input_specs
    good = isinstance(specs, dict) and all(
        spec.dtype.is_integer and spec.shape[1:].is_compatible_with((length,))
        for spec in specs.values()
    )
    if not good:
        raise ArgumentError(
            "`hub_text` expects a SavedModel that takes a dict of whole "
            f"numbers `(batch, {length})`. Received: {layer.handle!r}, which "
            f"takes {specs}."
        )
    return sorted(specs)
