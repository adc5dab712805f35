"""Data: raw values to tensors, and tables to splits."""

from mmfusion.data import datasets
from mmfusion.data.arrays import from_arrays
from mmfusion.data.audio import Audio
from mmfusion.data.checkup import Checkup, check
from mmfusion.data.container import Data
from mmfusion.data.hub_text import HubText
from mmfusion.data.image import Image
from mmfusion.data.inference import Inference, infer
from mmfusion.data.modality import BadValue, Modality
from mmfusion.data.read import read, read_csv
from mmfusion.data.several import Several
from mmfusion.data.skip_gram import skip_gram
from mmfusion.data.split import Split
from mmfusion.data.storage import load_inputs, save_inputs
from mmfusion.data.tabular import Tabular
from mmfusion.data.target import (
    ClassTarget,
    LabelsTarget,
    NumberTarget,
    resolve_targets,
)
from mmfusion.data.text import Text
from mmfusion.data.unlabelled import read_unlabelled
from mmfusion.data.vector import Vector
from mmfusion.data.video import Video
from mmfusion.data.word_pieces import WordPieces
from mmfusion.data.word_vectors import WordVectors, read_word_vectors

__all__ = [
    "Audio",
    "BadValue",
    "Checkup",
    "ClassTarget",
    "Data",
    "HubText",
    "Image",
    "Inference",
    "LabelsTarget",
    "Modality",
    "NumberTarget",
    "Several",
    "Split",
    "Tabular",
    "Text",
    "Vector",
    "Video",
    "WordVectors",
    "WordPieces",
    "check",
    "datasets",
    "from_arrays",
    "infer",
    "load_inputs",
    "read",
    "read_csv",
    "read_unlabelled",
    "read_word_vectors",
    "resolve_targets",
    "save_inputs",
    "skip_gram",
]
