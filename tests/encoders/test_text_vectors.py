"""text_vectors: the mean of the tokens' vectors; given vectors in all."""

import numpy as np
import pytest

from mmfusion import encoders
from mmfusion.encoders import text_vectors
from mmfusion.errors import ArgumentError

TABLE = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
OF_IDS = ("text_cnn", "text_gru", "text_transformer", "text_vectors")


def test_it_is_the_formula():
    encoder = text_vectors(6, 4, units=2, hidden=(5,), vectors=TABLE)
    _, kernel, bias, last, shift = encoder.get_weights()
    x = np.array([[2, 3, 5, 0], [1, 0, 0, 0]], "int32")
    means = np.stack([TABLE[[2, 3, 5]].mean(0), TABLE[1]])
    expected = np.maximum(means @ kernel + bias, 0)
    expected = np.maximum(expected @ last + shift, 0)
    np.testing.assert_allclose(np.asarray(encoder(x)), expected, atol=1e-5)


@pytest.mark.parametrize("name", OF_IDS)
def test_given_vectors_learn_or_stay(name):
    x = np.array([[2, 3, 0], [4, 5, 2]], "int32")
    for trainable in (True, False):
        encoder = getattr(encoders, name)(
            6, length=3, units=32, vectors=TABLE, trainable=trainable
        )
        np.testing.assert_array_equal(encoder.layers[1].get_weights()[0], TABLE)
        target = np.random.default_rng(1).normal(size=(2, 32))
        encoder.compile("sgd", loss="mse")
        encoder.fit(x, target, verbose=0)
        learned = encoder.layers[1].get_weights()[0]
        assert np.array_equal(learned, TABLE) is not trainable


@pytest.mark.parametrize("name", OF_IDS)
@pytest.mark.parametrize(
    "vectors, message",
    [
        (np.ones((5, 3)), r"shape \(6, dim\).*Received: shape=\(5, 3\)"),
        (np.ones((6, 0)), r"Received: shape=\(6, 0\)"),
        (np.ones(6), r"Received: shape=\(6,\)"),
        ("glove.txt", "Text.word_vectors"),
        ([["a"]] * 6, "shape"),
        (np.full((6, 3), np.nan), "finite.*6 rows"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(name, vectors, message):
    with pytest.raises(ArgumentError, match=message):
        getattr(encoders, name)(6, length=3, vectors=vectors)


def test_random_vectors_are_not_frozen():
    with pytest.raises(ArgumentError, match="random ones would stay"):
        text_vectors(6, trainable=False)
