"""Text backbones: where they come from, what of them learns, what is cut."""

import json
import sys

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError, MissingExtraError
from mmfusion.pretrained import keras_hub_text, sentence_bert


def test_without_keras_hub_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(MissingExtraError, match=r"mmfusion\[hub\]"):
        keras_hub_text("bert_tiny_en_uncased")


def test_sentence_bert_takes_any_encoder_of_a_sequence():
    tokens = mm.encoders.text_transformer(9, length=4, units=5, pool=None)
    x = np.array([[1, 2, 0, 0], [3, 4, 5, 6], [0, 0, 0, 0]], "int32")
    parts = tokens.predict(x, verbose=0)
    mean = np.stack(
        [
            parts["sequence"][0, :2].mean(0),
            parts["sequence"][1].mean(0),
            np.zeros(5),
        ]
    )
    norm = np.linalg.norm(mean, axis=-1, keepdims=True)
    expected = mean / np.where(norm == 0, 1, norm)
    given = sentence_bert(tokens).predict(x, verbose=0)
    np.testing.assert_allclose(given, expected, atol=1e-6)
    with pytest.raises(ArgumentError, match="as it is"):
        sentence_bert(tokens, trainable=True)
    pooled = mm.encoders.text_transformer(9, length=4, units=5)
    with pytest.raises(ArgumentError, match=r"`sentence_bert`.*`pool=None`"):
        sentence_bert(pooled)


hub = pytest.importorskip("keras_hub", reason="needs mmfusion[hub]")
from tests.pretrained.backbones import (  # noqa: E402
    VOCABULARY,
    bert,
    changed,
    ids,
    learning,
    res_net,
)


@pytest.mark.parametrize("padding", [0, 3])
def test_it_is_the_backbone_and_the_mean_of_what_counts(padding):
    backbone, x = bert(), ids()
    if padding:
        x = np.where(x == 0, padding, np.where(x == padding, 0, x))
        assert (x == 0).any()
    out = backbone.predict(
        {
            "token_ids": x,
            "segment_ids": np.zeros_like(x),
            "padding_mask": x != padding,
        },
        verbose=0,
    )["sequence_output"]
    counts = (x != padding)[..., None]
    mean = (out * counts).sum(1) / np.maximum(counts.sum(1), 1)
    encoder = keras_hub_text(backbone, length=6, padding_id=padding)
    given = encoder.predict(x, verbose=0)
    np.testing.assert_allclose(given, mean, atol=1e-5)
    np.testing.assert_array_equal(given[3], 0)  # Padding alone.


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({}, ()),
        ({"trainable": 1}, ("transformer_layer_1",)),
        ({"trainable": 2}, ("transformer_layer_0", "transformer_layer_1")),
        ({"lora_rank": 2}, ("query", "value")),
    ],
    ids=str,
)
def test_what_shall_learn_learns_and_nothing_else(options, parts):
    model = keras_hub_text(bert(), length=6, units=3, **options)
    inner = learning(model.get_layer("backbone"))
    assert bool(inner) == bool(parts)
    for path in inner:
        assert any(part in path.split("/") for part in parts), path
    before = [np.array(w) for w in model.weights]
    model.compile(keras.optimizers.Adam(0.1), loss="mse")
    for _ in range(3):  # The second factor of LoRA is zero at first.
        model.fit(ids(), np.ones((4, 3)), verbose=0)
    learnt = {id(w) for w in model.trainable_weights}
    for weight, change in zip(
        model.weights, changed(before, model.weights), strict=True
    ):
        # A bias of the keys moves no attention.
        assert change == (id(weight) in learnt) or "key/bias" in weight.path


def test_all_of_it_learns_but_what_is_not_used():
    model = keras_hub_text(bert(), length=6, trainable=True)
    assert not any("pooled_dense" in path for path in learning(model))
    assert len(learning(model)) == len(bert().weights) - 2


def test_lora_factors_survive_saving(tmp_path):
    model = keras_hub_text(bert(), length=6, units=3, lora_rank=2)
    model.compile(keras.optimizers.SGD(1.0), loss="mse")
    for _ in range(3):
        model.fit(ids(), np.ones((4, 3)), verbose=0)
    model.save(tmp_path / "m.keras")
    twin = mm.load_model(tmp_path / "m.keras")
    for own, loaded in zip(model.weights, twin.weights, strict=True):
        assert own.path == loaded.path
        np.testing.assert_allclose(own, loaded, atol=1e-6)
    factors = [w for w in twin.weights if "lora_kernel_b" in w.path]
    assert len(factors) == 4 and all(np.abs(w).max() > 0 for w in factors)


def test_unfrozen_later_it_stays_so(tmp_path):
    model = keras_hub_text(bert(), length=6)
    model.get_layer("backbone").backbone.get_layer(
        "transformer_layer_0"
    ).trainable = True
    model.save(tmp_path / "m.keras")
    twin = mm.load_model(tmp_path / "m.keras")
    assert learning(twin) == learning(model) != []


