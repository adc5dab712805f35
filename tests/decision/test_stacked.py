"""StackedDecision: the classic two-branch model, weight for weight."""

import keras
import numpy as np

import mmfusion as mm

UNITS, CLASSES = 64, 3


def _by_hand():
    """Two branches of two layers and a softmax, and a network over them."""
    dense = keras.layers.Dense
    inputs = {
        "left": keras.Input((10,), name="left"),
        "right": keras.Input((7,), name="right"),
    }
    answers = []
    for name, x in inputs.items():
        x = dense(UNITS, activation="relu", name=f"{name}_1")(x)
        x = dense(UNITS, activation="relu", name=f"{name}_2")(x)
        x = dense(CLASSES, activation="softmax", name=f"{name}_3")(x)
        answers.append(x)
    x = keras.layers.Concatenate()(answers)
    x = dense(UNITS, activation="relu", name="connection")(x)
    x = dense(CLASSES, activation="softmax", name="answer")(x)
    return keras.Model(inputs, x)


def _ours():
    """The same in three lines."""
    left = mm.encoders.vector_mlp(10, units=64, hidden=(64,), name="left")
    right = mm.encoders.vector_mlp(7, units=64, hidden=(64,), name="right")
    return mm.models.late_fusion_model(
        {"left": left, "right": right},
        mm.decision.StackedDecision(UNITS),
        mm.tasks.Classification(CLASSES),
    )


def _copy_weights(by_hand, ours):
    def weights(*names):
        return [w for n in names for w in by_hand.get_layer(n).get_weights()]

    for name in ("left", "right"):
        encoder = ours.get_layer(f"{name}_encoder")
        encoder.set_weights(weights(f"{name}_1", f"{name}_2"))
        ours.get_layer(f"label_{name}").set_weights(weights(f"{name}_3"))
    [decision] = [
        layer
        for layer in ours.layers
        if isinstance(layer, mm.decision.StackedDecision)
    ]
    decision.set_weights(weights("connection", "answer"))


def test_equal_to_the_same_graph_written_by_hand():
    by_hand, ours = _by_hand(), _ours()
    assert ours.count_params() == by_hand.count_params()
    _copy_weights(by_hand, ours)
    random = np.random.default_rng(0)
    x = {
        "left": random.normal(size=(20, 10)).astype("float32"),
        "right": random.normal(size=(20, 7)).astype("float32"),
    }
    y = random.integers(0, CLASSES, 20)

    def assert_equal():
        np.testing.assert_allclose(
            ours.predict(x, verbose=0)["label"],
            by_hand.predict(x, verbose=0),
            atol=1e-6,
        )

    assert_equal()
    # They learn alike, too: the same steps from the same loss.
    ours.compile("sgd", **mm.tasks.compile_arguments(ours))
    by_hand.compile("sgd", loss="sparse_categorical_crossentropy")
    ours.fit(x, {"label": y}, batch_size=20, epochs=3, verbose=0)
    by_hand.fit(x, y, batch_size=20, epochs=3, verbose=0)
    assert_equal()


def test_an_absent_modality_enters_as_zeros():
    layer = mm.decision.StackedDecision(4)
    p = np.array([[0.2, 0.8]], "float32")
    absent = layer({"a": p, "b": p}, present={"b": np.array([False])})
    zeros = layer({"a": p, "b": np.zeros_like(p)})
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(absent), keras.ops.convert_to_numpy(zeros)
    )
