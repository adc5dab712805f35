"""The page of the data sets: every one is on it, every recipe is one."""

import pathlib
import re

import pytest
import yaml

import mmfusion as mm

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/datasets.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("name", mm.registry.names("dataset"))
def test_every_data_set_has_a_section_and_a_line(name):
    assert f"\n## {name}\n" in TEXT
    assert f"| [`{name}`](#{name}) |" in TEXT


@pytest.mark.parametrize("block", BLOCKS)
def test_every_recipe_on_it_is_one(block, tmp_path):
    plain = yaml.safe_load(block)
    chosen = mm.recipe.Recipe(plain, folder=tmp_path).resolved["data"]
    assert set(plain["data"]["dataset"]) == set(chosen["dataset"])


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(((?:\.\./|\w)[^)#:]*)\)", TEXT):
        if not target.startswith("http"):
            assert (PAGE.parent / target).exists(), target
