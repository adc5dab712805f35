"""Modalities that are there are taken away at random, in training."""

import keras
from keras import ops

from mmfusion import checks, registry


@registry.serializable
class ModalityDropout(keras.layers.Layer):
    """Says of a modality that is there that it is absent, at random.

    A model that is trained so learns to answer without a modality, and nothing
    is retrained when one is missing. Only the flags change: what
    follows does with such a row what it does with one that came without.

        flag_m = present_m and u_m >= rate,  u_m uniform in [0, 1)

    One at least stays: where all would go, the one with the largest u that is
    there does not. Nothing is scaled. Without training nothing changes.

    Args:
        rate: float in `[0, 1)`. How likely each modality is taken away.
        keep_one: bool. Whether one of these modalities stays at least. False
            where a row has others beside them. Defaults to True.
        seed: int or None. Of the random numbers.

    Call arguments:
        present: dict of modality name to bool tensor `(batch,)`.
        training: bool, or None.

    Returns:
        Dict of the same names and shapes.

    Raises:
        ArgumentError: If `rate` is not in its range.

    Example:

    >>> import numpy as np
    >>> flags = {"a": np.array([True, False]), "b": np.array([True, True])}
    >>> kept = ModalityDropout(0.9)(flags, training=True)
    >>> [bool(a or b) for a, b in zip(kept["a"], kept["b"])]
    [True, True]

    Reference:
        - [Neverova et al., 2016](https://arxiv.org/abs/1501.00102), ModDrop;
          the flags, and the one that stays, are ours.
    """

    def __init__(self, rate, keep_one=True, seed=None, **kwargs):
        super().__init__(**kwargs)
        checks.check_range("ModalityDropout", "rate", rate, 0, 0.99)
        checks.check_choice(
            "ModalityDropout", "keep_one", keep_one, (True, False)
        )
        self.rate = rate
        self.keep_one = keep_one
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, present, training=None):
        if not training or not self.rate:
            return {
                name: ops.convert_to_tensor(flag, dtype="bool")
                for name, flag in present.items()
            }
        names = sorted(present)
        here = ops.stack(
            [ops.cast(present[name], "bool") for name in names], axis=1
        )
        u = keras.random.uniform(
            ops.shape(here), dtype="float32", seed=self.generator
        )
        kept = here & (u >= self.rate)
        if self.keep_one:
            last = ops.argmax(ops.where(here, u, -1.0), axis=1)
            one = ops.cast(ops.one_hot(last, len(names)), "bool") & here
            kept = ops.where(ops.any(kept, axis=1, keepdims=True), kept, one)
        return {name: kept[:, i] for i, name in enumerate(names)}

    def compute_output_spec(self, present, training=None):
        return {
            name: keras.KerasTensor(flag.shape, dtype="bool")
            for name, flag in present.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "rate": self.rate,
            "keep_one": self.keep_one,
            "seed": self.seed,
        }
