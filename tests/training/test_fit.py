"""Training by rules: what is written down is what happens."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError, MmfusionError
from mmfusion.training import Rules, TrainingError, fit


def _data(rows=120, scale=1.0):
    random = np.random.default_rng(0)
    y = random.integers(0, 2, rows)
    return mm.data.from_arrays(
        {
            "a": (random.normal(size=(rows, 3)) + y[:, None]) * scale,
            "b": random.normal(size=(rows, 2)),
        },
        {"label": [["no", "yes"][label] for label in y]},
        splits={"validation": 0.2, "test": 0.2},
    )


def _model(data):
    keras.utils.set_random_seed(0)
    return mm.models.from_schema(
        data.schema,
        encoders={name: {"units": 4, "hidden": ()} for name in "ab"},
    )


def test_rows_of_a_batch_whose_loss_is_no_number_are_named():
    data = _data()
    rules = Rules(epochs=3, batch_size=16)
    order = [data.train.ids(1, step, 16) for step in range(2)]
    model = _model(data)
    steps = iter(range(100))

    class Poison(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            # The second step of the second epoch: 5 steps an epoch.
            if next(steps) == 6:
                weight = self.model.trainable_variables[-1]
                weight.assign(np.nan * np.asarray(weight))

    with pytest.raises(TrainingError) as caught:
        fit(model, data, rules, [Poison()])
    assert "became nan in epoch 2, step 2, whose rows" in str(caught.value)
    assert f"ids {', '.join(order[1][:8])} and 8 more" in str(caught.value)


def test_same_rules_same_weights():
    data, rules = _data(), Rules(epochs=2, batch_size=16)
    weights = []
    for _ in range(2):
        model = _model(data)
        fit(model, data, rules)
        weights.append(model.get_weights())
    for first, second in zip(*weights, strict=True):
        np.testing.assert_array_equal(first, second)


def test_a_step_is_traced_once(monkeypatch):
    """With several outputs, too, whose losses Keras makes trackers for."""
    data, traces, step = _data(), [], keras.Model.train_step

    def counted(model, batch):
        traces.append(model.name)
        return step(model, batch)

    monkeypatch.setattr(keras.Model, "train_step", counted)
    model = mm.models.from_schema(data.schema, auxiliary=True)
    fit(model, data, Rules(epochs=2, batch_size=16))
    assert len(traces) == 1


def test_the_best_epoch_stays_and_patience_ends():
    data = _data()
    model = _model(data)
    # So large a rate that validation gets worse soon.
    rules = Rules(
        epochs=40,
        batch_size=16,
        patience=2,
        optimizer={"name": "adam", "learning_rate": 0.3},
    )
    outcome = fit(model, data, rules)
    assert outcome.epochs < 40
    assert outcome.flat is True
    losses = outcome.history["val_loss"]
    assert losses.index(min(losses)) == outcome.epochs - 3
    kept = model.evaluate(
        data.validation.batches(16), verbose=0, return_dict=True
    )["loss"]
    assert kept == pytest.approx(min(losses), rel=1e-5)


def test_the_best_epoch_is_that_of_the_answer_not_of_its_helpers():
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 120)
    data = mm.data.from_arrays(
        {  # Of `b` a head learns the training rows by heart, and nothing else.
            "a": random.normal(size=(120, 3)) + y[:, None],
            "b": random.normal(size=(120, 40)),
        },
        {"label": y.tolist()},
        splits={"validation": 0.3, "test": 0.2},
    )
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(
        data.schema,
        encoders={
            "a": {"units": 4, "hidden": ()},
            "b": {"units": 32, "hidden": (64,)},
        },
        auxiliary=True,
    )
    rules = Rules(
        epochs=12,
        batch_size=16,
        patience=None,
        optimizer={"name": "adam", "learning_rate": 0.01},
    )
    # Its own weight keeps the fused head out of the way of `b`.
    outcome = fit(
        model,
        data,
        rules,
        weights={"label": 0.05, "label_a": 0.5, "label_b": 3.0},
    )
    main = outcome.history["val_label_loss"]
    np.testing.assert_allclose(outcome.history["val_main_loss"], main)
    assert np.argmin(main) != np.argmin(outcome.history["val_loss"])
    kept = model.evaluate(
        data.validation.batches(16), verbose=0, return_dict=True
    )["label_loss"]
    assert kept == pytest.approx(min(main), rel=1e-5)


@pytest.mark.parametrize("auxiliary", [False, True])
def test_accuracy_chooses_the_epoch_of_hard_answers(auxiliary):
    data = _data()
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(
        data.schema, mm.decision.VoteDecision(), auxiliary=auxiliary
    )
    optimizer = {"name": "adam", "learning_rate": 0.1}
    rules = Rules(epochs=6, batch_size=16, patience=None, optimizer=optimizer)
    history = fit(model, data, rules).history
    name = "val_label_accuracy" if auxiliary else "val_accuracy"
    kept = model.evaluate(
        data.validation.batches(16), verbose=0, return_dict=True
    )[name.removeprefix("val_")]
    assert len(set(history[name])) > 1
    assert kept == pytest.approx(max(history[name]))


@pytest.mark.parametrize(
    ("settings", "weights", "reason"),
    [
        ({"balanced": "labell"}, None, "balanced.*'labell'"),
        ({}, {"lable": 1.0}, "lable.*label"),
    ],
)
def test_wrong_names_are_told_before_a_method_trains(
    settings, weights, reason, monkeypatch
):
    data = _data()
    monkeypatch.setattr(keras.Model, "fit", None)  # Nobody comes so far.
    with pytest.raises(ArgumentError, match=reason):
        fit(
            _model(data),
            data,
            Rules(**settings),
            weights=weights,
            method={"name": "gradient_blending"},
        )


def test_cosine_ends_at_zero_and_constant_stays():
    for schedule, last in (("cosine", 0.0), ("constant", 0.01)):
        rules = Rules(
            epochs=2,
            schedule=schedule,
            optimizer={"name": "sgd", "learning_rate": 0.01},
        )
        optimizer = rules.create_optimizer(steps_per_epoch=10)
        optimizer.iterations.assign(20)
        rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
        assert rate == pytest.approx(last, abs=1e-8)


def test_optimizer_arguments_arrive():
    rules = Rules(
        optimizer={"name": "sgd", "learning_rate": 0.5, "momentum": 0.25}
    )
    assert rules.create_optimizer(1).get_config()["momentum"] == 0.25


def test_a_loss_that_explodes_is_an_error():
    data = _data(scale=3e37)
    with pytest.raises(MmfusionError, match="became (nan|inf) in epoch"):
        fit(
            _model(data),
            data,
            Rules(epochs=2, optimizer={"name": "sgd", "learning_rate": 1e6}),
        )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"epochs": 0}, "epochs"),
        ({"schedule": "linear"}, "schedule"),
        ({"xla": True}, "xla"),
        ({"seed": -1}, "seed"),
        ({"patience": 0}, "patience"),
        ({"optimizer": {"name": "adm"}}, "Did you mean 'adam'"),
        ({"optimizer": {"name": "adam", "lr": 1}}, "key in optimizer adam"),
        (
            {"optimizer": {"name": "adam", "learning_rate": -1.0}},
            "above zero",
        ),
        ({"optimizer": "adam"}, "dict with a `name`"),
        (
            {"optimizer": {"name": "adam", "learning_rate": "1e-3"}},
            "write 0.001",
        ),
        (
            {"loss": {"name": "logit_adjusted"}, "class_weights": "balanced"},
            "twice: by the loss 'logit_adjusted' and by `class_weights`",
        ),
        (
            {"loss": {"name": "logit_adjusted"}, "balanced": "label"},
            "twice.*`balanced`",
        ),
        (
            {"optimizer": {"name": "adam", "beta_1": "x"}},
            "`beta_1` of the optimizer to be a number",
        ),
    ],
)
def test_rules_that_cannot_be_are_refused_at_once(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        Rules(**wrong)


def _compiled(data, rate=0.02):
    model = _model(data)
    model.compile(
        keras.optimizers.Adam(rate), **mm.tasks.compile_arguments(model)
    )
    return model


def test_rules_of_a_model_fitted_by_hand():
    data = _data()
    model = _compiled(data)
    with pytest.raises(ArgumentError, match="rules .* are not known"):
        Rules.of(model)
    stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
    for epochs in (2, 1):  # A cell of a notebook run twice.
        model.fit(
            data.train.batches(32),
            validation_data=data.validation.batches(64),
            epochs=epochs,
            callbacks=[stop],
            verbose=0,
        )
    model.evaluate(data.train.batches(40), verbose=0)
    rules = Rules.of(model)
    assert (rules.epochs, rules.batch_size, rules.patience) == (3, 32, 3)
    assert rules.optimizer["name"] == "adam"
    rate = rules.create_optimizer(1).learning_rate
    assert float(keras.ops.convert_to_numpy(rate)) == pytest.approx(0.02)


def test_rules_that_cannot_be_repeated_are_not_guessed():
    data = _data()
    model = _compiled(data)
    falling = keras.callbacks.LearningRateScheduler(lambda e, rate: rate / 5)
    model.fit(data.train.batches(32), epochs=2, callbacks=[falling], verbose=0)
    with pytest.raises(ArgumentError, match="learning rate was changed"):
        Rules.of(model)
    model = _model(data)
    focal = {"label": mm.losses.FocalLoss()}
    model.compile("adam", **mm.tasks.compile_arguments(model, losses=focal))
    model.fit(data.train.batches(32), verbose=0)
    with pytest.raises(ArgumentError, match="losses other than its tasks'"):
        Rules.of(model)
    model = _compiled(data)
    weight = np.ones(len(data.train))
    model.fit(data.train.batches(32, weight=weight), verbose=0)
    with pytest.raises(ArgumentError, match="altered by weight"):
        Rules.of(model)
