"""Training on batches of rows of like lengths."""

import copy

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion import training
from mmfusion.data.narrow import NarrowSplit
from mmfusion.errors import ArgumentError
from mmfusion.training import bucketing
from tests.data import lengths

BUCKETS = {"title": [2, 6], "walk": [4]}
ENCODERS = {
    "text_gru": {"name": "text_gru", "embedding": 4},
    "text_cnn": {"name": "text_cnn", "embedding": 4, "filters": 3},
    "text_transformer": {
        "name": "text_transformer",
        "embedding": 4,
        "num_layers": 1,
        "num_heads": 2,
        "dropout": 0.0,
    },
}


def _model(data, title="text_vectors", fusion=None, **walk):
    keras.utils.set_random_seed(0)
    title = ENCODERS.get(title, {"name": title, "embedding": 4})
    return mm.models.from_schema(
        data.schema,
        fusion or mm.fusion.ConcatFusion(4),
        encoders={
            "number": {"units": 3, "hidden": []},
            "title": {**title, "units": 4},
            "walk": {"units": 4, "hidden": [4], **walk},
        },
    )


def _gradients(model, x, y):
    with tf.GradientTape() as tape:
        p = model(x, training=True)["label"]
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(y["label"], p)
        )
    found = tape.gradient(loss, model.trainable_variables)
    return loss.numpy(), [tf.convert_to_tensor(g).numpy() for g in found]


@pytest.mark.parametrize("encoder", ENCODERS)
def test_losses_and_gradients_are_those_of_padded_batches(encoder):
    data = lengths.data()
    model = _model(data, encoder, over_time="gru")
    whole, _ = data.train.arrays()
    for x, y in data.train.batches(4, buckets=BUCKETS):
        padded = {
            key: value[lengths.rows_of(x)] for key, value in whole.items()
        }
        loss, gradients = _gradients(model, x, y)
        expected, others = _gradients(model, padded, y)
        assert loss == pytest.approx(expected, rel=1e-5)
        for found, other in zip(gradients, others, strict=True):
            np.testing.assert_allclose(found, other, rtol=1e-3, atol=1e-6)


