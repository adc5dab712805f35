"""Token ids to word vectors, learned from nothing or begun from given ones."""

import keras
import numpy as np

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.layers import initial_weights


@registry.serializable
class WordEmbedding(keras.layers.Embedding):
    """A learned vector for each token id, which may begin as a given one.

        y_bs = E[id_bs]    # (batch, steps, output_dim)

    Parameters: `input_dim * output_dim`.

    A saved model holds the table and needs no file of vectors. Where it went
    on to learn, it holds the given table too, so that a copy with new weights
    (`keras.models.clone_model`, `models.alone`, `from_config`) begins as this
    layer did. From a config alone, in another process, the table is random.

    Args:
        input_dim: int. Number of token ids.
        output_dim: int. Width of the vectors.
        vectors: float array `(input_dim, output_dim)` to begin with, or None:
            random ones. (A config holds its checksum.)
        trainable: bool. Whether the vectors learn, too. Defaults to True.

    Call arguments:
        inputs: int tensor `(batch, steps)`, ids.

    Returns:
        Float tensor `(batch, steps, output_dim)`.

    Raises:
        ArgumentError: If `vectors` has another shape or is not finite.

    Example:

    >>> import numpy as np
    >>> table = np.array([[0, 0], [1, 2], [3, 4]], "float32")
    >>> y = WordEmbedding(3, 2, vectors=table)(np.array([[2, 0]]))
    >>> [[float(v) for v in step] for step in y[0]]
    [[3.0, 4.0], [0.0, 0.0]]
    """

    def __init__(self, input_dim, output_dim, vectors=None, **kwargs):
        super().__init__(input_dim, output_dim, **kwargs)
        if vectors is None or isinstance(vectors, str):
            self._checksum, self._start = (
                vectors,
                initial_weights.recall(vectors),
            )
        else:
            self._begin(_checked(vectors, (input_dim, output_dim)))

    def build(self, input_shape=None):
        if self.built:
            return
        super().build(input_shape)
        if self._start is not None and not self.quantization_mode:
            self._embeddings.assign(self._start.arrays[0])

    def get_config(self):
        return {**super().get_config(), "vectors": self._checksum}

    def save_own_variables(self, store):
        super().save_own_variables(store)
        if self._start is None or not self.built:
            return
        now = keras.ops.convert_to_numpy(self._embeddings)
        (given,) = self._start.arrays
        if not np.array_equal(now, given):
            store["given"] = given

    def load_own_variables(self, store):
        entries = {key: store[key] for key in store.keys()}
        given = entries.pop("given", entries.get("0"))
        super().load_own_variables(entries)
        if self._checksum and self._start is None:
            start = initial_weights.keep(
                [np.array(given, "float32", order="C")]
            )
            # An older file of weights may hold what was learned, only.
            if start.checksum == self._checksum:
                self._start = start

    def _begin(self, table):
        self._start = initial_weights.keep([table])
        self._checksum = self._start.checksum


def _checked(vectors, shape):
    if isinstance(vectors, (str, bytes)):
        vectors = None
    try:
        table = np.array(vectors, "float32", order="C")  # A copy.
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.shape != shape:
        raise ArgumentError(
            f"`WordEmbedding` expects `vectors` to be an array of shape "
            f"{shape}, a row for each token id. Received: shape={table.shape}."
        )
    if not np.isfinite(table).all():
        raise ArgumentError(
            "`WordEmbedding` expects `vectors` to be finite. Received: NaN or "
            f"infinity in {(~np.isfinite(table)).any(axis=1).sum()} rows."
        )
    return table
