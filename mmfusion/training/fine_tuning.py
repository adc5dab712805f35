"""Trained encoders, trained further: slowly below, late below."""

import keras

from mmfusion import checks, registry
from mmfusion.layers import Pretrained
from mmfusion.training.method import Method
from mmfusion.training.plan import Plan


class FineTuning(Method):
    """Gradual unfreezing, and learning rates that fall towards the input.

    What trained encoders know is general near their inputs and special near
    their outputs. Parts near the inputs learn slower, and later:

        rate of the k-th part from the top = rate / decay^(k - 1)
        it learns from epoch `every (k - 1)` on

    The layers with weights of each encoder, those of a network within it, too,
    are cut into `parts` parts of about as many layers each; fusion and heads
    have the rate of the optimizer. A frozen layer keeps its moving statistics,
    too. Weight decay that an optimizer applies by itself goes at the
    optimizer's rate.

    Args:
        model: a `FusionModel`.
        decay: float, 1 or more; 1 gives all parts the same rate. Defaults to
            2.6.
        every: int. Epochs after which one part more of each encoder learns;
            0 lets all learn from the start. Defaults to 0.
        parts: int. At most so many for each encoder. Defaults to 4.
        name: str. Defaults to the name of the model.

    Example:

    >>> import mmfusion as mm
    >>> model = mm.models.fusion_model(
    ...     {"a": mm.encoders.vector_mlp(3, units=4, hidden=(5,))},
    ...     mm.fusion.ConcatFusion(4),
    ...     mm.tasks.Classification(2),
    ... )
    >>> method = FineTuning(model, decay=2.0)
    >>> method.compile("adam")
    >>> sorted(set(method.rates()))
    [0.5, 1.0]

    Reference:
        - [Howard and Ruder, 2018](https://arxiv.org/abs/1801.06146), for a
          language model of four layers; 2.6 is theirs.
    """

    def __init__(self, model, decay=2.6, every=0, parts=4, name=None, **kwargs):
        super().__init__(model, name, **kwargs)
        checks.check_range("FineTuning", "decay", decay, 1, 100)
        checks.check_range("FineTuning", "every", every, 0, 10**6)
        checks.check_positive("FineTuning", parts=parts)
        self.decay = decay
        self.every = every
        self._ladders = [_ladder(e, parts) for e in _encoders(model)]

    def rates(self):
        """What the learning rate of each variable is multiplied by.

        A layer that two encoders share has the larger of both rates.

        Returns:
            List of floats, in the order of the model's `trainable_variables`.
        """
        own = {}
        for ladder in self._ladders:
            for k, layer in _numbered(ladder):
                for variable in layer.trainable_variables:
                    last = own.get(id(variable), 0.0)
                    own[id(variable)] = max(self.decay**-k, last)
        return [own.get(id(v), 1.0) for v in self.model.trainable_variables]

    def compile(self, optimizer="rmsprop", **kwargs):
        optimizer = keras.optimizers.get(optimizer)
        variables = map(id, self.model.trainable_variables)
        factors = dict(zip(variables, self.rates(), strict=True))
        super().compile(optimizer=_with_rates(optimizer, factors), **kwargs)

    def fit(self, x=None, y=None, *args, callbacks=None, **kwargs):
        callbacks = list(callbacks or [])
        if self.every:
            callbacks.insert(0, _Unfreezing(self))
        return super().fit(x, y, *args, callbacks=callbacks, **kwargs)


def _encoders(model):
    names = {part["encoder"] for part in model.modalities.values()}
    return [model.get_layer(name) for name in sorted(names)]


def _ladder(encoder, parts):
    """The layers with weights in parts, from the output down: lists."""
    layers = [layer for layer in _leaves(encoder) if layer.weights][::-1]
    size, more = divmod(len(layers), parts)
    found, at = [], 0
    for part in range(min(parts, len(layers))):
        end = at + size + (part < more)
        found.append(layers[at:end])
        at = end
    return found


def _leaves(network):
    """The layers of a network, those of networks within it in their place."""
    for layer in network.layers:
        inner = layer.backbone if isinstance(layer, Pretrained) else layer
        if isinstance(inner, keras.Model):
            yield from _leaves(inner)
        else:
            yield layer


def _numbered(ladder):
    """Each layer with the number of its part."""
    return [(k, layer) for k, part in enumerate(ladder) for layer in part]


class _Rates:
    """Part of an optimizer: a factor on the learning rate of each variable."""

    rate_factors = {}

    def update_step(self, gradient, variable, learning_rate):
        # What comes may be the variable of the backend, which has no path.
        known = self._trainable_variables[self._get_variable_index(variable)]
        factor = self.rate_factors[id(known)]
        super().update_step(gradient, variable, learning_rate * factor)


def _with_rates(optimizer, factors):
    """A new optimizer of the same settings, with a factor for each variable."""
    base = type(optimizer)
    scaled = type(f"Scaled{base.__name__}", (_Rates, base), {})
    found = scaled.from_config(optimizer.get_config())
    found.rate_factors = factors
    return found


class _Unfreezing(keras.callbacks.Callback):
    """Lets one part more of each encoder learn, every so many epochs."""

    def __init__(self, method):
        super().__init__()
        self.method = method
        self.were = {}

    def on_train_begin(self, logs=None):
        # It must know all variables that will learn sometime.
        self.method.optimizer.build(self.method.trainable_variables)
        self.were = {
            layer: layer.trainable
            for ladder in self.method._ladders
            for _, layer in _numbered(ladder)
        }

    def on_epoch_begin(self, epoch, logs=None):
        if epoch % self.method.every and epoch:
            return
        reached = epoch // self.method.every + 1
        learning = set()
        for ladder in self.method._ladders:
            learning |= {id(x) for k, x in _numbered(ladder) if k < reached}
        for layer, trainable in self.were.items():
            layer.trainable = trainable and id(layer) in learning
        # The graph of a step has the variables that learn in it.
        self.method.make_train_function(force=True)

    def on_train_end(self, logs=None):
        for layer, trainable in self.were.items():
            layer.trainable = trainable


@registry.register("method", "fine_tuning")
def fine_tuning(model, data, rules, decay=2.6, every=0, parts=4):
    """`FineTuning`, by its name in a recipe."""
    return Plan(FineTuning(model, decay, every, parts), data)
