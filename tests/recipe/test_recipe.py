"""Recipes: what is resolved is what is trained."""

import keras
import numpy as np
import pytest
import yaml

import mmfusion as mm
from mmfusion import files
from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe
from tests.cli.conftest import things  # noqa: F401 (a fixture)

DATASET = {
    "data": {
        "dataset": {
            "name": "shapes",
            "rows": {"train": 60, "validation": 30, "test": 30},
        }
    },
    "training": {"epochs": 1, "baselines": False},
}


def test_every_default_is_written_out():
    resolved = Recipe(DATASET).resolved
    assert resolved["training"]["optimizer"] == {
        "name": "adam",
        "learning_rate": 1e-3,
    }
    assert resolved["model"]["fusion"] == {"name": "concat", "units": 64}
    # And what is resolved is a recipe that resolves to itself.
    assert Recipe(resolved).resolved == resolved


def test_a_data_set_by_name_trains_reports_and_reopens(tmp_path):
    run = Recipe(DATASET, "small").train(tmp_path / "run")
    assert "alone" not in run.metrics["outputs"]["label"]
    assert sorted(run.inputs) == ["caption", "image", "sound"]
    again = mm.run.load(run.path)
    assert Recipe(again.recipe).resolved["data"] == DATASET["data"]
    assert again.model.optional == ("caption", "image", "sound")


def test_a_source_is_relative_to_its_recipe_and_absolute_in_the_run(
    things,  # noqa: F811
):
    recipe = mm.recipe.load(things / "things.yaml")
    assert recipe.resolved["data"]["source"] == str(things / "things.csv")
    assert recipe.name == "things"


def test_a_cache_is_filled_once_and_changes_nothing(
    things,  # noqa: F811
):
    read = {}
    for cache in (None, "kept", "kept"):
        change = [] if cache is None else [f"data.cache={cache}"]
        recipe = mm.recipe.load(things / "things.yaml", change)
        read[cache] = recipe.read().train.arrays()[0]
        for name, array in read[None].items():
            np.testing.assert_array_equal(array, read[cache][name])
    kept = list((things / "kept").glob("image-*/*/values.npy"))
    assert len(kept) == 1
    assert recipe.check().problems == []  # It reads everything, now.


def test_what_is_masked_is_listed_in_the_run(things, tmp_path):  # noqa: F811
    lines = (things / "things.csv").read_text().splitlines()
    lines[5] = "none.png,a dark thing,dark"
    (things / "worse.csv").write_text("\n".join(lines) + "\n")
    recipe = mm.recipe.load(
        things / "things.yaml",
        [
            "data.source=worse.csv",
            "data.bad_rows=mask",
            "inputs.photo.optional=true",
            "training.baselines=false",
            "training.epochs=1",
        ],
    )
    run = recipe.train(tmp_path / "run")
    bad = files.read_json(run.path / "bad_rows.json")
    assert bad["skipped"] == [] and len(bad["masked"]) == 1
    assert "worse.csv:6:file: " in bad["masked"][0]


def test_overrides_reach_into_sections(things):  # noqa: F811
    recipe = mm.recipe.load(
        things / "things.yaml",
        ["training.epochs=7", "model.encoders.photo.hidden=[2, 3]"],
    )
    assert recipe.rules.epochs == 7
    assert recipe.resolved["model"]["encoders"]["photo"]["hidden"] == [2, 3]


def test_a_data_set_brings_its_inputs_and_a_table_needs_them():
    inputs = {"v": {"type": "vector", "column": "v"}}
    with pytest.raises(ArgumentError, match="brings its inputs along"):
        Recipe({**DATASET, "inputs": inputs})
    with pytest.raises(ArgumentError, match="needs the section `inputs`"):
        Recipe({"data": {"source": "a.csv", "target": "b"}})


def test_a_run_without_rows_to_score_is_refused_before_training(tmp_path):
    plain = yaml.safe_load(yaml.safe_dump(DATASET))
    plain["data"]["dataset"]["rows"] = {"train": 60}
    with pytest.raises(ArgumentError, match="neither|validation|test"):
        Recipe(plain).train(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_decision_with_auxiliary_heads(tmp_path):
    plain = {
        **DATASET,
        "model": {"decision": {"name": "average"}, "auxiliary": True},
        "training": {"epochs": 1},
    }
    run = Recipe(plain, "late").train(tmp_path / "run")
    assert sorted(run.model.output) == [
        "label",
        "label_caption",
        "label_image",
        "label_sound",
    ]
    # The auxiliary heads are no outputs of the report.
    assert list(run.metrics["outputs"]) == ["label"]
    assert sorted(run.metrics["outputs"]["label"]["alone"]) == [
        "caption",
        "image",
        "sound",
    ]


def test_a_folder_that_cannot_be_made_is_found_before_training(tmp_path):
    (tmp_path / "file").write_text("")
    epochs = []
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epochs.append(epoch)
    )
    with pytest.raises(OSError):
        Recipe(DATASET).train(tmp_path / "file" / "run", callbacks=[stop])
    assert epochs == []


@pytest.mark.parametrize(
    "change",
    [
        "training.balanced=colour",
        "training.loss_weights={colour: 1}",
        "model.task={label: {threshold: 0.5}}",
        "model.task={colour: {name: classification}}",
        "model.encoders.photo={name: text_gru}",
        "data.split={}",
        "data.seed=-1",
    ],
)
def test_a_check_refuses_what_training_would(things, tmp_path, change):  # noqa: F811
    recipe = mm.recipe.load(things / "things.yaml", [change])
    with pytest.raises(ArgumentError) as caught:
        recipe.check()
    told = str(caught.value).replace("`check`", "`read`")
    with pytest.raises(ArgumentError) as caught:
        recipe.train(tmp_path / "run")
    assert told == str(caught.value) and "\n" not in told


def test_a_check_names_faults_of_the_data_before_those_of_the_recipe(
    things,  # noqa: F811
):
    lines = (things / "things.csv").read_text().splitlines()
    lines[5] = "none.png,a dark thing,dark"
    (things / "bad.csv").write_text("\n".join(lines) + "\n")
    changes = ["data.source=bad.csv", "training.balanced=colour"]
    recipe = mm.recipe.load(things / "things.yaml", changes)
    assert len(recipe.check().problems) == 1


def test_a_data_set_by_name_is_checked_as_a_table_is():
    checkup = Recipe(DATASET).check()
    assert (checkup.source, checkup.rows) == ("shapes", 120)
    assert checkup.splits == {"train": 60, "validation": 30, "test": 30}
    assert list(checkup.targets) == ["label"]
    rows = Recipe(DATASET).read()
    for name, one in checkup.inputs.items():
        for split, missing in one.missing.items():
            present = getattr(rows, split).arrays()[0][f"{name}_present"]
            assert missing == np.sum(~present)
    assert "No problems." in str(checkup)
    plain = {**DATASET, "training": {"balanced": "colour"}}
    with pytest.raises(ArgumentError, match="'colour'"):
        Recipe(plain).check()
