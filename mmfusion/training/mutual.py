"""Heads that learn from each other."""

from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.training.method import Method, divergence
from mmfusion.training.plan import Plan, need_classes


class MutualLearning(Method):
    """Each head learns from the labels and from what the other heads say.

    The fused head and those of the modalities (`auxiliary=True`) agree more
    than their labels make them: what one of them sees, the others learn to
    look for.

        loss = sum_k [ CE_k + weight / (K - 1) sum_{l != k} KL(p_l || p_k) ]

    over the K outputs of a target; `p_l` is a constant in it, and each term of
    the sum counts by the weight of its output's loss (`compile`). The head of a
    modality that a row does not have neither learns from that row nor teaches.

    Args:
        model: a `FusionModel` with outputs of its modalities.
        weight: float, 0 or more. Defaults to 1.
        name: str. Defaults to the name of the model.

    Raises:
        ArgumentError: If the model has no such outputs, or a task gives no
            probabilities of classes.

    Example:

    >>> import mmfusion as mm
    >>> encoders = {n: mm.encoders.vector_mlp(3, units=4) for n in ("a", "b")}
    >>> model = mm.models.fusion_model(
    ...     encoders,
    ...     mm.fusion.ConcatFusion(4),
    ...     mm.tasks.Classification(2),
    ...     auxiliary=True,
    ... )
    >>> method = MutualLearning(model)
    >>> method.compile("adam")
    >>> method.model is model
    True

    Reference:
        - [Zhang et al., 2018](https://arxiv.org/abs/1706.00384), for networks
          that see the same; presence is ours.
    """

    def __init__(self, model, weight=1.0, name=None, **kwargs):
        super().__init__(model, name, **kwargs)
        checks.check_range("MutualLearning", "weight", weight, 0, 1e3)
        if not any(len(group) > 1 for group in self.peers()):
            raise ArgumentError(
                "`MutualLearning` expects a model with outputs of its "
                f"modalities. Received: {sorted(model.output)}. Build it with "
                "`auxiliary=True`."
            )
        need_classes("MutualLearning", model.tasks)
        self.weight = weight

    def training_loss(self, x, y, y_pred, weights):
        loss = 0.0
        for group in self.peers():
            here = {n: self.present(x, m) for n, m in group.items()}
            for name in group:
                rows = self.task_losses[name].call(y[name], y_pred[name])
                others = [n for n in group if n != name]
                for other in others:
                    teacher = ops.stop_gradient(y_pred[other])
                    told = divergence(teacher, y_pred[name]) * here[other]
                    rows = rows + self.weight / len(others) * told
                rows = rows * here[name]
                if weights.get(name) is not None:
                    rows = rows * ops.cast(weights[name], rows.dtype)
                loss = loss + self.task_weights[name] * ops.mean(rows)
        return loss


@registry.register("method", "mutual")
def mutual_learning(model, data, rules, weight=1.0):
    """`MutualLearning`, by its name in a recipe."""
    return Plan(MutualLearning(model, weight), data)
