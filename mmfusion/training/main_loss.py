"""What validation says of the outputs that answer."""

import keras

from mmfusion.decision import Decision

NAME = "val_main_loss"


class MainLoss(keras.callbacks.Callback):
    """Adds the validation loss of the main outputs to what an epoch logs.

    Heads that only help to train (`auxiliary=True`) are part of `val_loss`,
    and the epoch that is best for all together need not be the best one for
    the answer. Callbacks after this one see `val_main_loss`, the plain sum of
    the main outputs' losses.

    Args:
        names: names of the main outputs.
    """

    def __init__(self, names):
        super().__init__()
        self.names = tuple(names)

    def on_epoch_end(self, epoch, logs=None):
        found = [logs.get(f"val_{name}_loss") for name in self.names]
        if None not in found:
            logs[NAME] = sum(found)


def watched(trainee):
    """What of the validation split chooses the epoch, and what makes it.

    The loss of the main outputs; the score of the first of them where a
    decision says classes and no probabilities.

    Args:
        trainee: a `FusionModel`, or a `Method`, whose `val_loss` is that of
            the main outputs.

    Returns:
        Name of a log, `"min"` or `"max"`, list of callbacks.
    """
    model = getattr(trainee, "model", trainee)
    several = len(model.output) > 1
    if any(isinstance(x, Decision) and x.hard for x in model.layers):
        (first, *_) = model.main_tasks
        task = model.main_tasks[first]
        prefix = f"val_{first}_" if several else "val_"
        mode = "max" if task.higher_is_better else "min"
        return f"{prefix}{task.metric}", mode, []
    if trainee is not model or not several:
        return "val_loss", "min", []
    return NAME, "min", [MainLoss(trainee.main_tasks)]
