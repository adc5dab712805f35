"""What a docstring says an encoder has in parameters, it has."""

import math
import re

import pytest

from mmfusion import encoders

pytestmark = pytest.mark.variant  # A number of parameters knows no backend.
# The size that the docstring names.
MAKERS = {
    "audio_cnn": lambda **o: encoders.audio_cnn((98, 40), **o),
    "audio_transformer": lambda: encoders.audio_transformer((98, 40)),
    "tabular_mlp": lambda: encoders.tabular_mlp(8, (12,) * 4),
    "tabular_transformer": lambda: encoders.tabular_transformer(8, (12,) * 4),
    "vector_mlp": lambda: encoders.vector_mlp(300),
    "vector_sequence": lambda **o: encoders.vector_sequence((20, 35), **o),
    "video_cnn3d": lambda: encoders.video_cnn3d((16, 64, 64, 3)),
    "video_frames": lambda **o: encoders.video_frames((16, 64, 64, 3), **o),
    "waveform_cnn": lambda **o: encoders.waveform_cnn(8000, **o),
}


def _trainable(model):
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def _documented(name):
    text = " ".join(getattr(encoders, name).__doc__.split())
    return int(re.search(r"(\d+) parameters", text).group(1)), text


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_parameters_are_those_of_the_docstring(name):
    documented, _ = _documented(name)
    assert _trainable(MAKERS[name]()) == documented


@pytest.mark.parametrize("name", ["vector_sequence", "video_frames"])
def test_what_each_way_over_time_adds_is_that_of_the_docstring(name):
    base, text = _documented(name)
    added = re.search(
        r'"attention"` adds (\d+) parameters, `"gru"` (\d+), '
        r'`"transformer"` (\d+)',
        text,
    ).groups()
    for way, more in zip(
        ("attention", "gru", "transformer"), added, strict=True
    ):
        assert _trainable(MAKERS[name](over_time=way)) == base + int(more), way


@pytest.mark.parametrize("name", ["audio_cnn", "waveform_cnn"])
def test_what_attention_adds_is_that_of_the_docstring(name):
    base, text = _documented(name)
    (more,) = re.search(r'"attention"` adds (\d+) parameters', text).groups()
    assert _trainable(MAKERS[name](pool="attention")) == base + int(more)


def test_several_adds_its_pool_and_last_layer():
    one = encoders.vector_mlp(10)
    documented, _ = _documented("several")
    whole = _trainable(encoders.several(one, count=5))
    assert whole - _trainable(one) == documented
