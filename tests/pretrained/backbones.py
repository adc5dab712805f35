"""Small backbones of KerasHub, and a case for each way to use one."""

import keras

from mmfusion.pretrained import keras_hub_image, keras_hub_text, sentence_bert
from tests.conformance.cases.case import ROWS, Case, floats, random

VOCABULARY = 30


def bert(**options):
    import keras_hub

    return keras_hub.models.BertBackbone(
        vocabulary_size=VOCABULARY,
        num_layers=2,
        num_heads=2,
        hidden_dim=8,
        intermediate_dim=16,
        max_sequence_length=12,
        dropout=0.0,
        **options,
    )


def distil_bert():
    import keras_hub

    return keras_hub.models.DistilBertBackbone(
        vocabulary_size=VOCABULARY,
        num_layers=1,
        num_heads=2,
        hidden_dim=8,
        intermediate_dim=16,
        max_sequence_length=12,
        dropout=0.0,
    )


def res_net():
    import keras_hub

    return keras_hub.models.ResNetBackbone(
        input_conv_filters=[64],
        input_conv_kernel_sizes=[3],
        stackwise_num_filters=[64],
        stackwise_num_blocks=[1],
        stackwise_num_strides=[1],
        block_type="basic_block",
        image_shape=(None, None, 3),
    )


def vit():
    import keras_hub

    return keras_hub.models.ViTBackbone(
        image_shape=(8, 8, 3),
        patch_size=(4, 4),
        num_layers=1,
        num_heads=2,
        hidden_dim=8,
        mlp_dim=16,
        dropout_rate=0.0,
        attention_dropout=0.0,
    )


def ids():
    """Token ids: a full text, two with padding, one of padding alone."""
    x = random(0).integers(1, VOCABULARY, (ROWS, 6)).astype("int32")
    x[1, 4:] = x[2, 1:] = x[3] = 0
    return x


def pixels():
    return floats(10, 9, 3, low=0.0, high=255.0)


def _texts(variant, **options):
    options = {"length": 6, "units": 6, "trainable": True, **options}
    return Case(
        "keras_hub_text",
        lambda: keras_hub_text(bert(), **options),
        lambda: {"x": ids()},
        "encoder",
        variant,
    )


def _images(variant, backbone, **options):
    options = {"units": 6, "trainable": True, **options}
    return Case(
        "keras_hub_image",
        lambda: keras_hub_image(backbone(), (10, 9, 3), scale=0.01, **options),
        lambda: {"x": pixels()},
        "encoder",
        variant,
    )


CASES = [
    _texts("mean"),
    _texts("first", pool="first"),
    _texts("sequence", pool=None),
    _texts("lora", lora_rank=2, trainable=False),
    _texts("partly", trainable=1, units=None),
    Case(
        "sentence_bert",
        lambda: sentence_bert(distil_bert(), length=6, trainable=True),
        lambda: {"x": ids()},
        "encoder",
    ),
    _images("res_net", res_net),
    _images("vit", vit, pool="first"),
    _images("sequence", vit, pool=None),
]


def learning(model):
    """Names of what learns, in order."""
    return [weight.path for weight in model.trainable_weights]


def changed(before, after):
    """Which weights a training has changed."""
    return [
        bool(keras.ops.any(x != y)) for x, y in zip(before, after, strict=True)
    ]
