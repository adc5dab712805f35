"""Any reusable SavedModel as an encoder."""

import keras

from mmfusion import registry
from mmfusion.pretrained.parts import (
    as_vector,
    embedding_layer,
    encoder_inputs,
)


@registry.register("encoder", "saved_model_encoder", paths=("handle",))
def saved_model_encoder(
    handle,
    shape=None,
    units=None,
    output=None,
    dropout=0.0,
    trainable=False,
    arguments=None,
    sha256=None,
    bundle=False,
    name="vector",
):
    """Builds an encoder of a SavedModel that gives one vector a row.

    For modules of TensorFlow Hub of any modality, and for one's own SavedModels
    with `__call__`. Its inputs are those of the SavedModel: a single tensor is
    called `name`; a dict becomes several inputs, in a model of the modality
    `title` `title_input_word_ids` and so on. Parameters and FLOPs are the
    SavedModel's, and `dim * units + units` of the dense layer.

    Args:
        handle: str or path of a SavedModel, or an https URL.
        shape: tuple of int, the shape of a row of every input; needed where
            the SavedModel leaves a size open.
        units: int. Width of a dense layer on what the SavedModel gives; None
            for none.
        output: str. The key of the embedding where it gives a dict. Defaults
            to `"default"`.
        dropout: float in `[0, 1)`, before the dense layer.
        trainable: bool. Whether it is fine-tuned. Defaults to False.
        arguments: dict of further arguments of its `__call__`.
        sha256: str. The SHA-256 that its folder must have.
        bundle: bool. Whether it is copied into `.keras` files.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, the SavedModel's inputs to float `(batch, units)`, or
        `(batch, dim)` without `units`.

    Raises:
        ArgumentError: If the SavedModel cannot be used, or a size is open, or
            what it gives is no vector.

    Example:

    >>> import tempfile
    >>> import tensorflow as tf
    >>> twice = tf.train.Checkpoint()
    >>> twice.__call__ = tf.function(
    ...     lambda x: 2.0 * x,
    ...     input_signature=[tf.TensorSpec((None, 3))],
    ...     autograph=False,
    ... )
    >>> folder = tempfile.mkdtemp()
    >>> tf.saved_model.save(twice, folder)
    >>> saved_model_encoder(folder, units=8).output_shape
    (None, 8)

    Reference:
        - [Reusable SavedModels](
          https://www.tensorflow.org/hub/reusable_saved_models).
    """
    layer = embedding_layer(
        "saved_model_encoder",
        handle,
        output,
        sha256=sha256,
        arguments=arguments,
        bundle=bundle,
        trainable=trainable,
    )
    inputs = encoder_inputs("saved_model_encoder", layer, shape, name)
    x = as_vector("saved_model_encoder", layer(inputs), units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
