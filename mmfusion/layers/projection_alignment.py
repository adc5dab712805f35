"""Every modality gets a linear map of its own."""

from mmfusion import registry
from mmfusion.layers.alignment import Alignment
from mmfusion.layers.projection import Projection


@registry.register("alignment", "projection")
class ProjectionAlignment(Alignment):
    """Maps each modality to one width by a map of its own.

    Before a fusion, a loss or an attention that wants equal widths.

        z_m = W_m x_m + b_m    # (batch, units) or (batch, steps, units)

    Parameters: `units * (sum of dims + M)`.

    Args:
        units: int. Width of every embedding.
        normalize: bool. Whether to bring each to unit length. Defaults to
            False.
        use_bias: bool. Whether there are `b_m`. Defaults to True.

    Example:

    >>> import numpy as np
    >>> z = ProjectionAlignment(4)({"a": np.ones((2, 3)), "b": np.ones((2, 5))})
    >>> {name: tuple(x.shape) for name, x in z.items()}
    {'a': (2, 4), 'b': (2, 4)}
    """

    def __init__(self, units, normalize=False, use_bias=True, **kwargs):
        super().__init__(**kwargs)
        Projection(units, normalize, use_bias)  # A wrong setting shows here.
        self.units = units
        self.normalize = normalize
        self.use_bias = use_bias

    def build(self, input_shape):
        super().build(input_shape)
        self.projections = []
        for name in self.modalities:
            project = Projection(
                self.units,
                self.normalize,
                self.use_bias,
                dtype=self.dtype_policy,
                name=f"project_{name}",
            )
            project.build(input_shape[name])
            self.projections.append(project)

    def align(self, embeddings, steps, here, training):
        maps = zip(self.modalities, self.projections, strict=True)
        return {name: project(embeddings[name]) for name, project in maps}

    def compute_output_shape(self, input_shape):
        return {
            name: (*shape[:-1], self.units)
            for name, shape in input_shape.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "normalize": self.normalize,
            "use_bias": self.use_bias,
        }
