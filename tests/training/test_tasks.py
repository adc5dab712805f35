"""Ways of training and the tasks they are for: meant so, or refused."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion import training
from mmfusion.data.joined import Parts
from mmfusion.errors import ArgumentError
from mmfusion.training import balance
from mmfusion.training.main_loss import watched
from mmfusion.training.plan import plan
from mmfusion.training.transfer import _Held, transfer_batches, transferred
from tests.explain.mixed import DEVIATION, MEAN, tagged, tagging_model

RULES = training.Rules(xla="off", epochs=1)
ROWS = 12


@pytest.fixture(scope="module")
def data():
    return tagged(30)


@pytest.fixture(scope="module")
def batch(data):
    x, y = data.train.arrays(range(ROWS))
    x["b_present"] = np.arange(ROWS) % 3 != 0
    return x, y


@pytest.fixture(scope="module")
def model():
    return tagging_model(auxiliary=True)


def _log_losses(y, p):
    """The loss of each row, for labels."""
    p = p.astype("float64")
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(1)


def _squares(y, p):
    return ((p[:, 0].astype("float64") - y) / DEVIATION) ** 2


@pytest.mark.parametrize(
    "method",
    [
        {"name": "mutual"},
        {"name": "distillation", "teacher": "nowhere"},
        {"name": "co_training", "unlabelled": "nowhere"},
    ],
    ids=lambda method: method["name"],
)
def test_what_needs_classes_is_refused_before_anything_is_read(
    method, data, model
):
    message = "needs probabilities of classes.*'tags', a MultiLabel.*labels"
    with pytest.raises(ArgumentError, match=message):
        training.fit(model, Parts(data.train), RULES, method=method)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"class_weights": "balanced"}, "weigh rows by their class"),
        ({"balanced": "tags"}, "`balanced` to name a target with one class"),
        ({"balanced": "price"}, "Received: 'price', which has labels or"),
        ({"loss": {"name": "focal"}}, "The loss 'focal' needs probabilities"),
    ],
)
def test_rules_about_classes_need_some(rules, message, data, model):
    rules = training.Rules(xla="off", epochs=1, **rules)
    with pytest.raises(ArgumentError, match=message):
        training.fit(model, data, rules)


def test_classes_are_weighted_beside_labels_and_numbers():
    split = tagged(10).train
    split.targets["label"] = np.array([0, 0, 0, 1] * 10, "int32")
    split.classes["label"] = ["a", "b"]
    weights = balance.row_weights(split)
    assert weights["tags"].tolist() == weights["price"].tolist() == [1.0] * 40
    assert weights["label"][:4].tolist() == [2 / 3] * 3 + [2.0]
    tasks = [
        mm.tasks.Classification(["a", "b"]),
        mm.tasks.Regression(name="price"),
        mm.tasks.MultiLabel(3, name="tags"),
    ]
    model = mm.models.fusion_model(
        {"a": mm.encoders.vector_mlp(3, units=2)},
        mm.fusion.ConcatFusion(2),
        tasks,
    )
    losses = balance.task_losses({"name": "focal"}, model, split)
    assert list(losses) == ["label"]


def test_uncertainty_halves_what_is_squared(model, batch):
    x, y = batch
    p = model.predict_on_batch(x)
    method = training.UncertaintyWeighting(model)
    expected = 0.0
    for i, (name, s) in enumerate(sorted(method.log_variances.items())):
        s.assign(0.1 * i)
        if name.startswith("tags"):
            loss = _log_losses(y["tags"], p[name]).mean()
        else:
            loss = _squares(y["price"], p[name]).mean() / 2
        expected += np.exp(-0.1 * i) * loss + 0.1 * i / 2
    found = method.compute_loss(x, y, p, None)
    np.testing.assert_allclose(float(found), expected, rtol=1e-4)
    assert method.loss_weights()["price"] == pytest.approx(
        0.5 * np.exp(-float(method.log_variances["price"]))
    )


def test_modulation_measures_a_head_by_its_own_loss(model, batch):
    x, y = batch
    p = model.predict_on_batch(x)
    method = training.GradientModulation(model, 0.5)
    scores = {}
    for m in ("a", "b"):
        here = x["b_present"] if m == "b" else np.ones(ROWS, bool)
        tags = np.exp(-_log_losses(y["tags"], p[f"tags_{m}"]))[here].mean()
        price = np.exp(-_squares(y["price"], p[f"price_{m}"]))[here].mean()
        scores[m] = tags + price
    targets = mm.models.inputs.by_output(model, y)
    found = method.coefficients(x, targets, p)
    for m, other in (("a", "b"), ("b", "a")):
        ratio = scores[m] / scores[other]
        k = 1 - np.tanh(0.5 * ratio) if ratio > 1 else 1.0
        np.testing.assert_allclose(float(found[m]), k, rtol=1e-4)


def test_mixtures_learn_from_both_rows(batch):
    x, y = batch
    model = tagging_model()
    method = training.FeatureMixup(model, 0.5, seed=3)
    p = method(x, training=True)
    share = keras.ops.convert_to_numpy(method._shares)
    p = {name: keras.ops.convert_to_numpy(part) for name, part in p.items()}
    expected = sum(
        share * loss(y[name], p[name])
        + (1 - share) * loss(y[name][::-1], p[name])
        for name, loss in (("tags", _log_losses), ("price", _squares))
    )
    found = float(method.compute_loss(x, y, p, None))
    np.testing.assert_allclose(found, expected.mean(), rtol=1e-4)


def test_the_epoch_is_chosen_by_the_sum_of_comparable_losses(model):
    name, mode, (maker,) = watched(model)
    assert (name, mode) == ("val_main_loss", "min")
    logs = {"val_tags_loss": 0.5, "val_price_loss": 0.25, "val_tags_a_loss": 9}
    maker.on_epoch_end(0, logs)
    assert logs[name] == 0.75


def _read(split, targets, kinds):
    """The same inputs in memory, with targets of other kinds."""
    x, rows = split.arrays()[0], len(split)
    return mm.data.from_arrays(
        {name: x[name] for name in "ab"},
        targets,
        kinds=kinds,
        splits={
            "train": range(rows - rows // 4),
            "validation": range(rows - rows // 4, rows),
        },
    )


def test_a_transfer_learns_from_targets_of_every_kind(data):
    y = data.train.arrays()[1]
    names = np.array(["sweet", "sour", "hot"])
    tags = [names[row > 0].tolist() for row in y["tags"]]
    kinds = {
        "tags": mm.data.LabelsTarget(),
        "price": mm.data.NumberTarget(),
    }
    source = _read(data.train, {**y, "tags": tags}, kinds).train
    labels = ["even", "odd"] * (len(data.train) // 2)
    plain = _read(data.train, {"label": labels}, {})
    target = plain.train
    ((_, y, w),) = transfer_batches(source, target, 20).take(1)
    assert y["tags"].shape == (20, 3) and y["price"].shape == (20,)
    assert y["label"].dtype == "int32" and y["tags"].dtype == "float32"
    np.testing.assert_array_equal(y["tags"][:10], np.zeros((10, 3)))
    np.testing.assert_array_equal(w["price"][:10], np.zeros(10))
    np.testing.assert_allclose(np.sum(w["tags"]), 20.0)

    model = mm.models.fusion_model(
        {n: mm.encoders.vector_mlp(3, units=2, name=n) for n in "ab"},
        mm.fusion.ConcatFusion(2),
        mm.tasks.Classification(2),
    )
    made = transferred(model, plain, RULES, source)
    tasks = made.trainee.model.tasks
    assert tasks["tags"].classes == ["hot", "sour", "sweet"]
    assert (tasks["tags"].gives, tasks["price"].gives) == ("labels", "values")
    assert tasks["price"].mean == pytest.approx(MEAN, abs=30)
    assert tasks["price"].deviation == pytest.approx(DEVIATION, rel=0.2)
    held = _Held(plain.validation, source.targets).batches(10)
    ((_, y, w),) = held.take(1)
    assert y["tags"].shape == (10, 3) and not np.any(w["tags"])


def test_plans_of_what_is_general_are_made(data, model):
    for name in ("uncertainty", "gradient_modulation", "fine_tuning"):
        made = plan({"name": name}, model, Parts(data.train), RULES)
        assert made.trainee.model is model
