"""Encoders of KerasHub keep what every encoder promises."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

import mmfusion as mm
from tests.conformance import test_things as things
from tests.export import test_conformance as export

pytest.importorskip("keras_hub", reason="needs mmfusion[hub]")
from tests.pretrained.backbones import CASES, VOCABULARY, bert, ids, res_net

every_case = pytest.mark.parametrize("case", CASES, ids=str)
PROMISES = [
    things.test_config_round_trip,
    things.test_symbolic_shape_and_dtype_are_the_eager_ones,
    things.test_inputs_stay_untouched,
    things.test_batch_of_one_is_the_first_row,
]
LATER = [
    things.test_xla_equals_eager,
    things.test_bfloat16_keeps_float32_weights_and_is_close,
]


@every_case
@pytest.mark.parametrize("promise", PROMISES, ids=lambda x: x.__name__[5:])
def test_promise(case, promise):
    promise(case)


@every_case
@pytest.mark.slow
@pytest.mark.parametrize("promise", LATER, ids=lambda x: x.__name__[5:])
def test_promise_that_takes_a_while(case, promise):
    promise(case)


@every_case
@pytest.mark.slow
def test_saved_model_answers_as_the_model(case, tmp_path):
    export.test_saved_model_answers_as_the_model(case, tmp_path)


@every_case
@pytest.mark.slow
def test_litert_answers_as_the_model(case, tmp_path):
    export.test_litert_answers_as_the_model(case, tmp_path)


@every_case
@pytest.mark.slow
def test_saved_and_loaded_it_learns_on_as_before(case, tmp_path):
    keras.utils.set_random_seed(0)
    model, x = case.create(), case.inputs()
    y = keras.tree.map_structure(
        lambda out: np.ones((4, *out.shape[1:])), model.output
    )
    model.compile(keras.optimizers.Adam(0.01), loss="mse")
    model.fit(x, y, epochs=2, verbose=0)
    model.save(tmp_path / "m.keras")
    twin = mm.load_model(tmp_path / "m.keras")
    assert [w.shape for w in twin.trainable_weights] == [
        w.shape for w in model.trainable_weights
    ]
    keras.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, atol=1e-6),
        twin.predict(x, verbose=0),
        model.predict(x, verbose=0),
    )
    for one in (model, twin):
        one.fit(x, y, verbose=0)
    keras.tree.map_structure(
        lambda a, b: np.testing.assert_allclose(a, b, atol=1e-5),
        twin.predict(x, verbose=0),
        model.predict(x, verbose=0),
    )


FRESH = """
import sys
import numpy as np
import mmfusion as mm
folder = sys.argv[1]
assert "keras_hub" not in sys.modules
model = mm.load_model(f"{folder}/m.keras")
x = dict(np.load(f"{folder}/x.npz"))
np.save(f"{folder}/y.npy", model.predict(x, verbose=0)["label"])
"""


def _two_of_each():
    encoders = {
        "title": mm.pretrained.keras_hub_text(bert(), length=6, name="title"),
        "story": mm.pretrained.keras_hub_text(
            bert(), length=6, lora_rank=2, name="story"
        ),
        "photo": mm.pretrained.keras_hub_image(
            res_net(), (8, 8, 3), scale=1 / 255, name="photo"
        ),
        "plan": mm.pretrained.keras_hub_image(
            res_net(), (8, 8, 3), scale=1 / 255, name="plan"
        ),
    }
    return mm.models.fusion_model(
        encoders,
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(2),
        optional=["story", "photo"],
    )


@pytest.mark.slow
def test_in_a_fresh_process_a_model_with_two_of_each_answers_alike(tmp_path):
    model = _two_of_each()
    images = np.full((4, 8, 8, 3), 99.0, "float32")
    x = {"title": ids(), "story": ids(), "photo": images, "plan": images}
    model.compile("adam", **mm.tasks.compile_arguments(model))
    model.fit(x, {"label": np.arange(4) % 2}, verbose=0)
    model.save(tmp_path / "m.keras")
    np.savez(tmp_path / "x.npz", **x)
    subprocess.run([sys.executable, "-c", FRESH, tmp_path], check=True)
    np.testing.assert_allclose(
        np.load(tmp_path / "y.npy"),
        model.predict(x, verbose=0)["label"],
        atol=1e-6,
    )


def test_a_model_file_with_a_tokenizer_is_refused(tmp_path):
    import zipfile

    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Dense(1)(inputs)).save(
        tmp_path / "m.keras"
    )
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    config["config"]["layers"].append(
        {
            "module": "keras_hub.tokenizers",
            "class_name": "BertTokenizer",
            "registered_name": "keras_hub>BertTokenizer",
            "config": {"vocabulary": "/etc/passwd"},
        }
    )
    members["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(mm.errors.ArgumentError, match="it reads files"):
        mm.load_model(tmp_path / "m.keras")


def test_a_name_in_a_recipe_finds_them():
    schema = mm.schema.InputSchema(
        (6,),
        "int32",
        False,
        "text_transformer",
        {"vocabulary_size": VOCABULARY, "length": 6},
    )
    label = mm.schema.TargetSchema("classification", {"classes": ["a", "b"]})
    model = mm.models.from_schema(
        mm.schema.Schema({"title": schema}, {"label": label}),
        encoders={"title": {"name": "keras_hub_text", "preset": bert()}},
    )
    assert model.predict({"title": ids()}, verbose=0)["label"].shape == (4, 2)
