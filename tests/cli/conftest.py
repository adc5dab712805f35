"""A small table on disk, and the command line in this process."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from mmfusion.cli import main

RECIPE = """
data:
  source: things.csv
  target: kind
  split: {validation: 0.2, test: 0.3}
inputs:
  photo: {type: image, column: file, size: [8, 8]}
  title:
    type: text
    column: title
    kind: count
    vocabulary_size: 20
    optional: true
model:
  encoders: {photo: {units: 4, hidden: [4]}, title: {units: 4}}
  fusion: {name: gated, units: 4}
training: {epochs: 2, batch_size: 16}
"""


@pytest.fixture(scope="session")
def things(tmp_path_factory):
    """A folder with `things.csv`, its pictures and `things.yaml`."""
    folder = tmp_path_factory.mktemp("things")
    random = np.random.default_rng(0)
    with open(folder / "things.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "title", "kind"])
        for row in range(60):
            kind = ("dark", "light")[row % 2]
            level = 40 + 150 * (row % 2)
            pixels = random.integers(level, level + 40, (9, 9, 3), "uint8")
            name = f"{row}.png"
            Image.fromarray(pixels).save(folder / name)
            title = "" if row % 5 == 0 else f"a {kind} thing"
            writer.writerow([name, title, kind])
    (folder / "things.yaml").write_text(RECIPE)
    return folder


@pytest.fixture
def command(capfd):
    """Runs `mmfusion ARGUMENTS`: exit code, standard output, error output."""

    def run(*arguments):
        with pytest.raises(SystemExit) as caught:
            main([str(part) for part in arguments])
        out, err = capfd.readouterr()
        return caught.value.code, out, err

    return run


@pytest.fixture(scope="session")
def run_folder(things, tmp_path_factory):
    """A finished run, made by the command line."""
    out = tmp_path_factory.mktemp("runs") / "things"
    with pytest.raises(SystemExit) as caught:
        main(
            ["train", str(things / "things.yaml"), "--out", str(out), "--json"]
        )
    assert caught.value.code == 0
    return out


def as_json(text):
    """What was printed, read as JSON; NaN would be an error."""
    return json.loads(text, parse_constant=pytest.fail)
