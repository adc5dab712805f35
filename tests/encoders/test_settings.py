"""Wrong settings get one line, where an encoder is made."""

import pytest

from mmfusion import encoders
from mmfusion.errors import ArgumentError

SHAPES = {
    "image_cnn": (8, 8, 3),
    "image_resnet": (8, 8, 3),
    "image_vgg16": (32, 32, 3),
    "image_vit": (8, 8, 3),
    "video_cnn3d": (4, 8, 8, 3),
}


@pytest.mark.parametrize("name", sorted(SHAPES))
@pytest.mark.parametrize("scale", ["1/255", None, 0.0])
def test_a_scale_is_a_number(name, scale):
    with pytest.raises(ArgumentError, match=f"`{name}`.*`scale`.*Received"):
        getattr(encoders, name)(SHAPES[name], scale=scale)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("audio_cnn", (8, 8)),
        ("image_cnn", (8, 8, 3)),
        ("text_bag", 9),
        ("vector_mlp", 4),
        ("vector_sequence", (4, 3)),
        ("video_cnn3d", (4, 8, 8, 3)),
        ("waveform_cnn", 64),
    ],
)
@pytest.mark.parametrize("hidden", [16, "16", [16, 0]])
def test_hidden_is_a_list_of_widths(name, first, hidden):
    with pytest.raises(ArgumentError, match=r"`hidden` to be.*Received"):
        getattr(encoders, name)(first, hidden=hidden)


def test_codes_of_categories_are_a_list():
    with pytest.raises(ArgumentError, match=r"`category_sizes`.*Received: 5"):
        encoders.tabular_mlp(2, category_sizes=5)
