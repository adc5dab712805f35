"""Losses: thin Keras classes over `ops`."""

from mmfusion.losses.log_loss import LogLoss

__all__ = ["LogLoss"]
