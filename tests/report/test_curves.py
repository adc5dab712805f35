import pytest

from mmfusion.explain import Wording
from mmfusion.report.curves import curves

OUTPUTS = {"label": Wording("accuracy")}

HISTORY = {
    "loss": [2.0, float("nan"), 0.5, 0.4],
    "val_loss": [2.1, 1.0, 0.7, 0.8],
    "accuracy": [0.1, 0.5, 0.6, 0.7],
}


def test_nothing_known_is_nothing_drawn():
    assert curves({}, OUTPUTS) is None
    assert curves({"loss": []}, OUTPUTS, {}) is None


def test_a_value_that_is_not_finite_leaves_a_gap():
    drawing = curves(HISTORY, OUTPUTS)
    path = drawing.split('class="training"')[0].rsplit('<path d="', 1)[1]
    assert path.count("M") == 2 and "nan" not in drawing


@pytest.mark.parametrize("name", ["accuracy", "label_accuracy"])
def test_accuracy_is_found_under_either_name(name):
    drawing = curves({"loss": [1.0], name: [0.5]}, OUTPUTS)
    assert f"</b> {name.replace('_', ' ')}<" in drawing


def test_heads_that_only_help_are_not_drawn():
    history = {**HISTORY, "label_image_accuracy": [0.5] * 4}
    assert "label image" not in curves(history, OUTPUTS)


def test_models_trained_alone_are_drawn_too():
    drawing = curves(HISTORY, OUTPUTS, {"image": {"loss": [1.0, 0.5]}})
    assert "<b>image alone</b> loss" in drawing
    assert "<b>image alone</b> accuracy" not in drawing
