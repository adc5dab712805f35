"""The page on lengths: its examples run, its recipe is understood."""

import pathlib
import re

import yaml

from mmfusion.recipe import resolve

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/lengths.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_recipe_is_understood():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)
    found = resolve.resolve_training(yaml.safe_load(block)["training"])
    assert found["buckets"] == {"review": [16, 32, 64]}


def test_its_example_runs():
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    names = {}
    exec(compile(block, str(PAGE), "exec"), names)
    assert {x["review"].shape[1] for x, _ in names["train"]} == {2, 16}
