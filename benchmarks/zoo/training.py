"""How every model of the benchmark is trained, and what is kept of it."""

import time

import keras
import numpy as np

import mmfusion as mm
from mmfusion.training.main_loss import watched

UNITS = 64
RATES = {"encoder": 1e-3, "features": 3e-3, "end": 1e-3}


def steps_of(encoder):
    """The steps that an encoder gives, a Keras tensor."""
    found = encoder.output
    return found["sequence"] if isinstance(found, dict) else found


def summary(encoder):
    """An encoder of steps with one layer over all of them: an embedding."""
    steps = keras.layers.Flatten()(steps_of(encoder))
    steps = keras.layers.Dropout(0.3)(steps)
    layer = keras.layers.Dense(UNITS, activation="relu", name="summary")
    return keras.Model(encoder.input, layer(steps), name=f"{encoder.name}_all")


def given(shape):
    """What stands in for an encoder where features are given: the features."""
    inputs = keras.Input(shape, name="features")
    return keras.Model(inputs, keras.layers.Identity()(inputs))


def middle(kind, name):
    """A fusion or decision by its name, of equal width.

    Args:
        kind: `"fusion"` or `"decision"`.
        name: str.

    Returns:
        The layer, and whether it is given steps.
    """
    thing = mm.registry.get(kind, name)
    if kind == "fusion":
        return thing(UNITS), thing.embedding_rank == 3
    return (thing(UNITS) if name == "stacked" else thing()), False


def assembled(kind, name, towers, classes):
    """A model of a fusion or decision.

    Args:
        kind, name: as `middle` takes them.
        towers: function of whether steps are wanted, that gives `keras.Model`
            by modality.
        classes: int.
    """
    thing, steps = middle(kind, name)
    task = mm.tasks.Classification(classes)
    towers = towers(steps)
    if kind == "fusion":
        return mm.models.fusion_model(towers, thing, task)
    # Each head learns, too: without its own loss it would mean nothing.
    return mm.models.late_fusion_model(towers, thing, task, auxiliary=True)


def fit(model, problem, stage, x=None):
    """Trains a model; the best epoch on validation rows stays.

    Args:
        model: `FusionModel`.
        problem: `Problem`.
        stage: `"encoder"`, `"features"` or `"end"`.
        x: dict of features in place of the problem's inputs.

    Returns:
        Dict of plain values: `validation` (accuracy and log loss), `right` (a
        string of 0 and 1, one a test row), `parameters` and `seconds`.
    """
    start = time.perf_counter()
    inputs, labels = problem.rows.of("train", x)
    held, truth = problem.rows.of("validation", x)
    epochs = problem.epochs[stage]
    steps = -(-len(labels) // problem.batch) * epochs
    rate = keras.optimizers.schedules.CosineDecay(RATES[stage], steps)
    model.compile(
        keras.optimizers.Adam(rate),
        jit_compile=False,
        **mm.tasks.compile_arguments(model),
    )
    monitor, mode, makers = watched(model)
    model.fit(
        inputs,
        {"label": labels},
        validation_data=(held, {"label": truth}),
        batch_size=problem.batch,
        epochs=epochs,
        verbose=0,
        callbacks=[
            *makers,
            keras.callbacks.EarlyStopping(
                monitor,
                patience=epochs,
                mode=mode,
                restore_best_weights=True,
            ),
        ],
    )
    p = model.predict(held, batch_size=512, verbose=0)["label"]
    loss = -np.log(np.maximum(p[np.arange(len(truth)), truth], 1e-7)).mean()
    shown, answers = problem.rows.of("test", x)  # Read once, here.
    found = model.predict(shown, batch_size=512, verbose=0)["label"].argmax(1)
    return {
        "validation": [float((p.argmax(1) == truth).mean()), float(loss)],
        "right": "".join("01"[hit] for hit in (found == answers).astype(int)),
        "parameters": int(model.count_params()),
        "seconds": time.perf_counter() - start,
    }
