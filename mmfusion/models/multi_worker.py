"""Two hooks that let `fit` run under MultiWorkerMirroredStrategy."""

from keras import ops, tree


def _multi_worker(strategy):
    mode = getattr(
        getattr(strategy, "extended", None), "_in_multi_worker_mode", None
    )
    return bool(mode and mode())


class MultiWorkerHooks:
    """Mix-in for a `keras.Model`; does nothing without several workers.

    Keras 3.15 stops in `fit` with several workers: it reduces a whole dict of
    per-replica values at once to build the model, and it averages scalar logs
    over an axis that they do not have.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        strategy = getattr(self, "_distribute_strategy", None)
        if iterator is not None and _multi_worker(strategy):
            for _, _, batches in iterator:
                data_batch = tree.map_structure(
                    lambda v: strategy.experimental_local_results(v)[0],
                    next(batches),
                )
                break
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
