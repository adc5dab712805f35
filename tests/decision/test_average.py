"""AverageDecision: the mean of what is there."""

import numpy as np
from keras import ops

from mmfusion.decision import AverageDecision

P = {
    "a": np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1]]),
    "b": np.array([[0.5, 0.5], [0.2, 0.8], [np.nan, np.nan]]),
}


def test_mean_of_what_is_there_and_chance_of_nothing():
    present = {
        "a": np.array([True, False, False]),
        "b": np.array([True, True, False]),
    }
    answer = ops.convert_to_numpy(AverageDecision()(P, present))
    np.testing.assert_allclose(
        answer, [[0.7, 0.3], [0.2, 0.8], [0.5, 0.5]], rtol=1e-6
    )
