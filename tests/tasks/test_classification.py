"""Classification: names, copies and labels that stand for nothing."""

import numpy as np
import pytest
from keras import ops

from mmfusion.tasks import Classification


def test_probabilities_are_the_softmax_of_the_head():
    task = Classification(2)
    task.build((None, 1))
    task.logits.set_weights([np.array([[1.0, -1.0]]), np.array([0.5, 0.0])])
    p = ops.convert_to_numpy(task(np.array([[2.0]])))
    np.testing.assert_allclose(p[0, 0], 1 / (1 + np.exp(-4.5)), rtol=1e-6)


def test_a_copy_learns_from_the_same_target():
    task = Classification(["a", "b"], name="label")
    copy = task.again("label_image")
    assert (copy.name, copy.target, copy.head) == ("label_image", "label", True)
    assert copy.classes == ["a", "b"]
    assert task.again("label", head=False).head is False


def test_without_a_head_probabilities_pass():
    p = np.array([[0.2, 0.8]], "float32")
    task = Classification(2, head=False)
    np.testing.assert_array_equal(ops.convert_to_numpy(task(p)), p)
    with pytest.raises(ValueError, match="2 classes and no head"):
        Classification(2, head=False)(np.ones((1, 3)))


@pytest.mark.parametrize("classes", [1, ["a"], ["a", "a"], []])
def test_fewer_than_two_different_classes_are_refused(classes):
    with pytest.raises(ValueError, match="two different classes"):
        Classification(classes)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([0, 1, 2], "0..1. Received: 2 in row 2"),
        ([-1, 0], "Received: -1 in row 0"),
        ([0.0, 0.5], "Received: 0.5 in row 1"),
        ([0.0, np.nan], "Received: nan in row 1"),
        (["cat", "dog"], "maps names of classes"),
    ],
)
def test_labels_that_stand_for_no_class_are_named(labels, message):
    with pytest.raises(ValueError, match=message):
        Classification(2, name="label").check_targets(labels)


def test_good_labels_and_rows_of_probabilities_pass():
    task = Classification(3)
    for values in ([0, 2, 1], [[0], [2]], np.eye(3), [[0.2, 0.3, 0.5]], []):
        task.check_targets(values)
