"""Augmentation in a recipe."""

import copy

import pytest

from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe

PLAIN = {
    "data": {"source": "rows.csv", "target": "label"},
    "inputs": {
        "photo": {"type": "image", "column": "photo", "size": [8, 8]},
        "sound": {"type": "audio", "column": "sound"},
        "title": {"type": "text", "column": "title"},
    },
    "training": {},
}


def _recipe(inputs=None, modalities=None, **training):
    plain = copy.deepcopy(PLAIN)
    plain["training"] = training
    if modalities:
        plain["model"] = {"modalities": modalities}
    return Recipe(plain)


def test_the_resolved_recipe_has_every_default_and_gives_the_same_rules():
    recipe = _recipe(
        augment={
            "photo": ["flip", {"name": "shift", "by": 0.1}],
            "sound": "spec_augment",
        },
        mixup={"alpha": 0.2, "modalities": ["photo"]},
    )
    found = recipe.resolved["training"]
    assert found["augment"]["photo"] == [
        {
            "name": "flip",
            "horizontal": True,
            "vertical": False,
            "chance": 0.5,
        },
        {"name": "shift", "by": 0.1, "fill": "edge"},
    ]
    assert found["augment"]["sound"][0]["band_masks"] == 2
    assert found["mixup"] == {
        "alpha": 0.2,
        "per": "row",
        "modalities": ["photo"],
    }
    again = Recipe(recipe.resolved)
    assert again.rules == recipe.rules
    assert again.resolved == recipe.resolved


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"augment": {"photo": ["flipp"]}}, "Did you mean 'flip'"),
        (
            {"augment": {"photo": [{"name": "shift", "to": 1}]}},
            "key in augmentation shift 'to'",
        ),
        ({"augment": {"photo": [{"by": 0.1}]}}, "needs the key 'name'"),
        (
            {"augment": {"photo": [{"name": "shift", "by": "far"}]}},
            "`by` to be between 0 and 1",
        ),
        ({"augment": {"foto": ["flip"]}}, "Did you mean 'photo'"),
        ({"augment": {"title": ["flip"]}}, "there are drop_tokens"),
        ({"augment": {"sound": ["gain", "noise"]}}, "which is log_mel"),
        ({"mixup": 0.2}, "'title'.*`feature_mixup`"),
        ({"mixup": {"modalities": ["foto"]}}, "Did you mean 'photo'"),
        ({"augmentation": {}}, "Did you mean 'augment'"),
    ],
)
def test_what_is_wrong_is_said_before_data_is_read(training, message):
    with pytest.raises(ArgumentError, match=message):
        _recipe(**training)


def test_only_modalities_of_the_model_are_mixed():
    assert _recipe(modalities=["photo", "sound"], mixup=0.2).rules.mixup


def test_a_data_set_is_checked_when_it_is_there():
    """Its modalities show when it has been read, before training."""
    dataset = {"name": "shapes", "rows": 60}
    plain = {"data": {"dataset": dataset}, "training": {}}
    names = sorted(Recipe(plain).read().inputs)
    plain["training"] = {"augment": {names[0]: ["frame_jitter"]}}
    recipe = Recipe(plain)
    with pytest.raises(ArgumentError, match="`frame_jitter` is for clip"):
        recipe.train("never")
