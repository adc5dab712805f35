"""What FiLM and hypernetworks share: each modality seen through the others."""

import keras
from keras import ops

from mmfusion import checks
from mmfusion.fusion.base import Fusion
from mmfusion.ops import masked_mean


class ConditionedFusion(Fusion):
    """One modality, or each, is transformed as the others say.

    A subclass writes `build_target(name, dim, context_dim)` and
    `condition(name, x, context)`, which gives `(batch, units)`; `context` is
    the others side by side, zeros where absent, or None where there are none.

        y_m   = condition(e_m, [e_n: n != m])
        fused = f(mean_m y_m)    # over the targets that are present
    """

    def __init__(self, units, target=None, activation="relu", **kwargs):
        super().__init__(**kwargs)
        who = type(self).__name__
        checks.check_positive(who, units=units)
        if target is not None:
            checks.check_modality_name(target)
        self.units = units
        self.target = target
        self.activation = checks.check_activation(who, activation)

    def build(self, input_shape):
        super().build(input_shape)
        names = self.modalities
        # Alone, a modality is its own target.
        if self.target is not None and len(names) > 1:
            checks.check_choice(
                type(self).__name__, "target", self.target, names
            )
            names = (self.target,)
        self.targets = names
        total = sum(input_shape[name][-1] for name in self.modalities)
        for name in names:
            dim = input_shape[name][-1]
            self.build_target(name, dim, total - dim)

    def dense(self, name, units, dim, **options):
        """A `Dense` of `units`, built for embeddings of `dim`."""
        layer = keras.layers.Dense(
            units, dtype=self.dtype_policy, name=name, **options
        )
        layer.build((None, dim))
        return layer

    def fuse(self, inputs, present, masks):
        places = [self.modalities.index(name) for name in self.targets]
        seen = []
        for i in places:
            others = inputs[:i] + inputs[i + 1 :]
            context = ops.concatenate(others, axis=-1) if others else None
            seen.append(self.condition(self.modalities[i], inputs[i], context))
        if self.target is not None:
            return self.activation(seen[0])
        # (batch, M, units); nothing present gives f(0).
        return self.activation(masked_mean(ops.stack(seen, axis=1), present))

    def get_config(self):
        return {
            **super().get_config(),
            "units": self.units,
            "target": self.target,
            "activation": keras.activations.serialize(self.activation),
        }
