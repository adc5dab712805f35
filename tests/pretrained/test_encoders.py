"""Modules of TensorFlow Hub as encoders: in models, exported, distributed."""

import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.pretrained import hub_image, hub_text, saved_model_encoder
from tests.pretrained.modules import LENGTH

TEXTS = ["red wine", "an old boat", "sea sea tree red wine old boat", "tree"]
NAMES = ("input_mask", "input_type_ids", "input_word_ids")


@pytest.fixture(scope="module")
def tokens(hub_folder):
    """What the preprocessor makes of the texts, by name."""
    loaded = tf.saved_model.load(hub_folder / "preprocessor")
    return {name: x.numpy() for name, x in loaded(TEXTS).items()}


@pytest.fixture(scope="module")
def stacked(tokens):
    return np.stack([tokens[name] for name in NAMES], 1)


def test_the_modality_runs_the_preprocessor(hub_folder, stacked):
    text = mm.data.HubText(hub_folder / "preprocessor")
    assert (text.shape, text.dtype) == ((3, LENGTH), "int32")
    assert text.keys == list(NAMES)
    for row, expected in zip(TEXTS, stacked, strict=True):
        np.testing.assert_array_equal(text.transform(text.read(row)), expected)
    assert stacked[1, 0].sum() == 3 and stacked[2, 0].sum() == LENGTH


def test_a_preprocessor_in_two_steps_takes_any_length(hub_folder, stacked):
    text = mm.data.HubText(hub_folder / "preprocessor", length=2)
    assert text.shape == (3, 2)
    for row, expected in zip(TEXTS, stacked[:, :, :2], strict=True):
        np.testing.assert_array_equal(text.transform(row), expected)


def test_a_sentence_encoder_gives_vectors(hub_folder):
    text = mm.data.HubText(hub_folder / "words")
    expected = tf.saved_model.load(hub_folder / "words")(TEXTS[:1])[0]
    assert (text.shape, text.dtype) == ((3,), "float32")
    np.testing.assert_array_equal(text.transform(TEXTS[0]), expected)
    assert text.describe().encoder == "vector_mlp"
    with pytest.raises(ArgumentError, match="`tokenize` and"):
        mm.data.HubText(hub_folder / "words", length=3)


def test_text_gives_what_the_module_gives(hub_folder, tokens, stacked):
    expected = tf.saved_model.load(hub_folder / "bert")(tokens)
    encoder = hub_text(hub_folder / "bert", length=LENGTH)
    np.testing.assert_array_equal(encoder(stacked), expected["default"])
    several = saved_model_encoder(hub_folder / "bert", shape=(LENGTH,))
    np.testing.assert_array_equal(several(tokens), expected["default"])
    assert sorted(several.input) == list(NAMES)


def test_text_pools_over_its_tokens(hub_folder, tokens, stacked):
    whole = tf.saved_model.load(hub_folder / "bert")(tokens)["sequence_output"]
    encoder = hub_text(hub_folder / "bert", LENGTH, units=3, pool=None)
    answer = encoder(stacked)
    np.testing.assert_array_equal(answer["mask"], tokens["input_mask"] == 1)
    dense = encoder.layers[-1]
    while not isinstance(dense, keras.layers.Dense):
        dense = next(
            x for x in encoder.layers if isinstance(x, keras.layers.Dense)
        )
    np.testing.assert_allclose(answer["sequence"], dense(whole), atol=1e-6)
    mean = hub_text(hub_folder / "bert", LENGTH, units=3, pool="mean")
    mean.set_weights(encoder.get_weights())
    dense = next(x for x in mean.layers if isinstance(x, keras.layers.Dense))
    mask = tokens["input_mask"][..., None]
    pooled = (whole.numpy() * mask).sum(1) / mask.sum(1)
    np.testing.assert_allclose(mean(stacked), dense(pooled), atol=1e-6)


def test_images_are_scaled_to_what_modules_take(hub_folder):
    x = np.random.default_rng(0).uniform(0, 255, (2, 5, 4, 3))
    x = x.astype("float32")
    encoder = hub_image(hub_folder / "image", shape=(5, 4, 3))
    expected = tf.saved_model.load(hub_folder / "image")(x / 255)
    np.testing.assert_allclose(encoder(x), expected, atol=1e-6)
    assert hub_image(
        hub_folder / "image", shape=(5, 4, 3), units=2
    ).output_shape == (None, 2)
    with pytest.raises(ArgumentError, match="to fit the SavedModel's"):
        hub_image(hub_folder / "image", shape=(5, 4, 1))


def test_what_does_not_fit_is_said(hub_folder):
    with pytest.raises(ArgumentError, match="leaves the sizes of 'input_mask'"):
        saved_model_encoder(hub_folder / "bert")
    with pytest.raises(ArgumentError, match="whole numbers"):
        hub_text(hub_folder / "dense")
    with pytest.raises(ArgumentError, match=r"gives `\(batch, dim\)`"):
        saved_model_encoder(
            hub_folder / "bert", shape=(3,), output="sequence_output"
        )
    with pytest.raises(ArgumentError, match="answer 'default'"):
        saved_model_encoder(hub_folder / "preprocessor", shape=())
    assert "hub_text" in mm.registry.names("encoder")


