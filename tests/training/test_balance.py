"""Weights of classes, against scikit-learn and NumPy; balanced epochs."""

import keras
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Rules, class_weights, fit, row_weights

LABELS = np.repeat([0, 1, 2], [50, 9, 1])


def test_balanced_weights_are_those_of_scikit_learn():
    classes = np.unique(LABELS)
    expected = compute_class_weight("balanced", classes=classes, y=LABELS)
    np.testing.assert_allclose(class_weights(LABELS, 3), expected)


@pytest.mark.parametrize("beta", [0.0, 0.9, 0.9999])
def test_effective_weights_are_the_formula(beta):
    counts = np.array([50, 9, 1])
    raw = (1 - beta) / (1 - beta**counts)
    expected = raw * len(LABELS) / (raw * counts).sum()
    found = class_weights(LABELS, 3, "effective", beta)
    np.testing.assert_allclose(found, expected)


def test_a_class_without_rows_weighs_nothing():
    weights = class_weights([0, 0, 2], 4)
    assert weights.tolist() == [0.75, 0.0, 1.5, 0.0]


@pytest.mark.parametrize(
    ("labels", "reason"),
    [([0, 3], "0..2"), ([-1, 0], "0..2"), ([0.5], "whole"), ([], "whole")],
)
def test_labels_that_do_not_fit(labels, reason):
    with pytest.raises(ArgumentError, match=reason):
        class_weights(labels, 3)


def _data():
    random = np.random.default_rng(0)
    colour = np.repeat(["red", "blue"], [30, 10])
    size = np.resize(["s", "s", "s", "m", "l"], 40)
    return mm.data.from_arrays(
        {"v": random.normal(size=(40, 3)).astype("float32")},
        {"colour": colour.tolist(), "size": size.tolist()},
        splits={"train": np.arange(40)},
    )


def test_weights_are_right_with_two_outputs():
    data = _data()
    weights = row_weights(data.train)
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(data.schema)
    model.compile(
        keras.optimizers.SGD(0.0), **mm.tasks.compile_arguments(model)
    )
    x, y = data.train.arrays()
    p = model.predict(x, verbose=0)
    expected = 0.0
    for name, labels in y.items():
        classes = np.unique(labels)
        per_class = compute_class_weight("balanced", classes=classes, y=labels)
        rows = -np.log(p[name][np.arange(40), labels])
        expected += (rows * per_class[labels]).mean()
    batches = data.train.batches(40, weight=weights)
    loss = model.fit(batches, verbose=0).history["loss"][0]
    np.testing.assert_allclose(loss, expected, rtol=1e-5)
    plain = model.fit(data.train.batches(40), verbose=0).history["loss"][0]
    assert abs(plain - expected) > 0.01


def test_a_weight_for_each_target_or_one_for_all():
    data = _data()
    with pytest.raises(ArgumentError, match="size"):
        data.train.batches(8, weight={"colour": np.ones(40)})
    with pytest.raises(ArgumentError, match=r"\(40,\).*\(3,\)"):
        data.train.batches(
            8, weight={n: np.ones(3) for n in data.train.targets}
        )


def test_balanced_epochs_have_all_classes_alike():
    train = _data().train
    for epoch, batches in enumerate([train.batches(8, balanced="size")] * 2):
        labels = np.concatenate([y["size"] for _, y in batches])
        assert len(labels) == len(train)
        counts = np.bincount(labels)
        assert counts.max() - counts.min() <= 1
        named = [key for step in range(5) for key in train.ids(epoch, step)]
        by_id = dict(zip(train.ids(), train.targets["size"], strict=True))
        assert [by_id[key] for key in named] == labels.tolist()


def test_every_row_of_a_rare_class_comes_before_one_comes_twice():
    train = _data().train
    names = [key for step in range(5) for key in _ids(train, step)]
    rare = train.targets["size"] == train.classes["size"].index("l")
    times = [names.count(key) for key in np.array(train.ids())[rare]]
    assert max(times) - min(times) <= 1


def _ids(train, step):
    train.batches(8, balanced="size")
    return train.ids(0, step)


def test_only_shuffled_rows_can_be_balanced():
    with pytest.raises(ArgumentError, match="`balanced` draws rows at random"):
        _data().train.batches(8, balanced="size", shuffle=False)
    with pytest.raises(ArgumentError, match="size.*sizes"):
        _data().train.batches(8, balanced="sizes")


@pytest.mark.parametrize(
    "settings",
    [
        {"class_weights": "balanced"},
        {"balanced": "colour"},
        {"loss": {"name": "focal", "gamma": 3.0}},
        {"loss": {"name": "logit_adjusted"}},
    ],
    ids=str,
)
def test_rules_change_what_is_learned(settings):
    data = _data()
    outcomes = []
    for options in ({}, settings):
        keras.utils.set_random_seed(0)
        model = mm.models.from_schema(data.schema)
        fit(model, data, Rules(epochs=2, batch_size=8, **options))
        outcomes.append(model.get_weights())
    assert not all(map(np.array_equal, *outcomes))


def test_rules_of_imbalance_are_checked():
    with pytest.raises(ArgumentError, match="class_weights.*'even'"):
        Rules(class_weights="even")
    with pytest.raises(ArgumentError, match="'focl'.*'focal'"):
        Rules(loss={"name": "focl"})
    with pytest.raises(ArgumentError, match="'gama'.*'gamma'"):
        Rules(loss={"name": "focal", "gama": 1})
