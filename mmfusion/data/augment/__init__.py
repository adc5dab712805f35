"""Augmentation: batches altered at random while a model learns, by a seed."""

from mmfusion.data.augment.augmentation import Augmentation, check_fits
from mmfusion.data.augment.chain import (
    Chain,
    chains,
    check,
    create,
    fitted,
    settings,
)
from mmfusion.data.augment.colour import Colour
from mmfusion.data.augment.crop import Crop
from mmfusion.data.augment.cutout import Cutout
from mmfusion.data.augment.drop_tokens import DropTokens
from mmfusion.data.augment.drop_words import DropWords
from mmfusion.data.augment.flip import Flip
from mmfusion.data.augment.frame_jitter import FrameJitter
from mmfusion.data.augment.gain import Gain
from mmfusion.data.augment.mixup import Mixup, mixup
from mmfusion.data.augment.noise import Noise
from mmfusion.data.augment.rand_augment import RandAugment
from mmfusion.data.augment.rotate import Rotate
from mmfusion.data.augment.shift import Shift
from mmfusion.data.augment.spec_augment import SpecAugment
from mmfusion.data.augment.swap_tokens import SwapTokens
from mmfusion.data.augment.time_shift import TimeShift

__all__ = [
    "Augmentation",
    "Chain",
    "Colour",
    "Crop",
    "Cutout",
    "DropTokens",
    "DropWords",
    "Flip",
    "FrameJitter",
    "Gain",
    "Mixup",
    "Noise",
    "RandAugment",
    "Rotate",
    "Shift",
    "SpecAugment",
    "SwapTokens",
    "TimeShift",
    "chains",
    "check",
    "check_fits",
    "create",
    "fitted",
    "mixup",
    "settings",
]