def shop(hub_folder, length=LENGTH):
    """Rows of text and vector, their model, trained for two steps."""
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    rows = mm.data.from_arrays(
        {
            "text": [*TEXTS[:3], None] * 4,
            "facts": random.normal(size=(16, 4)).astype("float32"),
        },
        {"label": ["a", "b"] * 8},
        modalities={
            "text": mm.data.HubText(hub_folder / "preprocessor", optional=True),
            "facts": mm.data.Vector(dim=4),
        },
        splits={"train": range(16)},
    )
    encoders = {
        "text": {"handle": hub_folder / "bert", "trainable": True, "units": 4},
        "facts": saved_model_encoder(hub_folder / "dense", trainable=True),
    }
    model = mm.models.from_schema(rows.schema, encoders=encoders)
    model.compile("adam", **mm.tasks.compile_arguments(model))
    model.fit(rows.train.batches(8), epochs=1, verbose=0)
    return rows, model


@pytest.mark.slow
def test_texts_go_from_the_table_to_the_server(
    hub_folder, tmp_path, nothing_accepted
):
    rows, model = shop(hub_folder)
    mm.data.save_inputs(rows.inputs, tmp_path / "inputs")
    model.save(tmp_path / "m.keras")
    folder = mm.export.saved_model(
        model,
        tmp_path / "served",
        inputs=rows.inputs,
        samples=rows.train,
        tolerance=1e-6,
    )
    serve = tf.saved_model.load(folder).signatures["serving_raw"]
    x, _ = rows.train.arrays()
    facts = tf.constant(x["facts"][:2])
    served = serve(text=tf.constant(["red wine", ""]), facts=facts)
    assert served["status"].numpy().tolist() == [b"ok", b"ok"]
    nothing_accepted()
    for trusted in ((), hub_folder / "bert"):
        with pytest.raises(ArgumentError, match="not trusted|finds no Saved"):
            mm.data.load_inputs(tmp_path / "inputs", trusted=trusted)
    inputs = mm.data.load_inputs(tmp_path / "inputs", trusted=hub_folder)
    again = mm.load_model(tmp_path / "m.keras", trusted=hub_folder)
    text = inputs["text"].transform(inputs["text"].read("red wine"))
    sent = {"text": text.numpy()[None], "facts": x["facts"][:1]}
    np.testing.assert_allclose(
        again.predict(sent, verbose=0)["label"][0],
        served["label"][0],
        atol=1e-6,
    )


_READER = """
import sys
import numpy as np
import mmfusion as mm

folder, modules = sys.argv[1:]
x = dict(np.load(f"{folder}/x.npz", allow_pickle=False))
try:
    mm.load_model(f"{folder}/m.keras")
except mm.errors.ArgumentError as error:
    print("refused", "not trusted" in str(error))
model = mm.load_model(f"{folder}/m.keras", trusted=modules)
np.save(f"{folder}/loaded.npy", model.predict(x, verbose=0)["label"])
mm.export.saved_model(model, f"{folder}/served", samples=x, tolerance=1e-6)
"""

_SERVER = """
import sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
x = dict(np.load(f"{folder}/x.npz", allow_pickle=False))
serve = tf.saved_model.load(f"{folder}/served/1").signatures["serving_default"]
answer = serve(**{key: tf.constant(value) for key, value in x.items()})
np.save(f"{folder}/served.npy", answer["label"].numpy())
assert "mmfusion" not in sys.modules
"""


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        check=True,
        timeout=600,
        capture_output=True,
        text=True,
    )
    return done.stdout


@pytest.mark.slow
def test_fine_tuned_saved_reloaded_elsewhere_and_exported_it_is_equal(
    hub_folder, tmp_path, record_property
):
    rows, model = shop(hub_folder)
    x, _ = rows.train.arrays()
    trained = model.get_layer("text_encoder").trainable_weights
    original = tf.saved_model.load(hub_folder / "bert").ids.numpy()
    assert np.abs(trained[0].numpy() - original).max() > 1e-4  # Fine-tuned.
    model.save(tmp_path / "m.keras")
    np.savez(tmp_path / "x.npz", **x)
    assert "refused True" in run(_READER, tmp_path, hub_folder)
    run(_SERVER, tmp_path)
    expected = model.predict(x, verbose=0)["label"]
    for name in ("loaded", "served"):
        answer = np.load(tmp_path / f"{name}.npy", allow_pickle=False)
        gap = float(np.abs(answer - expected).max())
        print(f"{name}: largest difference {gap:.1e}")
        assert gap <= 1e-6


_MIRRORED = """
import sys
import numpy as np
import tensorflow as tf

cpus = tf.config.list_physical_devices("CPU")
two = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpus[0], two)
import keras
import mmfusion as mm

x = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
y = np.random.default_rng(1).normal(size=(8, 3)).astype("float32")

def fitted():
    encoder = mm.pretrained.saved_model_encoder(sys.argv[1], trainable=True)
    encoder.compile(keras.optimizers.SGD(0.1), "mse")
    encoder.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
    return encoder

single = fitted()
with tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope():
    mirrored = fitted()
before = single.weights[0].numpy()
after = np.asarray(mirrored.weights[0] + 0)
print("moved alike", np.isfinite(after).all(), abs(after - before).max())
"""


@pytest.mark.slow
def test_it_trains_on_two_devices(hub_folder):
    output = run(_MIRRORED, hub_folder / "dense")
    assert "moved alike True" in output
    # Each device has a batch mean of its own, so they are close, not equal.
    assert float(output.split()[-1]) < 0.05
