"""A small model with heads of its modalities, and rows for it."""

import keras
import numpy as np

import mmfusion as mm

ROWS, CLASSES = 12, 3


def model(auxiliary=True, **options):
    """Two modalities, `b` optional, one target of three classes."""
    keras.utils.set_random_seed(1)
    encoders = {
        "a": mm.encoders.vector_mlp(3, units=4, hidden=(5,), name="a_tower"),
        "b": mm.encoders.vector_mlp(2, units=4, hidden=(5,), name="b_tower"),
    }
    return mm.models.fusion_model(
        encoders,
        mm.fusion.ConcatFusion(6),
        mm.tasks.Classification(CLASSES),
        optional=["b"],
        auxiliary=auxiliary,
        **options,
    )


def rows(seed=0):
    """Inputs with `b` away in every third row, labels, weights of rows."""
    random = np.random.default_rng(seed)
    x = {
        "a": random.normal(size=(ROWS, 3)).astype("float32"),
        "b": random.normal(size=(ROWS, 2)).astype("float32"),
        "b_present": np.arange(ROWS) % 3 != 0,
    }
    y = {"label": random.integers(0, CLASSES, ROWS)}
    return x, y, random.uniform(0.2, 2.0, ROWS).astype("float32")


def learn(method, x, y, steps, learning_rate=0.001):
    """Trains with Adam, on all rows in each step.

    Returns:
        The mean loss of each tenth of the steps.
    """
    repeat = steps // 10
    method.compile(keras.optimizers.Adam(learning_rate))
    return method.fit(
        {name: np.concatenate([part] * repeat) for name, part in x.items()},
        {name: np.concatenate([part] * repeat) for name, part in y.items()},
        batch_size=ROWS,
        epochs=10,
        shuffle=False,
        verbose=0,
    ).history["loss"]


def probabilities(model, x):
    """What each output says, float64 arrays by name."""
    answers = model.predict(x, verbose=0)
    return {name: p.astype("float64") for name, p in answers.items()}


def log_losses(p, y):
    """`(rows,)`: minus the log of what the true class got."""
    return -np.log(p[np.arange(len(y)), y])


def training_loss(method, x, y, weights=None):
    """The loss of one step, before it; nothing learns."""
    method.compile(keras.optimizers.SGD(0.0))
    history = method.fit(
        x,
        y,
        sample_weight=weights,
        batch_size=ROWS,
        shuffle=False,
        verbose=0,
    ).history
    return history["loss"][0]
