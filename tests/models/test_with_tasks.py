"""Further heads on a model: of the same weights, beside its own."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError


def _model():
    return mm.models.fusion_model(
        {"v": mm.encoders.vector_mlp(3, units=4)},
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(2),
    )


def test_what_it_learns_the_model_knows():
    model = _model()
    both = mm.models.with_tasks(model, [mm.tasks.Classification(5, name="hue")])
    assert (both.main_tasks, list(both.auxiliary)) == (
        model.main_tasks,
        ["hue"],
    )
    x = {"v": np.random.default_rng(0).normal(size=(8, 3))}
    before = model.predict(x, verbose=0)["label"]
    np.testing.assert_array_equal(both.predict(x, verbose=0)["label"], before)
    both.compile(keras.optimizers.SGD(1.0), **mm.tasks.compile_arguments(both))
    both.fit(x, {"label": np.arange(8) % 2, "hue": np.arange(8) % 5}, verbose=0)
    after = model.predict(x, verbose=0)["label"]
    assert not np.allclose(after, before)
    assert list(model.output) == ["label"]


def test_names_and_kinds_are_checked():
    with pytest.raises(ArgumentError, match="label"):
        mm.models.with_tasks(_model(), [mm.tasks.Classification(2)])
    late = mm.models.late_fusion_model(
        {"v": mm.encoders.vector_mlp(3, units=4)},
        mm.decision.AverageDecision(),
        mm.tasks.Classification(2),
    )
    with pytest.raises(ArgumentError, match="fuses decisions"):
        mm.models.with_tasks(late, [mm.tasks.Classification(2, name="hue")])
