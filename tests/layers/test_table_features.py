"""TableFeatures: numbers as they are, codes embedded."""

import numpy as np
import pytest
from keras import ops

from mmfusion.layers import TableFeatures


def _layer():
    layer = TableFeatures(1, (3, 4), embedding=2)
    layer.build((None, 4))
    table = np.arange(14, dtype="float32").reshape(7, 2)
    layer.set_weights([table])
    return layer, table


def test_numbers_pass_and_each_category_has_its_own_rows():
    layer, table = _layer()
    y = ops.convert_to_numpy(layer(np.array([[0.5, 1.0, 2.0, 3.0]], "float32")))
    np.testing.assert_array_equal(y[0], [0.5, 1.0, *table[2], *table[3 + 3]])


def test_a_code_that_is_not_known_counts_as_unseen():
    layer, table = _layer()
    x = np.array([[0.0, 0.0, 99.0, -1.0]], "float32")
    y = ops.convert_to_numpy(layer(x))
    np.testing.assert_array_equal(y[0, 2:], [*table[1], *table[3 + 1]])


def test_large_codes_survive_a_bfloat16_policy():
    layer = TableFeatures(0, (400,), embedding=1, dtype="mixed_bfloat16")
    layer.build((None, 1))
    layer.set_weights([np.arange(400, dtype="float32")[:, None] % 7])
    y = layer(np.array([[301.0], [303.0]], "float32"))
    y = ops.convert_to_numpy(ops.cast(y, "float32"))
    np.testing.assert_array_equal(y[:, 0], [301 % 7, 303 % 7])


def test_another_width_is_refused_with_what_was_expected():
    with pytest.raises(ValueError, match="expects 4 columns.*shape"):
        TableFeatures(1, (3, 4))(np.ones((2, 5), "float32"))
