"""Several values of a kind in one row, by one shared encoder."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.nested import encode_each, inner_encoder
from mmfusion.encoders.steps import embedding, mask_input
from mmfusion.layers import KeepPresent


@registry.register("encoder", "several")
def several(
    encoder,
    count,
    units=64,
    pool="attention",
    masked=True,
    dropout=0.0,
    name="several",
):
    """Builds one encoder for each of several images, texts or vectors of a row.

    For the pictures of a product or the reviews of a film, of which each row
    has another number. Their order is nothing: what comes out is the same for
    every order. Those that are absent (`mask`) never matter.

        e_bi = encoder(x_bi)                          # (batch, count, dim)
        y_b  = relu(W pool_{i: mask_bi} e_bi + b)     # (batch, units)

    All of them go through `encoder` as one batch. A batch normalisation in it
    would couple them, absent ones (zeros) included, so an encoder made from
    settings has `normalization="group"` unless told otherwise.

    Cost: `encoder` as often as `count` says, and, with the defaults and an
    embedding of 64 of each, 6272 parameters, 4.3 kFLOP for each value and
    8.2 kFLOP a row.

    Args:
        encoder: `keras.Model` of one input and one embedding, or a dict of
            settings: `name` of a registered encoder, and its arguments.
        count: int. The most values that a row can have.
        units: int. Width of the embedding.
        pool: `"attention"` (a learned weight for each), `"mean"`, `"max"`, or
            None for the embeddings of all.
        masked: bool. Whether there is an input `mask` that says which are
            there. Defaults to True.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, `(batch, count, ...)` of the dtype that `encoder`
        takes, and with `masked=True` bool `mask` `(batch, count)`, to float
        `(batch, units)`; with `pool=None` to a dict of `"sequence"`, float
        `(batch, count, units)`, and `"mask"`, bool `(batch, count)`. A row
        without any gives one constant answer.

    Raises:
        ArgumentError: If a size is not positive, a choice is unknown, or
            `encoder` does not take one value to one embedding.

    Example:

    >>> photo = {"name": "image_cnn", "shape": (8, 8, 3), "units": 16}
    >>> encoder = several(photo, count=5, units=8, name="photos")
    >>> encoder.input["photos"].shape, encoder.output_shape
    ((None, 5, 8, 8, 3), (None, 8))

    Reference:
        - [Ilse et al., 2018](https://arxiv.org/abs/1802.04712), for the
          pooling by attention, whose outcome does not depend on the order.
    """
    checks.check_positive("several", count=count)
    encoder = inner_encoder("several", encoder, "one", normalization="group")
    (one,) = encoder.inputs
    x = inputs = keras.Input(
        (count, *one.shape[1:]), dtype=one.dtype, name=name
    )
    mask = mask_input(count) if masked else None
    if masked:
        x = KeepPresent()(x, mask)
        inputs = {name: inputs, "mask": mask}
    y = embedding(encode_each(encoder, x), mask, pool, units, dropout)
    return keras.Model(inputs, y, name=f"{name}_encoder")
