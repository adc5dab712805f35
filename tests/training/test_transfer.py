"""Transfer: the mean over the target and lambda times that of the source."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Rules, fit, transfer_batches
from tests.training.small import log_losses


def _data(rows, task, classes, seed, validation=False):
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, rows)
    x = random.normal(size=(rows, 3)).astype("float32")
    splits = {"train": np.arange(rows)}
    if validation:
        splits = {
            "train": np.arange(rows // 2),
            "validation": np.arange(rows // 2, rows),
        }
    return mm.data.from_arrays({"v": x}, {task: labels.tolist()}, splits=splits)


def _model(target, source):
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(target.schema)
    task = mm.tasks.Classification(
        list(source.train.classes["shape"]), name="shape"
    )
    return model, mm.models.with_tasks(model, [task])


@pytest.mark.parametrize("weight", [0.0, 0.3])
def test_the_loss_is_the_formula(weight):
    target, source = _data(6, "label", 3, 0), _data(50, "shape", 4, 1)
    _, both = _model(target, source)
    both.compile(keras.optimizers.SGD(0.0), **mm.tasks.compile_arguments(both))
    batches = transfer_batches(
        source.train, target.train, 10, weight=weight, share=0.4
    )
    ((x, y, w),) = list(batches)  # Six rows of the target, four of the source.
    assert (w["shape"].numpy() > 0).sum() == (4 if weight else 0)
    loss = both.train_on_batch(x, y, w)
    loss = loss[0] if isinstance(loss, (list, tuple)) else loss
    p = both.predict_on_batch(x)
    own = log_losses(p["label"][:6], y["label"].numpy()[:6]).mean()
    theirs = log_losses(p["shape"][6:], y["shape"].numpy()[6:]).mean()
    np.testing.assert_allclose(loss, own + weight * theirs, rtol=1e-5)


def test_weights_of_rows_multiply_those_of_the_tasks():
    target, source = _data(6, "label", 3, 0), _data(50, "shape", 4, 1)
    plain = transfer_batches(source.train, target.train, 10, share=0.4)
    given = {
        "label": np.arange(1.0, 7.0),
        "shape": np.arange(1.0, 51.0),
    }
    weighted = transfer_batches(
        source.train, target.train, 10, share=0.4, row_weights=given
    )
    ((x, _, w),), ((more_x, _, more_w),) = list(plain), list(weighted)
    np.testing.assert_array_equal(x["v"], more_x["v"])
    own, theirs = target.train.arrays()[0]["v"], source.train.arrays()[0]["v"]
    for task, rows, part in (
        ("label", own, slice(0, 6)),
        ("shape", theirs, slice(6, 10)),
    ):
        at = [int((rows == v).all(1).argmax()) for v in x["v"].numpy()[part]]
        np.testing.assert_allclose(
            more_w[task].numpy()[part],
            w[task].numpy()[part] * given[task][at],
            rtol=1e-6,
        )
        assert more_w[task].numpy().sum() == pytest.approx(
            more_w[task].numpy()[part].sum()
        )


@pytest.mark.parametrize(
    "settings", [{"class_weights": "balanced"}, {"balanced": "label"}]
)
def test_tools_for_rare_classes_go_with_it(settings):
    target = _data(40, "label", 3, 0, validation=True)
    source = _data(60, "shape", 4, 1)
    method = {"name": "transfer", "source": source.train}
    weights = []
    for rules in ({}, settings):
        model, _ = _model(target, source)
        rules = Rules(epochs=1, batch_size=8, **rules)
        fit(model, target, rules, method=method, weights={"label": 1.0})
        weights.append(model.get_layer("label").get_weights()[0])
    assert not np.allclose(*weights)


def test_metrics_are_of_the_rows_that_have_the_target():
    target = _data(40, "label", 3, 0, validation=True)
    source = _data(60, "shape", 4, 1)
    model, _ = _model(target, source)
    still = {"name": "sgd", "learning_rate": 1e-12}
    outcome = fit(
        model,
        target,
        Rules(epochs=1, batch_size=8, optimizer=still),
        method={"name": "transfer", "source": source.train},
    )
    for prefix, split in (("", target.train), ("val_", target.validation)):
        x, y = split.arrays()
        hits = model.predict(x, verbose=0)["label"].argmax(1) == y["label"]
        (name,) = [
            key
            for key in outcome.history
            if key.startswith(f"{prefix}label") and "accuracy" in key
        ]
        assert outcome.history[name][0] == pytest.approx(hits.mean(), abs=1e-6)
    assert not [key for key in outcome.history if "shape_accuracy" in key]


def test_an_epoch_is_a_pass_over_the_target():
    target, source = _data(7, "label", 3, 0), _data(4, "shape", 2, 1)
    batches = transfer_batches(source.train, target.train, 4)
    rows = [x["v"].numpy()[w["label"].numpy() > 0] for x, _, w in iter(batches)]
    given = target.train.arrays()[0]["v"]
    seen = np.concatenate(rows)
    np.testing.assert_array_equal(
        seen[np.lexsort(seen.T)], given[np.lexsort(given.T)]
    )


def test_the_model_has_learned_from_the_source_and_has_one_head():
    target = _data(40, "label", 3, 0, validation=True)
    source = _data(60, "shape", 4, 1)
    weights = []
    for settings in ({"weight": 0.0}, {"weight": 2.0}):
        model, _ = _model(target, source)
        outcome = fit(
            model,
            target,
            Rules(epochs=2, batch_size=8),
            method={"name": "transfer", "source": source.train, **settings},
        )
        assert np.isfinite(outcome.history["val_loss"]).all()
        assert list(model.output) == ["label"]
        weights.append(model.get_layer("label").get_weights()[0])
    assert not np.allclose(*weights)


def test_validation_is_the_target_alone():
    target = _data(40, "label", 3, 0, validation=True)
    source = _data(60, "shape", 4, 1)
    model, _ = _model(target, source)
    rules = Rules(epochs=1, batch_size=8)
    method = {"name": "transfer", "source": source.train}
    outcome = fit(model, target, rules, method=method)
    x, y = target.validation.arrays()
    p = model.predict(x, verbose=0)["label"]
    np.testing.assert_allclose(
        outcome.history["val_loss"][0],
        log_losses(p, y["label"]).mean(),
        rtol=1e-5,
    )


def test_what_does_not_fit_is_refused():
    target, source = _data(6, "label", 3, 0), _data(6, "label", 3, 1)
    with pytest.raises(ArgumentError, match="tasks of their own"):
        transfer_batches(source.train, target.train, 4)
    other = mm.data.from_arrays(
        {"v": np.zeros((4, 5), "float32")},
        {"shape": [0, 1, 0, 1]},
        splits={"train": np.arange(4)},
    )
    with pytest.raises(ArgumentError, match="same inputs"):
        transfer_batches(other.train, target.train, 4)
    with pytest.raises(ArgumentError, match="two rows or more"):
        transfer_batches(source.train, target.train, 1)
