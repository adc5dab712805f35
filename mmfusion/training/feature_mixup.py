"""Training on mixtures of fused embeddings."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.training.method import Method
from mmfusion.training.plan import Plan


class FeatureMixup(Method):
    """Trains on mixtures of the fused embeddings of two rows (manifold mixup).

    Classes of few rows get neighbours; decisions between classes become
    gradual. Embeddings can be mixed where pictures, words and sounds cannot.

        a_b  ~ Beta(alpha, alpha)                   # for each row b
        h'_b = a_b h_b + (1 - a_b) h_o(b)           # o: the batch backwards
        loss = mean_b a_b CE(y_b, p'_b) + (1 - a_b) CE(y_o(b), p'_b)

    The batch backwards pairs rows at random, since batches of a training split
    are in random order. Metrics of the training are those of the mixtures;
    outputs of single modalities (`auxiliary=True`) learn from whole rows.

    Args:
        model: a `FusionModel` that fuses embeddings.
        alpha: float above 0. Small: mostly one row. Defaults to 0.2.
        seed: int or None. Of the shares.
        name: str. Defaults to the name of the model.

    Raises:
        ArgumentError: If the model fuses decisions.

    Example:

    >>> import mmfusion as mm
    >>> encoders = {n: mm.encoders.vector_mlp(3, units=4) for n in ("a", "b")}
    >>> model = mm.models.fusion_model(
    ...     encoders, mm.fusion.ConcatFusion(4), mm.tasks.Classification(2)
    ... )
    >>> method = FeatureMixup(model, alpha=0.4)
    >>> method.compile("adam")

    Reference:
        - [Verma et al., 2019](https://arxiv.org/abs/1806.05236), at one layer:
          the fused embedding.
    """

    def __init__(self, model, alpha=0.2, seed=None, name=None, **kwargs):
        super().__init__(model, name, **kwargs)
        checks.check_range("FeatureMixup", "alpha", alpha, 1e-3, 100)
        if model.fusion is None:
            raise ArgumentError(
                "`FeatureMixup` mixes fused embeddings. Received: "
                f"`{model.name}`, which fuses decisions."
            )
        self.alpha = alpha
        self.generator = keras.random.SeedGenerator(seed)
        extra = {name: model.output[name] for name in model.auxiliary}
        fused = model.get_layer(model.fusion).output
        self._parts = keras.Model(model.input, {"fused": fused, "extra": extra})
        self._shares = None

    def call(self, inputs, training=None):
        if not training:
            return self.model(inputs, training=training)
        parts = self._parts(self.model.complete(inputs), training=True)
        h = parts["fused"]
        # For the loss of this very step, which is part of the same graph.
        self._shares = ops.cast(
            keras.random.beta(
                (ops.shape(h)[0],), self.alpha, self.alpha, seed=self.generator
            ),
            h.dtype,
        )
        share = self._shares[:, None]
        mixed = share * h + (1 - share) * ops.flip(h, axis=0)
        main = {n: task(mixed) for n, task in self.model.main_tasks.items()}
        return main | parts["extra"]

    def training_loss(self, x, y, y_pred, weights):
        backwards = {
            name: None if part is None else ops.flip(part, axis=0)
            for name, part in weights.items()
        }
        loss = 0.0
        for name in self.model.main_tasks:
            other = {name: ops.flip(y[name], axis=0)}
            own = self.row_losses(name, y, y_pred, weights)
            share = ops.cast(self._shares, own.dtype)
            theirs = self.row_losses(name, other, y_pred, backwards)
            mixed = ops.mean(share * own + (1 - share) * theirs)
            loss = loss + self.task_weights[name] * mixed
        for name in self.model.auxiliary:
            rows = self.row_losses(name, y, y_pred, weights)
            loss = loss + self.task_weights[name] * ops.mean(rows)
        return loss


@registry.register("method", "feature_mixup")
def feature_mixup(model, data, rules, alpha=0.2):
    """`FeatureMixup`, by its name in a recipe; the seed is the rules'."""
    return Plan(FeatureMixup(model, alpha, rules.seed), data)
