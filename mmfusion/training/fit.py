"""Trains a model by rules."""

import dataclasses
import time

import keras
import tensorflow as tf

from mmfusion import checks
from mmfusion.tasks import compile_arguments
from mmfusion.training import augmentation, bucketing
from mmfusion.training.balance import (
    check_balanced,
    row_weights,
    task_losses,
)
from mmfusion.training.finite import StopAtNaN
from mmfusion.training.main_loss import watched
from mmfusion.training.plan import plan
from mmfusion.training.xla import check_xla, resolve_xla


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a training came to.

    Attributes:
        history: dict of metric name to a list, one value an epoch.
        seconds: float. Wall-clock time, with what a method trains before.
        epochs: int. Epochs that were run.
        flat: bool. Whether more epochs promised nothing: training stopped
            early, or the best validation loss of the last third (of the main
            outputs) was less than 1 % below the best one before.
        xla: `{"on": bool, "why": str}`.
    """

    history: dict
    seconds: float
    epochs: int
    flat: bool
    xla: dict


def check_fit(model, data, rules, weights=None):
    """Refuses what `fit` would, before a method has trained for an hour.

    Args:
        model: a `FusionModel`.
        data: `mmfusion.data.Data`.
        rules: `Rules`.
        weights: as `fit` takes them.

    Raises:
        ArgumentError: If the rules or the weights name what the data or the
            model has not.
    """
    if rules.balanced:
        check_balanced(data.train, rules.balanced)
    augmentation.check(rules, data, model)
    bucketing.check(rules, data, model)
    if weights is not None:
        tasks = model.tasks
        checks.check_keys("loss weights", weights, tasks, required=tasks)
    if rules.class_weights:
        row_weights(data.train, rules.class_weights)
    task_losses(rules.loss, model, data.train)


def fit(model, data, rules, callbacks=(), weights=None, verbose=0, method=None):
    """Compiles and trains a model by rules; the best epoch's weights stay.

    The best epoch is that of the least validation loss of the main outputs;
    heads that only help to train have no say in it. Where a decision says
    classes and no probabilities, it is that of the best accuracy.

    The seed of the rules is set first, for dropout and the like (the weights
    were made before: set it there too, `keras.utils.set_random_seed`).

    Args:
        model: a `FusionModel`.
        data: `mmfusion.data.Data`; its validation split chooses the epoch.
        rules: `Rules`.
        callbacks: further Keras callbacks.
        weights: dict of output name to the weight of its loss, each output of
            the model named; None: all count one.
        verbose: as Keras takes it. Defaults to 0, silent.
        method: dict of `"name"`, of a registered method such as `"mutual"`,
            and its settings, or None. What learns is the model either way.

    Returns:
        `Outcome`.

    Raises:
        TrainingError: If the loss is not finite; it names the rows.
        ArgumentError: If XLA is asked for and cannot be had, if the rules or
            the weights name what the data or the model has not, if the method
            chooses the weights itself, or if one of them is about classes and
            there are none.
    """
    check_fit(model, data, rules, weights)
    start = time.perf_counter()
    keras.utils.set_random_seed(rules.seed)
    made = plan(method, model, data, rules, weights)
    trainee, data = made.trainee, made.data
    keras.utils.set_random_seed(rules.seed)  # A plan may have trained others.
    options = augmentation.options(rules, data.train)
    options |= bucketing.options(rules, data.train)
    if rules.class_weights:
        options["weight"] = row_weights(data.train, rules.class_weights)
    if rules.balanced:
        options["balanced"] = rules.balanced
    train = data.train.batches(rules.batch_size, **options)
    held = data.validation and data.validation.batches(rules.batch_size)
    xla = resolve_xla(rules.xla, trainee)
    whole = getattr(trainee, "model", trainee)  # It has the tasks.
    trainee.compile(
        rules.create_optimizer(int(train.cardinality())),
        jit_compile=xla["on"],
        **compile_arguments(
            whole,
            made.weights,
            task_losses(rules.loss, whole, data.train),
        ),
    )
    check_xla(trainee, xla)
    if not tf.distribute.has_strategy():  # There Keras does it by itself.
        # Variables that only the first step made would have it traced twice.
        trainee._symbolic_build(data_batch=train.element_spec)
    finite = StopAtNaN()
    callbacks = [finite, *callbacks]
    monitor, mode, makers = watched(trainee)
    if held is not None:
        stop = keras.callbacks.EarlyStopping(
            monitor,
            patience=rules.patience or rules.epochs,
            mode=mode,
            restore_best_weights=True,
        )
        callbacks = [*makers, *callbacks, stop]
    history = trainee.fit(
        train,
        validation_data=held,
        epochs=rules.epochs,
        callbacks=callbacks,
        verbose=verbose,
    ).history
    seconds = time.perf_counter() - start
    finite.check(model.name, data.train, rules.batch_size)
    history = {
        name: [float(value) for value in values]
        for name, values in history.items()
    }
    epochs = len(history["loss"])
    losses = history.get(monitor if mode == "min" else "val_loss")
    flat = epochs < rules.epochs or _is_flat(losses)
    return Outcome(history, seconds, epochs, flat, xla)


def _is_flat(losses):
    """Whether the last third of the epochs brought less than 1 %."""
    if not losses or len(losses) < 3:
        return False
    last = max(1, len(losses) // 3)
    before, after = min(losses[:-last]), min(losses[-last:])
    return after > 0.99 * before
