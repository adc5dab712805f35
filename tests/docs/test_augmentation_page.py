"""The page on augmentation names all there is, and its examples run."""

import pathlib
import re

import yaml

from mmfusion import registry
from mmfusion.recipe import resolve

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/augmentation.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_all_names_are_listed_with_what_they_are_for():
    table = TEXT[TEXT.index("| name | of |") :].split("\n\n")[0]
    cells = [line.split("|")[1:3] for line in table.splitlines()[2:]]
    listed = {name.strip().strip("`"): of for name, of in cells}
    assert sorted(listed) == registry.names("augmentation")
    words = {
        "image": "pictures",
        "clip": "clips",
        "log_mel": "log-mel",
        "waveform": "waveforms",
        "ids": "ids",
        "bag": "bags",
    }
    for name, of in listed.items():
        contents = registry.get("augmentation", name).contents
        told = {content for content, word in words.items() if word in of}
        assert told == set(contents), name


def test_its_recipe_is_understood():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)
    found = resolve.resolve_training(yaml.safe_load(block)["training"])
    assert found["augment"]["photo"][1]["fill"] == "edge"
    assert found["mixup"]["modalities"] == ["photo", "sound"]


def test_its_examples_run():
    blocks = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    assert len(blocks) == 2
    names = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    x, _ = next(iter(names["train"]))
    assert x["photo"].shape == (8, 16, 16, 3)
