"""Losses: thin Keras classes over `ops`."""

from mmfusion.losses.binary_log_loss import BinaryLogLoss
from mmfusion.losses.contrastive import Contrastive
from mmfusion.losses.deep_cca import DeepCCA
from mmfusion.losses.focal import FocalLoss
from mmfusion.losses.log_loss import LogLoss
from mmfusion.losses.logit_adjusted import LogitAdjustedLoss
from mmfusion.losses.scaled_error import ScaledError
from mmfusion.losses.view_loss import ViewLoss

__all__ = [
    "BinaryLogLoss",
    "Contrastive",
    "DeepCCA",
    "FocalLoss",
    "LogLoss",
    "LogitAdjustedLoss",
    "ScaledError",
    "ViewLoss",
]
