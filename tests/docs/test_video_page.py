"""The recipes on the page about clips are recipes."""

import pathlib
import re

import pytest
import yaml

from mmfusion.recipe import resolve

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/video.md"
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("number", range(4))
def test_a_recipe_on_the_page_can_be_used(number):
    assert len(BLOCKS) == 4
    plain = yaml.safe_load(BLOCKS[number])
    inputs = resolve.resolve_inputs(plain["inputs"])
    resolve.resolve_model(plain.get("model", {}), inputs)
