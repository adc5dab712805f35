"""Recipes whose inputs and encoders are given files."""

import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError

RECIPE = """
data: {source: t.csv, target: kind}
inputs:
  title: {type: word_pieces, column: title, vocabulary: words.txt, length: 4}
  photo: {type: image, column: photo, size: [32, 32]}
model:
  encoders:
    photo: {name: image_backbone, backbone: VGG16, weights: w.h5}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "wine"]
    (tmp_path / "words.txt").write_text("\n".join(words))
    (tmp_path / "r.yaml").write_text(RECIPE)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return tmp_path


def test_paths_are_relative_to_the_recipe(folder):
    (folder / "w.h5").write_bytes(b"")
    resolved = mm.recipe.load(folder / "r.yaml").resolved
    vocabulary = resolved["inputs"]["title"]["vocabulary"]
    assert vocabulary == str((folder / "words.txt").resolve())
    weights = resolved["model"]["encoders"]["photo"]["weights"]
    assert weights == str((folder / "w.h5").resolve())


def test_a_name_that_is_no_path_stays(folder):
    text = RECIPE.replace("w.h5", "imagenet")
    (folder / "r.yaml").write_text(text)
    resolved = mm.recipe.load(folder / "r.yaml").resolved
    assert resolved["model"]["encoders"]["photo"]["weights"] == "imagenet"


def test_paths_of_an_encoder_within_an_encoder(folder):
    (folder / "w.h5").write_bytes(b"")
    several = "{name: several, count: 2, encoder: ENCODER}"
    inner = "{name: image_backbone, backbone: VGG16, weights: w.h5}"
    text = RECIPE.replace(inner, several.replace("ENCODER", inner))
    (folder / "r.yaml").write_text(text)
    resolved = mm.recipe.load(folder / "r.yaml").resolved
    encoder = resolved["model"]["encoders"]["photo"]["encoder"]
    assert encoder["weights"] == str((folder / "w.h5").resolve())


def test_a_file_that_is_not_there_is_named(folder):
    text = RECIPE.replace("words.txt", "wrods.txt")
    (folder / "r.yaml").write_text(text)
    with pytest.raises(ArgumentError, match=r"wrods\.txt"):
        mm.recipe.load(folder / "r.yaml")
