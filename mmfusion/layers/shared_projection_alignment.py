"""All modalities go through one and the same map."""

import keras

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.layers.alignment import Alignment
from mmfusion.layers.projection import Projection
from mmfusion.ops import l2_normalize


@registry.register("alignment", "shared_projection")
class SharedProjectionAlignment(Alignment):
    """One set of parameters for all modalities.

    What one modality teaches the map serves the others: the field's shared
    parameters. Embeddings of different widths come to a common one first, each
    by a linear map of its own.

        h_m = V_m x_m + c_m      # with `width`; else h_m = x_m
        z_m = f(W h_m + b)       # (batch, units) or (batch, steps, units)

    Parameters: `units * (width + 1)`, with `width` also
    `width * (sum of dims + M)`.

    Args:
        units: int. Width of every embedding.
        width: int or None. The common width before the shared map. Defaults
            to None: all embeddings must have one width.
        activation: name of `f`, or None. Defaults to None.
        normalize: bool. Whether to bring each to unit length. Defaults to
            False.

    Raises:
        ArgumentError: If widths differ and `width` is None.

    Example:

    >>> import numpy as np
    >>> layer = SharedProjectionAlignment(4)
    >>> z = layer({"a": np.ones((2, 3)), "b": np.ones((2, 3))})
    >>> tuple(z["a"].shape), layer.count_params()
    ((2, 4), 16)

    Reference:
        - [Aytar et al., 2016](https://arxiv.org/abs/1610.09003), whose
          networks for several modalities share their upper layers.
    """

    def __init__(
        self, units, width=None, activation=None, normalize=False, **kwargs
    ):
        super().__init__(**kwargs)
        who = "SharedProjectionAlignment"
        checks.check_positive(who, units=units)
        if width is not None:
            checks.check_positive(who, width=width)
        checks.check_choice(who, "normalize", normalize, (True, False))
        self.units = units
        self.width = width
        self.activation = checks.check_activation(who, activation)
        self.normalize = normalize

    def build(self, input_shape):
        super().build(input_shape)
        dims = {name: input_shape[name][-1] for name in self.modalities}
        if self.width is None and len(set(dims.values())) > 1:
            raise ArgumentError(
                "`SharedProjectionAlignment` expects embeddings of one width. "
                f"Received: {dims}. Give `width=` to bring each to a common "
                "one first."
            )
        self.adapters = {}
        for name in self.modalities if self.width else ():
            adapt = Projection(
                self.width, dtype=self.dtype_policy, name=f"adapt_{name}"
            )
            adapt.build(input_shape[name])
            self.adapters[name] = adapt
        self.shared = keras.layers.Dense(
            self.units,
            activation=self.activation,
            dtype=self.dtype_policy,
            name="shared",
        )
        self.shared.build((None, self.width or next(iter(dims.values()))))

    def align(self, embeddings, steps, here, training):
        aligned = {}
        for name, x in embeddings.items():
            x = self.adapters[name](x) if self.adapters else x
            z = self.shared(x)
            aligned[name] = l2_normalize(z) if self.normalize else z
        return aligned

    def compute_output_shape(self, input_shape):
        return {
            name: (*shape[:-1], self.units)
            for name, shape in input_shape.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "width": self.width,
            "activation": keras.activations.serialize(self.activation),
            "normalize": self.normalize,
        }
