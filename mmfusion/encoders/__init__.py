"""Encoders: functions that return a `keras.Model` for one modality."""

from mmfusion.encoders.audio_cnn import audio_cnn
from mmfusion.encoders.image_cnn import image_cnn
from mmfusion.encoders.image_resnet import image_resnet
from mmfusion.encoders.tabular_mlp import tabular_mlp
from mmfusion.encoders.text_bag import text_bag
from mmfusion.encoders.text_gru import text_gru
from mmfusion.encoders.text_transformer import text_transformer
from mmfusion.encoders.vector_mlp import vector_mlp
from mmfusion.encoders.waveform_cnn import waveform_cnn

__all__ = [
    "audio_cnn",
    "image_cnn",
    "image_resnet",
    "tabular_mlp",
    "text_bag",
    "text_gru",
    "text_transformer",
    "vector_mlp",
    "waveform_cnn",
]
