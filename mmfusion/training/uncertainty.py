"""Losses of several tasks, weighted by what each is uncertain of."""

from keras import ops

from mmfusion import registry
from mmfusion.training.method import Method
from mmfusion.training.plan import Plan, refuse_weights

# The log of the density is that of a loss times it.
_FACTORS = {"probabilities": 1.0, "labels": 1.0, "values": 0.5}


class UncertaintyWeighting(Method):
    """Learns how much each output's loss counts.

    For tasks of different difficulty or scale, in place of a search for their
    weights: a task whose loss stays high counts less.

        loss = sum_t [ c_t exp(-s_t) L_t + s_t / 2 ]

    with one learned `s_t`, the log of a variance, for each output, 0 at first,
    and c_t = 1/2 for a number, whose squared error is twice the log of a normal
    density, 1 for classes and labels.

    Args:
        model: a `FusionModel`, with several outputs.
        name: str. Defaults to the name of the model.

    Example:

    >>> import mmfusion as mm
    >>> model = mm.models.fusion_model(
    ...     {"v": mm.encoders.vector_mlp(3, units=4)},
    ...     mm.fusion.ConcatFusion(4),
    ...     [mm.tasks.Classification(2, name=n) for n in ("colour", "size")],
    ... )
    >>> UncertaintyWeighting(model).loss_weights()
    {'colour': 1.0, 'size': 1.0}

    Reference:
        - [Kendall et al., 2018](https://arxiv.org/abs/1705.07115); the form
          for classification is an approximation there.
    """

    def __init__(self, model, name=None, **kwargs):
        super().__init__(model, name, **kwargs)
        self.log_variances = {
            output: self.add_weight(
                shape=(), initializer="zeros", name=f"log_variance_{output}"
            )
            for output in sorted(model.output)
        }

    def training_loss(self, x, y, y_pred, weights):
        losses = self.output_losses(y, y_pred, weights)
        return sum(
            self._factor(name) * ops.exp(-s) * losses[name] + s / 2
            for name, s in self.log_variances.items()
        )

    def loss_weights(self):
        """What the loss of each output is multiplied by."""
        return {
            name: self._factor(name) * float(ops.exp(-s))
            for name, s in self.log_variances.items()
        }

    def _factor(self, name):
        return _FACTORS[self.model.tasks[name].gives]


@registry.register("method", "uncertainty")
def uncertainty_weighting(model, data, rules, weights=None):
    """`UncertaintyWeighting`, by its name in a recipe."""
    refuse_weights("uncertainty", weights)
    return Plan(UncertaintyWeighting(model), data)
