"""Distillation: the formula; the teacher stays, the student sees less."""

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Distillation
from tests.training import small


def _softened(p, temperature):
    q = p ** (1 / temperature)
    return q / q.sum(1, keepdims=True)


@pytest.mark.parametrize("weight", [0.0, 0.6, 1.0])
def test_the_loss_is_the_formula(weight):
    teacher = small.model(auxiliary=False)
    student = mm.models.alone(teacher, "a")
    x, y, weights = small.rows()
    taught = _softened(small.probabilities(teacher, x)["label"], 3.0)
    own = small.probabilities(student, {"a": x["a"]})["label"]
    p = _softened(own, 3.0)
    told = 9.0 * (taught * np.log(taught / p)).sum(1)
    labels = small.log_losses(own, y["label"])
    expected = (((1 - weight) * labels + weight * told) * weights).mean()
    method = Distillation(student, teacher, weight, temperature=3.0)
    loss = small.training_loss(method, x, y, weights)
    np.testing.assert_allclose(loss, expected, rtol=1e-4)


def test_the_teacher_stays_and_the_student_comes_near():
    teacher = small.model(auxiliary=False)
    student = mm.models.alone(teacher, "a")
    x, y, _ = small.rows()
    head = teacher.get_layer("label")
    head.set_weights([8 * weight for weight in head.get_weights()])
    x["b_present"][:] = False  # So that the student can know as much.
    before = [np.array(w) for w in teacher.get_weights()]
    goal = small.probabilities(teacher, x)["label"]
    own = {"a": x["a"]}
    far = np.abs(small.probabilities(student, own)["label"] - goal).mean()
    method = Distillation(student, teacher, weight=1.0)
    small.learn(method, x, y, 80, 0.02)
    near = np.abs(small.probabilities(student, own)["label"] - goal).mean()
    assert near < 0.5 * far
    for weight, old in zip(teacher.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)
    held = method.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    p = small.probabilities(student, own)["label"]
    expected = small.log_losses(p, y["label"]).mean()
    np.testing.assert_allclose(held, expected, rtol=1e-5)


def test_a_teacher_that_knows_less_is_refused():
    teacher = small.model(auxiliary=False)
    student = mm.models.alone(teacher, "a")
    with pytest.raises(ArgumentError, match=r"Lacking: \['b', 'b_present'\]"):
        Distillation(teacher, student)
    with pytest.raises(ArgumentError, match="`teacher` to be a `FusionModel`"):
        Distillation(student, "teacher.keras")
