"""Hooks that let `fit` run well under the strategies of `tf.distribute`."""

from keras import ops, tree


def _multi_worker(strategy):
    mode = getattr(
        getattr(strategy, "extended", None), "_in_multi_worker_mode", None
    )
    return bool(mode and mode())


def _one_replica(spec):
    """What one replica gets of a tensor."""
    return getattr(spec, "_value_specs", (spec,))[0]


class MultiWorkerHooks:
    """Mix-in for a `keras.Model`; does nothing without a strategy.

    Under a `tf.distribute` strategy Keras 3.15 draws a batch to build the
    model, so that the first epoch would be the data set's second pass. With
    several workers it stops in `fit`: it reduces a whole dict of per-replica
    values at once to build the model, and it averages scalar logs over an
    axis that they do not have.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        strategy = getattr(self, "_distribute_strategy", None)
        if iterator is not None and strategy is not None:
            data_batch = tree.map_structure(
                _one_replica, iterator._distributed_dataset.element_spec
            )
            iterator = None
        return super()._maybe_symbolic_build(
            iterator=iterator, data_batch=data_batch
        )

    def train_step(self, *args, **kwargs):
        return self._as_vectors(super().train_step(*args, **kwargs))

    def test_step(self, *args, **kwargs):
        return self._as_vectors(super().test_step(*args, **kwargs))

    def _as_vectors(self, logs):
        if not _multi_worker(getattr(self, "_distribute_strategy", None)):
            return logs
        return tree.map_structure(lambda v: ops.reshape(v, [1]), logs)
