"""A network over vectors computed elsewhere."""

import keras

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack


@registry.register("encoder", "vector_mlp")
def vector_mlp(dim, units=64, hidden=(64,), dropout=0.0, name="vector"):
    """Builds dense layers over a vector of features.

    For features computed once and kept; for a sequence of them see
    `vector_sequence`.

        h = relu(W x + c)    # (batch, hidden)
        y = relu(V h + b)    # (batch, units)

    Cost with the defaults at 300 features: 23424 parameters and 47 kFLOP a
    row.

    Args:
        dim: int. Width of the vector.
        units: int. Width of the embedding.
        hidden: tuple of int. Widths of the layers before it.
        dropout: float in `[0, 1)`, before the last layer.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, float32 `(batch, dim)` to float `(batch, units)`.

    Raises:
        ArgumentError: If a size is not positive.

    Example:

    >>> vector_mlp(10, units=8).output_shape
    (None, 8)

    Reference:
        - [Gorishniy et al., 2021](https://arxiv.org/abs/2106.11959), the MLP;
          here without a layer after the last ReLU.
    """
    checks.check_positive("vector_mlp", dim=dim)
    inputs = keras.Input((dim,), dtype="float32", name=name)
    x = dense_stack(inputs, hidden, units, dropout)
    return keras.Model(inputs, x, name=f"{name}_encoder")
