"""TableTokens: its formula, column by column."""

import numpy as np
import pytest
from keras import ops

from mmfusion.layers import TableTokens


def test_each_column_has_its_token():
    layer = TableTokens(2, (3, 4), embedding=2, readout=True)
    layer.build((None, 6))
    random = np.random.default_rng(0)
    weights = {
        weight.name: random.normal(size=weight.shape).astype("float32")
        for weight in layer.weights
    }
    layer.set_weights([weights[weight.name] for weight in layer.weights])
    # The second number is missing; the last code is not known: unseen, 1.
    x = np.array([[0.5, np.nan, 0.0, 1.0, 2.0, 9.0]], "float32")
    bias, table = weights["bias"], weights["table"]
    expected = [
        weights["first"][0],
        bias[0] + 0.5 * weights["scale"][0],
        bias[1] + weights["missing"][1],
        bias[2] + table[2],
        bias[3] + table[3 + 1],
    ]
    y = ops.convert_to_numpy(layer(x))
    np.testing.assert_allclose(y[0], expected, atol=1e-6)


def test_a_table_without_columns_is_refused():
    with pytest.raises(ValueError, match="a number or a category at least"):
        TableTokens(0)
    with pytest.raises(ValueError, match="expects 3 columns.*shape"):
        TableTokens(1, (3,))(np.ones((2, 5), "float32"))