def _one_by_one(model, data, size, **rules):
    """Losses of two epochs, of padded batches in the order of buckets."""
    data.train.batches(size, buckets=BUCKETS)
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    found, rows = [], data.train.ids()
    for epoch in range(2):
        losses = []
        for step in range(-(-len(rows) // size)):
            places = [rows.index(i) for i in data.train.ids(epoch, step)]
            x, y = data.train.arrays(places)
            loss = model.train_on_batch(x, y, return_dict=True)["loss"]
            losses.append(loss)
            model.reset_metrics()
        weights = np.minimum(size, len(rows) - size * np.arange(len(losses)))
        found.append(np.average(losses, weights=weights))
    return found


@pytest.mark.parametrize(
    "xla", ["off", pytest.param("on", marks=pytest.mark.slow)]
)
def test_fit_learns_what_padded_batches_teach(xla):
    data = lengths.data(rows=23)
    rules = training.Rules(
        epochs=2,
        batch_size=4,
        optimizer={"name": "sgd", "learning_rate": 0.01},
        buckets=BUCKETS,
        xla=xla,
    )
    model = _model(data, "text_gru")
    outcome = training.fit(model, data, rules)
    assert outcome.xla["on"] == (xla == "on")
    expected = _one_by_one(_model(data, "text_gru"), data, 4)
    np.testing.assert_allclose(outcome.history["loss"], expected, rtol=1e-4)


class _Traced(keras.layers.Layer):
    """Notes the shape of what it is given, whenever a step is traced."""

    seen = []

    def call(self, x):
        self.seen.append(tuple(x.shape))
        return x


def test_a_step_is_traced_once_for_all_lengths():
    data = lengths.data(optional=False)
    x = keras.Input((lengths.LENGTH,), dtype="int32", name="title")
    traced = _Traced()
    y = traced(keras.layers.Embedding(8, 4)(x))
    y = mm.layers.MeanPool()(y, mask=keras.ops.not_equal(x, 0))
    model = mm.models.fusion_model(
        {"title": keras.Model(x, y, name="title_encoder")},
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(3),
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    train = data.train.batches(
        4, buckets={"title": [2, 6]}, modalities=["title"]
    )
    model.fit(train, epochs=1, verbose=0)
    traced.seen.clear()
    model.fit(train, epochs=3, verbose=0)
    assert traced.seen == []


def test_a_fusion_of_steps_gets_fewer():
    data = lengths.data(optional=False)
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(
        data.only(["title", "walk"]).schema,
        mm.fusion.CrossAttentionFusion(4, num_heads=1),
        encoders={
            "title": {"name": "text_vectors", "units": 4, "pool": None},
            "walk": {"units": 4, "hidden": [], "pool": None},
        },
    )
    rules = training.Rules(epochs=1, batch_size=4, buckets=BUCKETS, xla="off")
    outcome = training.fit(model, data, rules)
    assert np.isfinite(outcome.history["loss"]).all()


def test_each_training_gets_what_is_of_its_modalities():
    data = lengths.data()
    rules = training.Rules(buckets=BUCKETS)
    assert bucketing.options(rules, data.train) == {"buckets": BUCKETS}
    assert bucketing.options(training.Rules(), data.train) == {}
    fused = _model(data)
    for name in ("number", "title", "walk"):
        split = NarrowSplit(data.train, mm.models.alone(fused, name))
        own = {name: BUCKETS[name]} if name in BUCKETS else None
        assert bucketing.options(rules, split).get("buckets") == own


def test_worth_trains_alone_as_the_fused_model_was_trained(monkeypatch):
    data = lengths.data()
    asked = []
    batches = mm.data.Split.batches

    def listening(split, size, **settings):
        if split.name == "train":
            asked.append(copy.copy(settings))
        return batches(split, size, **settings)

    monkeypatch.setattr(mm.data.Split, "batches", listening)
    model = _model(data)
    model.compile("adam", **mm.tasks.compile_arguments(model))
    model.fit(data.train.batches(4, buckets={"title": 2}), verbose=0)
    rules = training.Rules.of(model)
    assert rules.buckets == {"title": [4, 12]}
    asked.clear()
    mm.explain.worth(model, data, split="validation", resamples=100)
    assert [found["modalities"] for found in asked] == [
        ["number"],
        ["title"],
        ["walk"],
    ]
    assert [found.get("buckets") for found in asked] == [
        None,
        {"title": [4, 12]},
        None,
    ]


@pytest.mark.parametrize(
    ("buckets", "message"),
    [
        ({"titel": [2]}, "Did you mean 'title'"),
        ({"number": [2]}, "'number' to be a text of ids"),
        ({"title": [99]}, "'title' up to 12"),
    ],
)
def test_what_does_not_fit_is_refused_before_training(buckets, message):
    data = lengths.data()
    with pytest.raises(ArgumentError, match=message):
        training.fit(_model(data), data, training.Rules(buckets=buckets))


def test_wrong_rules_are_refused():
    with pytest.raises(ArgumentError, match="ascending"):
        training.Rules(buckets={"title": [4, 2]})
    assert training.Rules(buckets={}).buckets is None
    assert training.Rules(buckets={"title": (2, 4)}).buckets == {
        "title": [2, 4]
    }


def test_an_encoder_that_counts_padding_is_refused():
    data = lengths.data()
    rules = training.Rules(buckets={"title": [2]})
    x = keras.Input((lengths.LENGTH,), dtype="int32", name="title")
    y = keras.ops.mean(keras.layers.Embedding(8, 4)(x), axis=1)
    counting = mm.models.fusion_model(
        {"title": keras.Model(x, y, name="title_encoder")},
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(3),
        optional=["title"],
    )
    with pytest.raises(ArgumentError, match="'title'.*behind the end"):
        training.fit(counting, data.only(["title"]), rules)
    counting.compile("sgd", **mm.tasks.compile_arguments(counting))
    train = data.train.batches(4, buckets={"title": 2}, modalities=["title"])
    with pytest.raises(ArgumentError, match="'title'.*behind the end"):
        counting.fit(train)


def test_transfer_refuses_them():
    data = lengths.data()
    source = data.train.take(range(12))
    source.targets = {"shade": np.arange(12, dtype="int32") % 2}
    source.classes = {"shade": ["dark", "light"]}
    with pytest.raises(ArgumentError, match="'transfer'.*`buckets`"):
        training.fit(
            _model(data),
            data,
            training.Rules(buckets=BUCKETS),
            method={"name": "transfer", "source": source},
        )
