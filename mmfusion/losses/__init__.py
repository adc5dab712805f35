"""Losses: thin Keras classes over `ops`."""

from mmfusion.losses.contrastive import Contrastive
from mmfusion.losses.deep_cca import DeepCCA
from mmfusion.losses.focal import FocalLoss
from mmfusion.losses.log_loss import LogLoss
from mmfusion.losses.logit_adjusted import LogitAdjustedLoss
from mmfusion.losses.view_loss import ViewLoss

__all__ = [
    "Contrastive",
    "DeepCCA",
    "FocalLoss",
    "LogLoss",
    "LogitAdjustedLoss",
    "ViewLoss",
]
