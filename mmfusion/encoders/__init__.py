"""Encoders: functions that return a `keras.Model` for one modality."""

from mmfusion.encoders.audio_cnn import audio_cnn
from mmfusion.encoders.audio_transformer import audio_transformer
from mmfusion.encoders.image_backbone import image_backbone
from mmfusion.encoders.image_cnn import image_cnn
from mmfusion.encoders.image_resnet import image_resnet
from mmfusion.encoders.image_vgg16 import image_vgg16
from mmfusion.encoders.image_vit import image_vit
from mmfusion.encoders.several import several
from mmfusion.encoders.tabular_mlp import tabular_mlp
from mmfusion.encoders.tabular_transformer import tabular_transformer
from mmfusion.encoders.text_bag import text_bag
from mmfusion.encoders.text_cnn import text_cnn
from mmfusion.encoders.text_gru import text_gru
from mmfusion.encoders.text_transformer import text_transformer
from mmfusion.encoders.text_vectors import text_vectors
from mmfusion.encoders.vector_mlp import vector_mlp
from mmfusion.encoders.vector_sequence import vector_sequence
from mmfusion.encoders.video_cnn3d import video_cnn3d
from mmfusion.encoders.video_frames import video_frames
from mmfusion.encoders.waveform_cnn import waveform_cnn

__all__ = [
    "audio_cnn",
    "audio_transformer",
    "image_backbone",
    "image_cnn",
    "image_resnet",
    "image_vgg16",
    "image_vit",
    "several",
    "tabular_mlp",
    "tabular_transformer",
    "text_bag",
    "text_cnn",
    "text_gru",
    "text_transformer",
    "text_vectors",
    "vector_mlp",
    "vector_sequence",
    "video_cnn3d",
    "video_frames",
    "waveform_cnn",
]
