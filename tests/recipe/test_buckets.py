"""Lengths in a recipe."""

import copy

import pytest

from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe
from tests.recipe.test_augmentation import PLAIN


def _recipe(**training):
    return Recipe({**copy.deepcopy(PLAIN), "training": training})


@pytest.mark.parametrize("given", [{"title": [8, 16]}, {"title": 4}])
def test_the_resolved_recipe_has_them_and_gives_the_same_rules(given):
    recipe = _recipe(buckets=given)
    assert recipe.resolved["training"]["buckets"] == given
    again = Recipe(recipe.resolved)
    assert again.rules == recipe.rules and again.rules.buckets == given
    assert _recipe().resolved["training"]["buckets"] is None


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"buckets": {"titel": [8]}}, "Did you mean 'title'"),
        ({"buckets": {"photo": [8]}}, "'photo' to be a text of ids"),
        ({"buckets": {"sound": 3}}, "'sound' to be a text of ids"),
        ({"buckets": {"title": [8, 33]}}, "'title' up to 32"),
        ({"buckets": {"title": ["8"]}}, "whole numbers"),
        ({"bucket": {"title": [8]}}, "Did you mean 'buckets'"),
    ],
)
def test_what_is_wrong_is_said_before_data_is_read(training, message):
    with pytest.raises(ArgumentError, match=message):
        _recipe(**training)
