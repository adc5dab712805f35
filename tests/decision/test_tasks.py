"""Decisions about labels and numbers: meant so, or refused."""

import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from mmfusion.errors import ArgumentError
from tests.conformance.cases import DECISIONS

NAMES = ("audio", "image")
TASKS = {
    "labels": lambda: mm.tasks.MultiLabel(["a", "b", "c"]),
    "values": lambda: mm.tasks.Regression(30.0, 5.0),
}
WIDTHS = {"labels": 3, "values": 1}
ALLOWED = {
    "labels": {"average", "weighted", "maximum"},
    "values": {"average", "weighted"},
}
PLAIN = [case for case in DECISIONS if not case.variant]


def _fused(decision, gives):
    """Rows with both, either and nothing; what goes in and what comes out."""
    random = np.random.default_rng(0)
    shape = (2, 4, WIDTHS[gives])
    x = random.uniform(0.05, 0.95, shape).astype("float32")
    present = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], bool)
    y = decision(
        dict(zip(NAMES, x, strict=True)),
        present=dict(zip(NAMES, present, strict=True)),
    )
    return x, ops.convert_to_numpy(y)


@pytest.mark.parametrize("gives", TASKS)
@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.name)
def test_what_has_no_meaning_is_refused_when_the_model_is_made(case, gives):
    encoders = {n: mm.encoders.vector_mlp(2, units=2, name=n) for n in NAMES}
    task = TASKS[gives]()
    if case.name in ALLOWED[gives]:
        model = mm.models.late_fusion_model(encoders, case.create(), task)
        assert tuple(model.output["label"].shape) == (None, WIDTHS[gives])
        return
    with pytest.raises(ArgumentError, match=f"which gives {gives}. Use") as e:
        mm.models.late_fusion_model(encoders, case.create(), task)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize("gives", TASKS)
def test_means_are_of_what_is_present_and_chance_is_the_tasks(gives):
    task = TASKS[gives]()
    chance = {"labels": 0.5, "values": 30.0}[gives]
    average = mm.decision.AverageDecision().deciding(task)
    weighted = mm.decision.WeightedDecision().deciding(task)
    x, y = _fused(average, gives)
    expected = [x.mean(0)[0], x[0, 1], x[1, 2], [chance] * WIDTHS[gives]]
    np.testing.assert_allclose(y, expected, rtol=1e-6)
    _fused(weighted, gives)
    weighted.scores.assign([0.0, np.log(3.0)])
    x, y = _fused(weighted, gives)
    expected[0] = 0.25 * x[0, 0] + 0.75 * x[1, 0]
    np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_the_largest_probability_of_a_label_stays_what_it_is():
    decision = mm.decision.MaximumDecision().deciding(TASKS["labels"]())
    x, y = _fused(decision, "labels")
    expected = [x.max(0)[0], x[0, 1], x[1, 2], [0.5] * 3]
    np.testing.assert_allclose(y, expected, rtol=1e-6)


def test_what_is_decided_is_part_of_the_config():
    decision = mm.decision.AverageDecision().deciding(TASKS["values"]())
    again = type(decision).from_config(decision.get_config())
    assert (again.gives, again.chance) == ("values", 30.0)
    plain = mm.decision.AverageDecision()
    assert plain.deciding(mm.tasks.Classification(2)) is plain
    assert "gives" not in plain.get_config()


def test_each_task_of_a_model_gets_a_decision_for_it():
    encoders = {n: mm.encoders.vector_mlp(2, units=2, name=n) for n in NAMES}
    model = mm.models.late_fusion_model(
        encoders,
        mm.decision.AverageDecision(),
        [
            mm.tasks.Classification(2),
            mm.tasks.MultiLabel(3, name="tags"),
            mm.tasks.Regression(30.0, 5.0, name="price"),
        ],
        optional=NAMES,
    )
    x = {n: np.full((1, 2), np.nan, "float32") for n in NAMES}
    x |= {f"{n}_present": np.zeros(1, bool) for n in NAMES}
    for made in (model, mm.models.FusionModel.from_config(model.get_config())):
        y = made.predict_on_batch(x)
        np.testing.assert_allclose(y["label"], [[0.5, 0.5]])
        np.testing.assert_allclose(y["tags"], [[0.5] * 3])
        np.testing.assert_allclose(y["price"], [[30.0]])
