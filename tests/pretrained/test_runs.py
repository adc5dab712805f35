"""A recipe with modules of TensorFlow Hub, and its run, opened with trust."""

import csv

import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from tests.cli.conftest import command  # noqa: F401 (a fixture)
from tests.pretrained.modules import LENGTH

RECIPE = """
data: {{source: rows.csv, target: kind, split: {{test: 0.25}}}}
inputs:
  title: {{type: hub_text, column: title, preprocessor: {hub}/preprocessor}}
  price: {{type: tabular, columns: [price], numbers: [price]}}
model:
  encoders: {{title: {{handle: {hub}/bert, units: 4, trainable: true}}}}
training: {{epochs: 1, batch_size: 16, baselines: false}}
"""


@pytest.mark.slow
def test_a_run_with_modules_needs_trust(
    hub_folder,
    tmp_path,
    nothing_accepted,
    command,  # noqa: F811
):
    table = tmp_path / "rows.csv"
    with open(table, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "price", "kind"])
        for row in range(40):
            words = ("red wine", "old boat")[row % 2]
            writer.writerow([words, row, "ab"[row % 2]])
    (tmp_path / "r.yaml").write_text(RECIPE.format(hub=hub_folder))
    run = mm.recipe.load(tmp_path / "r.yaml").train(tmp_path / "run")
    assert run.schema.inputs["title"].shape == (3, LENGTH)
    expected = run.predict(table)
    for trusted in ((), hub_folder / "dense"):
        nothing_accepted()
        again = mm.run.load(run.path, trusted=trusted)
        for read in (lambda r=again: r.inputs, lambda r=again: r.model):
            with pytest.raises(ArgumentError, match="not trusted|finds no"):
                read()
        code, _, err = command("evaluate", run.path)
        assert code == 2 and "not trusted" in err
    nothing_accepted()
    assert mm.run.load(run.path, hub_folder).predict(table) == expected
    for name, *arguments in (
        ("evaluate",),
        ("predict", table),
        ("export", "--format", "saved_model"),
    ):
        nothing_accepted()
        code, _, err = command(
            name, run.path, *arguments, "--trusted", hub_folder
        )
        assert code == 0, err
