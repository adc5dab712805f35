"""Decisions compare like with like."""

import numpy as np
import pytest

from mmfusion.decision import AverageDecision


def test_different_classes_are_refused():
    p = {"a": np.full((1, 2), 0.5), "b": np.full((1, 3), 1 / 3)}
    with pytest.raises(ValueError, match="same classes.*'a': 2, 'b': 3"):
        AverageDecision()(p)
