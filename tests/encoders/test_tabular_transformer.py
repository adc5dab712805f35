"""Tables: missing and unseen values are learned, by both encoders."""

import keras
import numpy as np
import pytest

from mmfusion.encoders import tabular_mlp, tabular_transformer

# One number, its flag, one category of 4 codes.
MEAN, MISSING = [0.0, 0.0, 2.0], [0.0, 1.0, 2.0]
MAKERS = {
    "mlp": lambda: tabular_mlp(1, (4,), units=16),
    "transformer": lambda: tabular_transformer(
        1, (4,), units=16, embedding=8, num_heads=2
    ),
}
every_encoder = pytest.mark.parametrize("name", sorted(MAKERS))


def _answers(name, *rows):
    keras.utils.set_random_seed(3)
    return np.asarray(MAKERS[name]()(np.array(rows, "float32")))


@every_encoder
def test_a_missing_number_is_not_the_mean(name):
    mean, missing = _answers(name, MEAN, MISSING)
    assert not np.allclose(mean, missing, atol=1e-4)


@every_encoder
def test_a_missing_category_is_not_an_unseen_one(name):
    missing, unseen, beyond, below = _answers(
        name, [0.5, 0, 0], [0.5, 0, 1], [0.5, 0, 99], [0.5, 0, -3]
    )
    assert not np.allclose(missing, unseen, atol=1e-4)
    np.testing.assert_allclose(beyond, unseen, atol=1e-6)
    np.testing.assert_allclose(below, unseen, atol=1e-6)


@every_encoder
def test_what_a_missing_value_means_is_learned(name):
    keras.utils.set_random_seed(3)
    encoder = MAKERS[name]()
    model = keras.Sequential([encoder, keras.layers.Dense(1)])
    x = np.array([MEAN, MISSING, [0, 0, 0], [0, 1, 0]], "float32")
    # Only one number and one category missing, but not both: not a sum.
    y = np.array([[0.0], [1.0], [1.0], [0.0]])
    model.compile(keras.optimizers.Adam(0.01), loss="mse")
    # A hundred steps in one epoch, which is quicker than a hundred epochs.
    many = np.tile(x, (800, 1)), np.tile(y, (800, 1))
    model.fit(*many, batch_size=32, shuffle=False, verbose=0)
    np.testing.assert_allclose(np.asarray(model(x)), y, atol=0.2)


def test_the_content_of_a_missing_number_changes_nothing():
    given, nan, large = _answers(
        "transformer", MISSING, [np.nan, 1.0, 2.0], [1e30, 1.0, 2.0]
    )
    np.testing.assert_allclose(given, nan, atol=1e-6)
    np.testing.assert_allclose(given, large, atol=1e-6)


def test_the_first_block_sees_tokens_that_are_not_normalised():
    encoder = tabular_transformer(2, (4,), embedding=8, num_heads=2)
    kinds = [type(layer).__name__ for layer in encoder.layers]
    norm, attention = "LayerNorm", "MultiHeadAttention"
    assert kinds.index(attention) < kinds.index(norm)
    assert kinds.count(attention) == 2  # Blocks of two parts each, and a last
    assert kinds.count(norm) == 2 * 2 - 1 + 1  # normalisation.


def test_columns_are_the_steps_of_its_sequence():
    encoder = tabular_transformer(2, (4, 3), units=6, pool=None)
    assert encoder.output["sequence"].shape == (None, 4, 6)
    with pytest.raises(ValueError, match="at least"):
        tabular_transformer(0)
    with pytest.raises(ValueError, match="divide `embedding`, 64.*5"):
        tabular_transformer(1, num_heads=5)
