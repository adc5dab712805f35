"""Data sets by name: generated, or made of what lies in a folder."""

from mmfusion.data.datasets.av_mnist import av_mnist
from mmfusion.data.datasets.cifar10_captions import cifar10_captions
from mmfusion.data.datasets.clothing_reviews import clothing_reviews
from mmfusion.data.datasets.coco_mini import coco_mini
from mmfusion.data.datasets.describe import describe
from mmfusion.data.datasets.grid import grid
from mmfusion.data.datasets.shapes import shapes
from mmfusion.data.datasets.vqa_rad import vqa_rad

__all__ = [
    "av_mnist",
    "cifar10_captions",
    "clothing_reviews",
    "coco_mini",
    "describe",
    "grid",
    "shapes",
    "vqa_rad",
]
