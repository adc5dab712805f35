"""The gradient of the modality that learns too fast is made smaller."""

import keras
import tensorflow as tf
from keras import ops

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.models import inputs as given
from mmfusion.training.method import Method
from mmfusion.training.plan import Plan


class GradientModulation(Method):
    """Slows the encoder of the dominant modality, batch by batch (OGM-GE).

    Trained together, the modality that is easier to learn from takes the loss
    down, and the others stop learning. Here the heads of the modalities
    (`auxiliary=True`) say how far each is:

        s_m   = mean_b exp(-loss_bm)     # of classes: what the true one gets
        rho_m = s_m / mean_{n != m} s_n
        k_m   = 1 - tanh(alpha rho_m) where rho_m > 1, else 1

    with the loss that the task has by itself: -log p of the true class, say.
    The mean is over the rows that have the modality, so that one which is
    often absent does not pass for a weak one; of several targets s_m is the
    sum.
    The gradient of the m-th encoder is multiplied by k_m; with `noise`, that of
    its kernels of convolutions also gets Gaussian noise of the gradient's own
    deviation, which is said to generalise better.

    Args:
        model: a `FusionModel` with outputs of its modalities.
        alpha: float in 0..1, how strongly. Defaults to 0.5.
        noise: bool. Defaults to True.
        seed: int or None. Of the noise.
        name: str. Defaults to the name of the model.

    Raises:
        ArgumentError: If the model has no such outputs, or one modality only.

    Reference:
        - [Peng et al., 2022](https://arxiv.org/abs/2203.15332), for two
          modalities and classes, whose scores come from the halves of the fused
          head's weights; the mean over more, and other tasks, are ours.
    """

    def __init__(
        self, model, alpha=0.5, noise=True, seed=None, name=None, **kwargs
    ):
        super().__init__(model, name, **kwargs)
        checks.check_range("GradientModulation", "alpha", alpha, 0, 1)
        checks.check_choice("GradientModulation", "noise", noise, (True, False))
        groups = [group for group in self.peers() if len(group) > 2]
        if not groups:
            raise ArgumentError(
                "`GradientModulation` expects a model of several modalities "
                "with an output of each. "
                f"Received: {sorted(model.output)}. Build it with "
                "`auxiliary=True`."
            )
        self.alpha = alpha
        self.noise = noise
        self.generator = keras.random.SeedGenerator(seed)
        self._heads = [{m: n for n, m in g.items() if m} for g in groups]
        self._owners = self._owned()

    def _owned(self):
        """Whose encoders each variable belongs to, by the variable's `id`."""
        owners = {}
        for modality, part in self.model.modalities.items():
            encoder = self.model.get_layer(part["encoder"])
            for variable in encoder.trainable_variables:
                owners.setdefault(id(variable), set()).add(modality)
        return owners

    def coefficients(self, x, y, y_pred):
        """`k` of each modality for one batch, float scalars by name."""
        scores = {}
        for modality in self._heads[0]:
            here = self.present(x, modality)
            count = ops.maximum(ops.sum(here), 1.0)
            scores[modality] = sum(
                ops.sum(here * self._given(heads[modality], y, y_pred)) / count
                for heads in self._heads
            )
        found = {}
        for modality, score in scores.items():
            others = [s for m, s in scores.items() if m != modality]
            mean = sum(others) / len(others)
            ratio = score / ops.maximum(mean, 1e-8)
            slowed = 1 - ops.tanh(self.alpha * ratio)
            found[modality] = ops.where(ratio > 1, slowed, 1.0)
        return found

    def _given(self, name, y, y_pred):
        """How much a head knows of each row, in 0..1: `(batch,)`."""
        loss = self.model.tasks[name].default_loss()
        return ops.exp(-loss.call(y[name], y_pred[name]))

    def train_step(self, data):
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        variables = self.trainable_weights
        gradients = tape.gradient(scaled, [v.value for v in variables])
        k = self.coefficients(x, given.by_output(self.model, y), y_pred)
        gradients = [
            self._modulated(gradient, variable, k)
            for gradient, variable in zip(gradients, variables, strict=True)
        ]
        self.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _modulated(self, gradient, variable, k):
        """The gradient of an encoder's variable, scaled, with noise."""
        owners = self._owners.get(id(variable), ())
        if gradient is None or len(owners) != 1:
            return gradient  # Of a head, or of an encoder that several share.
        (modality,) = owners
        scaled = gradient * ops.cast(k[modality], gradient.dtype)
        if not self.noise or len(variable.shape) < 4:
            return scaled
        deviation = ops.std(gradient) + 1e-8
        noise = keras.random.normal(
            ops.shape(gradient), dtype=gradient.dtype, seed=self.generator
        )
        return scaled + deviation * noise


@registry.register("method", "gradient_modulation")
def gradient_modulation(model, data, rules, alpha=0.5, noise=True):
    """`GradientModulation`, by its name in a recipe; the seed is the rules'."""
    return Plan(GradientModulation(model, alpha, noise, rules.seed), data)
