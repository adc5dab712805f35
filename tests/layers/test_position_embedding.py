"""PositionEmbedding: the same for every row, another for every place."""

import numpy as np
import pytest
from keras import KerasTensor, ops

from mmfusion.errors import ArgumentError
from mmfusion.layers import PositionEmbedding


def test_it_adds_one_vector_for_each_place():
    layer = PositionEmbedding()
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    added = ops.convert_to_numpy(layer(x)) - x
    np.testing.assert_allclose(added[0], added[1], atol=1e-6)
    np.testing.assert_allclose(
        added[0], np.asarray(layer.get_weights()[0]), atol=1e-6
    )
    assert len({tuple(np.round(row, 5)) for row in added[0]}) == 3


def test_an_unknown_number_of_steps_is_refused():
    with pytest.raises(ArgumentError, match="fixed number of steps"):
        PositionEmbedding()(KerasTensor((None, None, 4)))


def test_fewer_steps_stand_at_the_first_places():
    layer = PositionEmbedding()
    x = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")
    whole = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(layer(x[:, :3])), whole[:, :3]
    )
