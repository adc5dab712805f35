"""A model from a schema: defaults, overrides and mistakes."""

import keras
import pytest

import mmfusion as mm
from mmfusion.schema import InputSchema, Schema, TargetSchema

SCHEMA = Schema(
    {
        "photo": InputSchema(
            (8, 8, 3), "float32", False, "image_cnn", {"shape": (8, 8, 3)}
        ),
        "title": InputSchema(
            (20,), "float32", True, "text_bag", {"vocabulary_size": 20}
        ),
    },
    {"label": TargetSchema("classification", {"classes": ["cat", "dog"]})},
)


def test_the_schema_says_what_is_optional_and_the_classes():
    model = mm.models.from_schema(SCHEMA, mm.fusion.GatedFusion(4))
    assert model.optional == ("title",)
    assert model.tasks["label"].classes == ["cat", "dog"]


def test_a_decision_makes_a_late_fusion():
    model = mm.models.from_schema(
        SCHEMA, mm.decision.AverageDecision(), auxiliary=True
    )
    assert sorted(model.output) == ["label", "label_photo", "label_title"]


def test_encoders_may_be_changed_replaced_or_given():
    own = keras.Sequential(
        [keras.Input((20,)), keras.layers.Dense(3)], name="mine"
    )
    encoders = mm.models.encoders_for(
        SCHEMA, photo={"units": 7, "hidden": (2,)}, title=own
    )
    assert encoders["photo"].output_shape == (None, 7)
    assert encoders["title"] is own
    swapped = mm.models.encoders_for(
        Schema(
            {
                "v": InputSchema(
                    (4,), "float32", False, "vector_mlp", {"dim": 4}
                )
            },
            {},
        ),
        v={"name": "text_bag", "vocabulary_size": 4, "units": 5},
    )
    assert swapped["v"].output_shape == (None, 5)


def _vectors(**dtypes):
    return Schema(
        {
            name: InputSchema((4,), dtype, False, "vector_mlp", {"dim": 4})
            for name, dtype in dtypes.items()
        },
        {"label": TargetSchema("classification", {"classes": ["cat", "dog"]})},
    )


def test_two_modalities_may_share_an_encoder():
    schema = _vectors(left="float32", right="float32")
    shared = {"left": {"units": 3}, "right": {"shared_with": "left"}}
    encoders = mm.models.encoders_for(schema, **shared)
    assert encoders["left"] is encoders["right"]
    assert list(encoders) == ["left", "right"]
    alone = mm.models.from_schema(schema, encoders={"left": {"units": 3}})
    both = mm.models.from_schema(schema, encoders=shared)
    assert both.count_params() < alone.count_params()


BAG = InputSchema((20,), "float32", False, "text_bag", {"vocabulary_size": 20})


@pytest.mark.parametrize(
    ("schema", "chosen", "message"),
    [
        (Schema({"left": BAG, "right": BAG}, {}), "left", "vocabulary of its"),
        (_vectors(left="int32", right="int32"), "left", "vocabulary of its"),
        (_vectors(left="float32", right="int32"), "left", "their dtype is"),
        (_vectors(left="float32", right="float32"), "lft", "'left'.*'lft'"),
        (_vectors(left="float32", right="float32"), "right", "shared_with"),
    ],
)
def test_what_cannot_be_shared_is_refused(schema, chosen, message):
    with pytest.raises(ValueError, match=message):
        mm.models.encoders_for(schema, right={"shared_with": chosen})


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"foto": {}}, "Did you mean 'photo'"),
        ({"photo": {"name": "image_cn"}}, "Did you mean 'image_cnn'"),
        ({"photo": {"unit": 3}}, "Did you mean 'units'"),
    ],
)
def test_mistakes_name_the_nearest(overrides, message):
    with pytest.raises(ValueError, match=message):
        mm.models.encoders_for(SCHEMA, **overrides)


CLIPS = Schema(
    {
        "clip": InputSchema(
            (2, 8, 8, 3),
            "float32",
            False,
            "video_frames",
            {"shape": (2, 8, 8, 3), "encoder": {"name": "image_cnn"}},
        )
    },
    {},
)


def test_an_encoder_within_an_encoder_is_chosen_by_its_settings():
    inner = {"units": 5, "hidden": (2,)}
    settings = mm.models.encoder_settings(
        CLIPS.inputs["clip"], {"encoder": inner}
    )
    assert settings["encoder"] == {"name": "image_cnn", **inner}
    encoders = mm.models.encoders_for(CLIPS, clip={"encoder": inner})
    assert encoders["clip"].get_layer("frame_encoder").output_shape == (None, 5)
    assert encoders["clip"].name == "clip_encoder"
    photo = {"name": "image_cnn", "shape": (8, 8, 3)}
    several = {"name": "several", "encoder": photo, "count": 2}
    encoders = mm.models.encoders_for(CLIPS, clip={**several, "masked": False})
    assert encoders["clip"].input_shape == (None, 2, 8, 8, 3)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ({"name": "image_cn"}, "Unknown encoder.*Did you mean 'image_cnn'"),
        ({"unit": 3}, "Did you mean 'units'"),
    ],
)
def test_mistakes_in_an_encoder_within_name_the_nearest(inner, message):
    with pytest.raises(ValueError, match=message):
        mm.models.encoders_for(CLIPS, clip={"encoder": inner})


def test_an_encoder_within_an_encoder_needs_a_name():
    with pytest.raises(ValueError, match="need the key 'name'"):
        mm.models.encoder_settings(
            SCHEMA.inputs["photo"],
            {"name": "video_frames", "encoder": {"units": 3}},
        )


def test_a_mask_that_no_data_set_has_is_refused_at_once():
    schema = Schema(
        {
            "sound": InputSchema(
                (8, 4), "float32", False, "audio_cnn", {"shape": (8, 4)}
            )
        },
        {"label": TargetSchema("classification", {"classes": ["cat", "dog"]})},
    )
    chosen = {"name": "audio_transformer", "units": 4, "masked": True}
    with pytest.raises(ValueError, match=r"'sound' takes a mask.*arrays"):
        mm.models.from_schema(schema, encoders={"sound": chosen})
