"""The model: a functional Keras model that knows its modalities and tasks."""

import inspect

import keras
from keras import ops

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.models import fewer_steps
from mmfusion.models import inputs as given
from mmfusion.models.multi_worker import MultiWorkerHooks


@registry.serializable
class FusionModel(MultiWorkerHooks, keras.Model):
    """A functional model that knows its modalities and its tasks.

    An input it does not know is an error (Keras would silently shift the
    data); an optional modality may be left out; a missing flag means that the
    modality is there; an output whose target is not given learns from the
    target that its task names. A batch of a text of ids, or of steps with a
    mask, may be cut to its longest row. Everything else is plain Keras.
    `fusion_model` and `late_fusion_model` make one.

    Args:
        *args: inputs and outputs, dicts by name, as `keras.Model` takes them.
        modalities: dict of modality name to a dict of `"inputs"` (names of
            its inputs), `"flag"` (name of its flag, None where it is not
            optional) and `"encoder"` (name of its layer).
        fusion: str or None. Name of the layer that gives the fused embedding.
        auxiliary: names of the outputs that only help to train.
        alignment: names of the layers of alignment, in order.
        **kwargs: as `keras.Model` takes them.
    """

    def __init__(
        self,
        *args,
        modalities=None,
        fusion=None,
        auxiliary=(),
        alignment=(),
        **kwargs,
    ):
        if modalities is None:  # As `keras.models.clone_model` calls it.
            raise ArgumentError(
                "`FusionModel` expects `modalities`. To copy a model with new "
                "weights use `FusionModel.from_config(model.get_config())`."
            )
        super().__init__(*args, **kwargs)
        self.modalities = modalities
        self.fusion = fusion
        self.auxiliary = list(auxiliary)
        self.alignment = list(alignment)
        fewer_steps.allow(self)

    def get_config(self):
        return {
            **super().get_config(),
            "modalities": self.modalities,
            "fusion": self.fusion,
            "auxiliary": self.auxiliary,
            "alignment": self.alignment,
        }

    @property
    def tasks(self):
        """The task that makes each output, by its name."""
        return {name: self.get_layer(name) for name in self.output}

    @property
    def main_tasks(self):
        """The tasks whose outputs are the answer, by name."""
        return {
            name: task
            for name, task in self.tasks.items()
            if name not in self.auxiliary
        }

    @property
    def optional(self):
        """Names of the modalities that a row may come without, sorted."""
        return tuple(
            name
            for name, part in sorted(self.modalities.items())
            if part["flag"]
        )

    def embed(self, x, batch_size=256):
        """The fused embedding of each row.

        Args:
            x: dict of arrays, or a data set, as `predict` takes them.
            batch_size: int. Rows at a time, for arrays.

        Returns:
            NumPy array `(rows, units)`.

        Raises:
            ArgumentError: If decisions are fused and not embeddings.
        """
        if self.fusion is None:
            raise ArgumentError(
                f"`{self.name}` fuses decisions and has no fused embedding. "
                "Use `fusion_model` for one."
            )
        layer = self.get_layer(self.fusion)
        embedder = FusionModel(
            self.input, {layer.name: layer.output}, modalities=self.modalities
        )
        return embedder.predict(x, batch_size=batch_size, verbose=0)[layer.name]

    # Names are checked before Keras starts: on JAX an exception inside a step
    # leaves the model without its variables.
    def fit(self, *args, **kwargs):
        bound = inspect.signature(keras.Model.fit).bind(self, *args, **kwargs)
        arguments = dict(bound.arguments)
        del arguments["self"]
        x, y = arguments.get("x"), arguments.get("y")
        given.check_data(self, x, y)
        held = arguments.get("validation_data")
        held = held if isinstance(held, (tuple, list)) else (held,)
        given.check_data(self, *held[:2])
        if self.compiled:
            self.fit_settings = given.fit_settings(self, x, arguments)
        if hasattr(x, "element_spec"):
            # Keras warns on every data set that it will not shuffle it.
            arguments.setdefault("shuffle", False)
        return super().fit(**arguments)

    def evaluate(self, x=None, y=None, *args, **kwargs):
        given.check_data(self, x, y)
        return super().evaluate(x, y, *args, **kwargs)

    def predict(self, x, *args, **kwargs):
        given.check_data(self, x)
        return super().predict(x, *args, **kwargs)

    def __call__(self, inputs, *args, **kwargs):
        return super().__call__(self.complete(inputs), *args, **kwargs)

    def call(self, inputs, training=None, mask=None):  # JAX trains through it.
        return super().call(self.complete(inputs), training=training, mask=mask)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        return super().compute_loss(
            x,
            given.by_output(self, y),
            y_pred,
            given.by_output(self, sample_weight),
            training,
        )

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        return super().compute_metrics(
            x,
            given.by_output(self, y),
            y_pred,
            given.by_output(self, sample_weight),
        )

    def complete(self, inputs):
        """All inputs, with zeros and a flag for what was left out."""
        given.check_names(self, inputs)
        missing = {t.name: t for t in self.inputs if t.name not in inputs}
        if not missing:
            return inputs
        batch = ops.shape(next(iter(inputs.values())))[0]
        # Keras takes no tensors beside arrays.
        complete = {
            name: x if _is_tensor(x) else ops.convert_to_tensor(x)
            for name, x in inputs.items()
        }
        for part in self.modalities.values():
            here = any(key in inputs for key in part["inputs"])
            if part["flag"] in missing:
                complete[part["flag"]] = ops.full((batch,), here, dtype="bool")
            for key in part["inputs"]:
                if key in missing:
                    shape, dtype = missing[key].shape[1:], missing[key].dtype
                    complete[key] = ops.zeros((batch, *shape), dtype=dtype)
        return complete


def _is_tensor(x):
    return ops.is_tensor(x) or isinstance(x, keras.KerasTensor)
