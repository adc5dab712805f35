"""The recipes that come with the project, without the data that they need."""

import pathlib

import pytest

import mmfusion as mm

RECIPES = sorted((pathlib.Path(__file__).parents[2] / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_a_shipped_recipe_is_one(path):
    resolved = mm.recipe.load(path).resolved
    assert resolved["data"]["dataset"]["name"] == path.stem
