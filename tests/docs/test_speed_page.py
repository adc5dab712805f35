"""The page on speed: its recipe is understood."""

import pathlib
import re

import yaml

from mmfusion.recipe import resolve

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/speed.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_recipe_is_understood(tmp_path):
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)
    found = resolve.resolve_data(yaml.safe_load(block)["data"], tmp_path)
    assert found["cache"] == str(tmp_path / "cache")
