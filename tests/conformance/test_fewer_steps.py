"""A row cut to what it has gives what it gave with padding behind it."""

import keras
import numpy as np
import pytest
from keras import tree

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.models import fewer_steps
from tests.conformance.cases import ENCODERS
from tests.conformance.test_models import EVERY, build, data, takes_steps

# Whose patches, or neighbouring frames, are of a number of steps.
CANNOT = {"audio_transformer", "video_cnn3d"}


def _names(encoder):
    return fewer_steps.step_inputs({x.name: x for x in encoder.inputs}, "mask")


def _has_steps(case):
    inputs = case.inputs()
    if isinstance(inputs, dict):
        return "mask" in inputs
    return inputs.ndim == 2 and inputs.dtype.kind == "i"


with_steps = pytest.mark.parametrize(
    "case",
    [c for c in ENCODERS if _has_steps(c) and c.name not in CANNOT],
    ids=str,
)


def _padded(case, steps):
    """Inputs of a case, with nothing from some step on."""
    inputs = case.inputs()
    if not isinstance(inputs, dict):
        inputs = np.maximum(inputs, 1)
        inputs[:, steps:] = 0
        inputs[1, 1:] = 0
        return inputs
    inputs = {key: x.copy() for key, x in inputs.items()}
    inputs["mask"][:, steps:] = False
    for key in inputs:
        inputs[key][:, steps:] = 0
    return inputs


@with_steps
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
def test_padding_behind_the_end_changes_nothing(case):
    encoder = case.model()
    names = _names(encoder)
    assert names == [x.name for x in encoder.inputs]
    fewer_steps.allow_encoder(encoder)
    most = encoder.inputs[0].shape[1]
    for steps in range(1, most):
        padded = _padded(case, steps)
        cut = tree.map_structure(lambda x, n=steps: x[:, :n], padded)
        expected, found = (
            tree.map_structure(keras.ops.convert_to_numpy, encoder(x))
            for x in (padded, cut)
        )
        if isinstance(expected, dict):
            mask = found["mask"]
            given = mask.shape[1]
            np.testing.assert_array_equal(expected["mask"][:, :given], mask)
            assert not expected["mask"][:, given:].any()
            expected = expected["sequence"][:, :given][mask]
            found = found["sequence"][mask]
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "case",
    [c for c in ENCODERS if c.name in CANNOT and _has_steps(c)],
    ids=str,
)
def test_what_cannot_is_refused(case):
    encoder = case.model()
    with pytest.raises(ArgumentError, match="fewer steps of 'it'.*its encoder"):
        fewer_steps.check_fewer(_model(encoder), ["it"])


def _model(encoder):
    return mm.models.fusion_model(
        {"it": encoder},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )


@pytest.mark.parametrize(
    "case",
    [case for case in EVERY if case.kind == "fusion" and takes_steps(case)],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:You are using a softmax over axis")
def test_a_fusion_of_steps_answers_the_same_for_fewer(case):
    model = build(case)
    x, _ = data(case)
    rows = x["words_mask"].sum(axis=1) < 3
    x = {key: value[rows] for key, value in x.items()}
    cut = {
        key: value[:, :2] if key.startswith("words") else value
        for key, value in x.items()
    }
    whole, found = (np.asarray(model(given)["label"]) for given in (x, cut))
    np.testing.assert_allclose(found, whole, rtol=1e-4, atol=1e-5)
