"""A Transformer over the patches of an image."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack
from mmfusion.encoders.steps import POOLS
from mmfusion.encoders.steps import embedding as embedding_of
from mmfusion.errors import ArgumentError
from mmfusion.layers import LayerNorm, PositionEmbedding, TransformerBlock


@registry.register("encoder", "image_vit")
def image_vit(
    shape,
    units=64,
    patch=(4, 4),
    embedding=64,
    num_layers=4,
    num_heads=4,
    hidden=None,
    pool="mean",
    scale=1 / 255,
    dropout=0.0,
    name="image",
):
    """Builds a Vision Transformer: patches as words, then Transformer blocks.

    For much data, or to look at where it looks; a Transformer has to learn
    what a convolution knows from the start, so on some ten thousand pictures
    `image_resnet` is better. Each patch becomes a token with a place.

        z_bp = W patch_bp + c + place_p       # (batch, patches, embedding)
        y_b  = relu(V pool Norm blocks(z_b) + d)  # (batch, units)

    Parameters with the defaults at 32 x 32 x 3: 211 thousand; FLOPs: 30
    million, of which attention has 4. One block: `12 embedding^2` parameters
    and `24 patches embedding^2 + 4 patches^2 embedding` FLOPs.

    Args:
        shape: tuple `(height, width, channels)`, in pixels; the patch must
            divide height and width.
        units: int. Width of the embedding.
        patch: tuple of int, `(height, width)` of a patch, in pixels.
        embedding: int. Width of a token.
        num_layers: int. Number of blocks.
        num_heads: int. Must divide `embedding`.
        hidden: int or None. Width inside the blocks. Defaults to 4 times
            `embedding`.
        pool: `"token"`: one more token that is learned, and read out;
            `"mean"`, `"max"` or `"attention"` over the patches, or None for
            all of them, row by row.
        scale: float. Pixels are multiplied by it; the canonical image holds
            0..255. Defaults to 1 / 255.
        dropout: float in `[0, 1)`, on the tokens, in the blocks and before
            the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, *shape)` to float `(batch, units)`;
        with `pool=None` to `{"sequence": (batch, patches, units), "mask":
        (batch, patches)}`.

    Raises:
        ArgumentError: If a size is not positive, the patch does not divide
            the picture, or `num_heads` does not divide `embedding`.

    Example:

    >>> image_vit((32, 32, 3), units=8, num_layers=1).output_shape
    (None, 8)

    Reference:
        - [Dosovitskiy et al., 2020](https://arxiv.org/abs/2010.11929), which
          reads out a class token, `pool="token"` here.
    """
    checks.check_shape("image_vit", "shape", shape, rank=3)
    checks.check_range("image_vit", "scale", scale, 1e-6, 1e6)
    checks.check_shape("image_vit", "patch", patch, rank=2)
    checks.check_positive(
        "image_vit", embedding=embedding, num_layers=num_layers
    )
    checks.check_range("image_vit", "dropout", dropout, 0, 0.99)
    checks.check_choice("image_vit", "pool", pool, ("token", *POOLS))
    if shape[0] % patch[0] or shape[1] % patch[1]:
        raise ArgumentError(
            "`image_vit` expects a `patch` that divides height and width. "
            f"Received: patch={tuple(patch)} for shape={tuple(shape)}."
        )
    inputs = keras.Input(tuple(shape), dtype="float32", name=name)
    x = keras.layers.Rescaling(scale)(inputs)
    # A convolution that steps as far as it is wide sees each patch once.
    x = keras.layers.Conv2D(embedding, tuple(patch), strides=tuple(patch))(x)
    x = keras.layers.Reshape((x.shape[1] * x.shape[2], embedding))(x)
    if pool == "token":
        x = ops.concatenate([_token(x), x], axis=1)
    x = PositionEmbedding()(x)
    if dropout:
        x = keras.layers.Dropout(dropout)(x)
    for _ in range(num_layers):
        x = TransformerBlock(num_heads, hidden, dropout)(x)
    # A block that normalises first leaves its sum as it is.
    x = LayerNorm(epsilon=1e-5)(x)
    if pool == "token":
        x = dense_stack(ops.take(x, 0, axis=1), (), units, dropout)
    else:
        x = embedding_of(x, None, pool, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")


def _token(x):
    """A learned token for each row: the only word of a vocabulary."""
    first = ops.take(ops.take(x, [0], axis=1), 0, axis=2)  # (batch, 1)
    words = keras.layers.Embedding(
        1,
        x.shape[-1],
        embeddings_initializer=keras.initializers.RandomNormal(stddev=0.02),
        name="token",
    )
    return words(ops.zeros_like(first, dtype="int32"))
