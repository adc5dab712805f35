"""Numbers: in standard units inside, in the target's own outside."""

import keras
import numpy as np
import pytest
from sklearn import metrics

import mmfusion as mm
from mmfusion.tasks import Regression

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(16, 3)).astype("float32")
Y = (X[:, 0] * 3 + RANDOM.normal(size=16)).astype("float32")


LOSSES = ("huber", "mae", "mse")


def _model(unit=1.0, offset=0.0):
    """A model that learns one target by each of the losses."""
    keras.utils.set_random_seed(0)
    model = mm.models.fusion_model(
        {"v": mm.encoders.vector_mlp(3, units=4, hidden=())},
        mm.fusion.ConcatFusion(4),
        [
            Regression(offset, 3 * unit, loss=loss, name=loss, target="price")
            for loss in LOSSES
        ],
    )
    model.compile(
        keras.optimizers.SGD(0.1), **mm.tasks.compile_arguments(model)
    )
    return model


def test_the_unit_of_the_target_does_not_matter():
    small, large = _model(), _model(1000.0, 5e4)
    first = small.train_on_batch({"v": X}, {"price": Y}, return_dict=True)
    again = large.train_on_batch(
        {"v": X}, {"price": 1000 * Y + 5e4}, return_dict=True
    )
    for loss in LOSSES:
        key = f"{loss}_loss"
        assert first[key] == pytest.approx(again[key], rel=1e-3)
    for one, other in zip(
        small.get_weights(), large.get_weights(), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=2e-4)
    p, q = (m.predict_on_batch({"v": X}) for m in (small, large))
    for loss in LOSSES:
        np.testing.assert_allclose(1000 * p[loss] + 5e4, q[loss], atol=1)


def test_metrics_are_those_of_scikit_learn_in_the_targets_unit():
    model = _model(offset=2.0)
    p = model.predict_on_batch({"v": X})["mse"]
    assert p.shape == (16, 1) and p.dtype == "float32"
    found = model.test_on_batch({"v": X}, {"price": Y}, return_dict=True)
    expected = {
        "mean_absolute_error": metrics.mean_absolute_error(Y, p),
        "root_mean_squared_error": metrics.root_mean_squared_error(Y, p),
        "r2_score": metrics.r2_score(Y, p),
        "loss": metrics.mean_squared_error(Y, p) / 9,
    }
    for name, value in expected.items():
        assert found[f"mse_{name}"] == pytest.approx(value, rel=1e-3), name
    scores = Regression(9.0, 2.0).row_scores(p, Y)
    assert scores.shape == (16,)
    assert scores.mean() == pytest.approx(metrics.mean_absolute_error(Y, p))


def test_finite_features_give_a_finite_answer():
    task = Regression(1e6, 1e4)
    features = np.array([[1e12, -1e12], [0.0, 1e-30]], "float32")
    assert np.isfinite(keras.ops.convert_to_numpy(task(features))).all()


def test_an_answer_is_a_number_and_the_baseline_the_median():
    assert Regression().answer(np.array([2.5], "float32")) == {"": 2.5}
    assert Regression().answer(None) == {"": None}
    score, words = Regression().baseline(np.array([1.0, 2.0, 9.0]))
    assert (score, words) == (8 / 3, "always the median")


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([1.0, np.nan], "Received: nan in row 1"),
        ([[1.0], [np.inf]], "Received: inf in row 1"),
        (["12", "13"], "a number for each row"),
        ([[1.0, 2.0]], r"shape=\(1, 2\)"),
        ([True, False], "Received: bool"),
    ],
)
def test_targets_that_are_no_numbers_are_named(targets, message):
    with pytest.raises(ValueError, match=message):
        Regression(name="price").check_targets(targets)


def test_arguments_that_make_no_sense_are_refused():
    for arguments in ({"mean": np.nan}, {"deviation": 0.0}, {"loss": "r2"}):
        with pytest.raises(ValueError, match="`Regression` expects"):
            Regression(**arguments)
    with pytest.raises(ValueError, match="one value a row"):
        Regression(head=False)(np.ones((2, 3)))
