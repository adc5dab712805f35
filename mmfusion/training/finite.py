"""Stops a training whose loss is no number, and says where."""

import math

import keras

from mmfusion.errors import MmfusionError

# Ids that a message names.
_LISTED = 8


class TrainingError(MmfusionError):
    """The loss became NaN or infinite."""


class StopAtNaN(keras.callbacks.Callback):
    """Ends the training at the first batch whose loss is not finite.

    Attributes:
        place: `(epoch, step, loss)` of that batch, both from 0; or None.
    """

    def __init__(self):
        super().__init__()
        self.place = None
        self._epoch = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        # The mean of the epoch so far: finite up to this batch.
        loss = float((logs or {}).get("loss", 0.0))
        if self.place is None and not math.isfinite(loss):
            self.place = (self._epoch, batch, loss)
            self.model.stop_training = True

    def check(self, name, split, batch_size):
        """Raises if there was such a batch, and names its rows.

        Args:
            name: str. Of the model.
            split: the split that was trained on.
            batch_size: int.

        Raises:
            TrainingError: If the loss was not finite.
        """
        if self.place is None:
            return
        epoch, step, loss = self.place
        ids = split.ids(epoch, step, batch_size)
        listed = ", ".join(ids[:_LISTED])
        more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
        raise TrainingError(
            f"The loss of `{name}` became {loss} in epoch {epoch + 1}, step "
            f"{step + 1}, whose rows have the ids {listed}{more}. Look for "
            "huge values in them, or try a smaller learning rate."
        )
