"""Co-training: sure rows are chosen once, by who can see them."""

import importlib

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import Rules, co_training, fit

module = importlib.import_module("mmfusion.training.co_training")
RULES = Rules(
    epochs=30,
    batch_size=16,
    optimizer={"name": "adam", "learning_rate": 0.05},
    patience=None,
)


def _data(rows=120, labelled=12):
    """Each of two views tells the class of most rows; `b` may be absent."""
    random = np.random.default_rng(0)
    y = np.arange(rows) % 2
    a = random.normal(size=(rows, 2)) + 4 * y[:, None]
    b = random.normal(size=(rows, 2)) - 4 * y[:, None]
    views = [None if row % 5 == 0 else b[row] for row in range(rows)]
    return mm.data.from_arrays(
        {"a": a.astype("float32"), "b": views},
        {"label": y.tolist()},
        modalities={"b": mm.data.Vector("b", optional=True)},
        splits={
            "train": np.arange(labelled),
            "validation": np.arange(labelled, rows),
        },
    )


def _model(data):
    keras.utils.set_random_seed(0)
    return mm.models.from_schema(data.schema)


def test_rows_are_chosen_once_with_their_label_by_who_sees_them():
    data = _data()
    unlabelled = data.validation
    found = co_training(
        _model(data), data.train, unlabelled, RULES, rounds=3, growth=0.5
    )
    assert len(found) == len(set(found.rows.tolist())) == 3 * 2 * 2 * 3
    truth = unlabelled.targets["label"][found.rows]
    assert (found.labels == truth).mean() > 0.9
    there = unlabelled.arrays()[0]["b_present"][found.rows]
    views = np.array(found.views)
    assert set(views) == {"a", "b"}
    assert there[views == "b"].all()
    assert sorted(set(found.rounds.tolist())) == [0, 1, 2]
    assert (found.probabilities > 0.5).all()


def test_it_ends_when_no_row_is_left():
    data = _data(rows=20, labelled=12)
    found = co_training(
        _model(data), data.train, data.validation, RULES, 50, growth=1.0
    )
    assert len(found) == 8


def test_the_model_learns_from_what_was_labelled():
    data = _data()
    unlabelled = data.validation
    model = _model(data)
    seen = []

    class Count(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            seen.append(self.params["steps"])

    fit(
        model,
        data,
        Rules(epochs=1, batch_size=4),
        callbacks=[Count()],
        method={
            "name": "co_training",
            "unlabelled": unlabelled,
            "rounds": 2,
            "growth": 0.5,
        },
    )
    assert seen[-1] == (12 + 2 * 2 * 2 * 3) / 4  # Rows, labelled since, too.


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_views_learn_in_every_round_by_the_rules(schedule, monkeypatch):
    data, moved = _data(), []
    real = module.fit

    def watched(view, rows, rules):
        before = np.concatenate([w.ravel() for w in view.get_weights()])
        outcome = real(view, rows, rules)
        after = np.concatenate([w.ravel() for w in view.get_weights()])
        moved.append(np.abs(after - before).max())
        assert rules.schedule == schedule
        return outcome

    monkeypatch.setattr(module, "fit", watched)
    rules = Rules(epochs=2, batch_size=4, schedule=schedule)
    co_training(_model(data), data.train, data.validation, rules, rounds=3)
    assert len(moved) == 3 * 2
    assert min(moved) > 1e-4


def test_one_modality_has_nobody_to_learn_from():
    data = mm.data.from_arrays(
        {"a": np.zeros((4, 2), "float32")},
        {"label": [0, 1, 0, 1]},
        splits={"train": np.arange(4)},
    )
    with pytest.raises(ArgumentError, match="two modalities"):
        co_training(_model(data), data.train, data.train, RULES)
