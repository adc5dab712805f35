"""Data sets by name: generated, or made of prepared ones."""

from mmfusion.data.datasets.av_mnist import av_mnist
from mmfusion.data.datasets.describe import describe
from mmfusion.data.datasets.shapes import shapes

__all__ = ["av_mnist", "describe", "shapes"]