def test_a_local_preset_gives_its_weights(tmp_path):
    backbone = bert()
    backbone.save_to_preset(str(tmp_path / "preset"))
    own = keras_hub_text(tmp_path / "preset", length=6)
    np.testing.assert_allclose(
        own.predict(ids(), verbose=0),
        keras_hub_text(backbone, length=6).predict(ids(), verbose=0),
        atol=1e-6,
    )


def test_hugging_faces_gelu_is_exact_and_stays_so(tmp_path):
    from safetensors.numpy import save_file

    folder = tmp_path / "hugging_face"
    folder.mkdir()
    save_file(_hugging_face_weights(), folder / "model.safetensors")
    answers = {}
    for activation in ("gelu", "gelu_new"):
        config = {
            "model_type": "bert",
            "vocab_size": VOCABULARY,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "hidden_size": 8,
            "intermediate_size": 16,
            "max_position_embeddings": 12,
            "hidden_act": activation,
        }
        (folder / "config.json").write_text(json.dumps(config))
        model = keras_hub_text(folder, length=6)
        layer = model.get_layer("backbone")
        assert layer.exact_gelu == (activation == "gelu")
        answers[activation] = model.predict(ids(), verbose=0)
        model.save(tmp_path / "m.keras")
        twin = mm.load_model(tmp_path / "m.keras")
        np.testing.assert_allclose(
            twin.predict(ids(), verbose=0), answers[activation], atol=1e-6
        )
    assert np.abs(answers["gelu"] - answers["gelu_new"]).max() > 1e-4


def _hugging_face_weights():
    random = np.random.default_rng(0)

    def weights(*shape):
        return random.normal(size=shape).astype("float32")

    found = {
        "embeddings.word_embeddings.weight": weights(VOCABULARY, 8),
        "embeddings.position_embeddings.weight": weights(12, 8),
        "embeddings.token_type_embeddings.weight": weights(2, 8),
        "pooler.dense.weight": weights(8, 8),
        "pooler.dense.bias": weights(8),
    }
    sizes = {
        "attention.self.query": (8, 8),
        "attention.self.key": (8, 8),
        "attention.self.value": (8, 8),
        "attention.output.dense": (8, 8),
        "intermediate.dense": (16, 8),
        "output.dense": (8, 16),
    }
    for name, shape in sizes.items():
        found[f"encoder.layer.0.{name}.weight"] = weights(*shape)
        found[f"encoder.layer.0.{name}.bias"] = weights(shape[0])
    for name in (
        "embeddings.LayerNorm",
        "encoder.layer.0.attention.output.LayerNorm",
        "encoder.layer.0.output.LayerNorm",
    ):
        found[f"{name}.weight"] = weights(8)
        found[f"{name}.bias"] = weights(8)
    return found


@pytest.mark.parametrize(
    ("preset", "match"),
    [
        ("no_such_preset", "'no_such_preset': ValueError: Unknown preset"),
        (7, "expects `preset` to be a str"),
    ],
)
def test_what_is_no_preset_is_named(preset, match):
    with pytest.raises(ArgumentError, match=match) as caught:
        keras_hub_text(preset)
    assert "\n" not in str(caught.value)


def test_offline_a_named_preset_gets_one_line(monkeypatch):
    def offline(preset, **kwargs):
        raise ConnectionError("Max retries\nexceeded")

    monkeypatch.setattr(hub.models.Backbone, "from_preset", offline)
    with pytest.raises(ArgumentError, match="local folder") as caught:
        keras_hub_text("bert_tiny_en_uncased")
    assert "'bert_tiny_en_uncased'" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"length": 13}, "at most 12"),
        ({"vocabulary_size": VOCABULARY + 1}, "expects the vocabulary"),
        ({"trainable": 9}, "at most"),
        ({"trainable": 1, "lora_rank": 2}, "to be False where `lora_rank`"),
        ({"lora_rank": 0}, "`lora_rank` to be a positive"),
        ({"pool": "last"}, "`pool`"),
    ],
    ids=str,
)
def test_what_does_not_fit_the_backbone_is_refused(options, match):
    with pytest.raises(ArgumentError, match=match):
        keras_hub_text(bert(), **{"length": 6, **options})


def test_another_vocabulary_is_refused_by_its_size():
    large = hub.models.BertBackbone(3000, 1, 2, 8, 16, max_sequence_length=12)
    keras_hub_text(large, length=6, vocabulary_size=2990)  # Padded.
    with pytest.raises(ArgumentError, match="3000 pieces.*vocab.txt"):
        keras_hub_text(large, length=6, vocabulary_size=1900)


def test_an_image_backbone_is_refused():
    with pytest.raises(ArgumentError, match="takes token ids.*ResNetBackbone"):
        keras_hub_text(res_net(), length=6)
