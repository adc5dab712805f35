"""Fine-tuning: rates by layer, and layers that begin to learn one by one."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import FineTuning
from tests.training import small


def _moves(method, x, y, epochs=1):
    """By epoch, how far each weight of the model moved, by path."""
    moves, model = [], method.model
    last = {v.path: np.array(v) for v in model.trainable_variables}

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            now = {v.path: np.array(v) for v in variables}
            moves.append({path: now[path] - last[path] for path in now})
            last.update(now)

    variables = list(model.trainable_variables)
    method.fit(
        x,
        y,
        batch_size=small.ROWS,
        shuffle=False,
        epochs=epochs,
        callbacks=[Look()],
        verbose=0,
    )
    return moves


def test_each_layer_moves_by_its_rate():
    x, y, _ = small.rows()
    plain = FineTuning(small.model(), decay=1.0)
    slow = FineTuning(small.model(), decay=2.0)
    for method in (plain, slow):
        method.compile(keras.optimizers.SGD(0.5))
    (full,), (less,) = _moves(plain, x, y), _moves(slow, x, y)
    factors = slow.rates()
    assert set(factors) == {1.0, 0.5}
    for move, whole, factor in zip(
        less.values(), full.values(), factors, strict=True
    ):
        np.testing.assert_allclose(move, factor * whole, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "adamw"])
def test_other_optimizers_too(optimizer):
    x, y, _ = small.rows()
    method = FineTuning(small.model(), decay=1e2)
    method.compile(optimizer)
    (moves,) = _moves(method, x, y)
    sizes = np.array([np.abs(move).max() for move in moves.values()])
    slow = np.array(method.rates()) < 1
    assert sizes[slow].max() < 0.1 * sizes[~slow].min()


def test_layers_begin_one_by_one():
    x, y, _ = small.rows()
    method = FineTuning(small.model(), decay=1.0, every=2)
    method.compile(keras.optimizers.SGD(0.5))
    learns = [
        {path for path, move in moves.items() if np.abs(move).max() > 0}
        for moves in _moves(method, x, y, epochs=4)
    ]
    lower = {
        variable.path
        for ladder in method._ladders
        for layer in ladder[1]
        for variable in layer.trainable_variables
    }
    everything = {v.path for v in method.model.trainable_variables}
    assert lower and learns[0] == learns[1] == everything - lower
    assert learns[2] == learns[3] == everything
    assert all(layer.trainable for layer in method.model.layers)


def test_layers_of_a_network_within_an_encoder_have_rates_of_their_own():
    inputs = keras.Input((3,))
    dense = [keras.layers.Dense(4, name=f"dense_{i}") for i in range(5)]
    within = keras.Sequential([keras.Input((3,)), *dense[:4]], name="within")
    trained = mm.layers.Pretrained(within, name="trained")
    encoders = {
        "nested": keras.Model(inputs, dense[4](within(inputs))),
        "kept": keras.Model(inputs, dense[4](trained(inputs))),
    }
    for encoder in encoders.values():
        model = mm.models.fusion_model(
            {"v": encoder},
            mm.fusion.ConcatFusion(4),
            mm.tasks.Classification(2),
        )
        method = FineTuning(model, decay=2.0, parts=3)
        rates = {
            variable.path.split("/")[-2]: rate
            for variable, rate in zip(
                model.trainable_variables, method.rates(), strict=True
            )
        }
        # Five layers in three parts: two, two and one.
        assert [rates[f"dense_{i}"] for i in range(5)] == [
            0.25,
            0.5,
            0.5,
            1.0,
            1.0,
        ]


def test_settings_are_checked():
    with pytest.raises(ArgumentError, match="decay.*0.5"):
        FineTuning(small.model(), decay=0.5)
