"""What ways of training share: a model around the model, thrown away."""

import keras
from keras import ops

from mmfusion.errors import ArgumentError
from mmfusion.models import FusionModel
from mmfusion.models import inputs as given


class Method(keras.Model):
    """Trains a `FusionModel` in a way of its own; a subclass writes the loss.

    Compile and fit it as the model itself. What learns is the model; the method
    is thrown away. Validation and `evaluate` report the plain loss of the main
    outputs, so that runs can be compared.

    `training_loss(x, y, y_pred, weights)` gets dicts by output name and gives a
    scalar; `output_losses` and `row_losses` help.

    Args:
        model: a `FusionModel`.
        name: str. Defaults to the name of the model.

    Raises:
        ArgumentError: If `model` is none.
    """

    def __init__(self, model, name=None, **kwargs):
        if not isinstance(model, FusionModel):
            raise ArgumentError(
                f"`{type(self).__name__}` expects a `FusionModel`. "
                f"Received: {type(model).__name__}."
            )
        # Keras scales the loss of a model of float16, by its policy.
        kwargs.setdefault("dtype", model.dtype_policy)
        super().__init__(name=name or model.name, **kwargs)
        self.model = model
        self.task_losses = {
            name: task.default_loss() for name, task in model.tasks.items()
        }
        self.task_weights = dict.fromkeys(model.tasks, 1.0)
        self.built = True

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, **kw):
        """As `keras.Model.compile`; `tasks.compile_arguments` fits.

        Args:
            optimizer: as Keras takes it.
            loss: dict of output name to loss. Defaults to those of the tasks.
            loss_weights: dict of output name to float. Defaults to 1 each.
            **kw: as Keras takes them.
        """
        super().compile(optimizer=optimizer, **kw)
        self.task_losses |= loss or {}
        self.task_weights |= loss_weights or {}

    def call(self, inputs, training=None):
        return self.model(inputs, training=training)

    @property
    def reader(self):
        """The model whose inputs the batches have."""
        return self.model

    def fit(self, x=None, y=None, *args, **kwargs):
        given.check_data(self.reader, x, y)
        if hasattr(x, "element_spec"):
            kwargs.setdefault("shuffle", False)
        return super().fit(x, y, *args, **kwargs)

    def evaluate(self, x=None, y=None, *args, **kwargs):
        given.check_data(self.reader, x, y)
        return super().evaluate(x, y, *args, **kwargs)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        y = given.by_output(self.model, y)
        weights = given.by_output(self.model, sample_weight) or {}
        if training:
            loss = self.training_loss(x, y, y_pred, weights)
        else:
            losses = self.output_losses(y, y_pred, weights)
            loss = sum(losses[name] for name in self.model.main_tasks)
        return loss + sum(self.model.losses)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(
            x,
            given.by_output(self.model, y),
            y_pred,
            given.by_output(self.model, sample_weight),
        )

    def training_loss(self, x, y, y_pred, weights):
        """A scalar. Here the weighted sum of the losses of all outputs."""
        losses = self.output_losses(y, y_pred, weights)
        return sum(self.task_weights[name] * x for name, x in losses.items())

    def output_losses(self, y, y_pred, weights):
        """The loss of each output, by its name, as its task defines it."""
        return {
            name: loss(y[name], y_pred[name], weights.get(name))
            for name, loss in self.task_losses.items()
        }

    def row_losses(self, name, y, y_pred, weights):
        """The loss of one output for each row, weighted: `(batch,)`."""
        rows = self.task_losses[name].call(y[name], y_pred[name])
        if weights.get(name) is not None:
            rows = rows * ops.cast(weights[name], rows.dtype)
        return rows

    def peers(self):
        """Outputs that learn from one target, with the modality of each.

        Returns:
            List of dicts of output name to modality, None for a main output.
        """
        found = []
        for task in self.model.main_tasks:
            heads = {f"{task}_{m}": m for m in sorted(self.model.modalities)}
            heads = {n: m for n, m in heads.items() if n in self.model.output}
            found.append({task: None, **heads})
        return found

    def present(self, x, modality):
        """Where a modality is there: float `(batch,)`."""
        some = next(iter(x.values()))
        everywhere = ops.ones_like(ops.cast(some, "float32"))
        everywhere = ops.reshape(everywhere, (ops.shape(some)[0], -1))[:, 0]
        part = self.model.modalities.get(modality)
        if part is None or not part["flag"] or part["flag"] not in x:
            return everywhere
        return ops.cast(x[part["flag"]], "float32")


def divergence(p, q):
    """Kullback and Leibler's divergence of each row, from `p` to `q`.

        d_b = sum_c p_bc log(p_bc / q_bc)    # (batch,)

    Args:
        p: float tensor `(batch, classes)`, probabilities.
        q: float tensor `(batch, classes)`, probabilities.

    Returns:
        Float tensor `(batch,)`. Probabilities below 1e-30 count as that.
    """
    logs = ops.log(ops.maximum(p, 1e-30)) - ops.log(ops.maximum(q, 1e-30))
    return ops.sum(p * logs, axis=-1)
