"""The tasks of a recipe: those of the data, and what is chosen of them."""

import pytest

from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe
from mmfusion.recipe.tasks import check_tasks, tasks_of
from mmfusion.schema import Schema, TargetSchema

LABEL = TargetSchema("classification", {"classes": ["cat", "dog"]})
SCHEMA = Schema(
    {},
    {
        "label": LABEL,
        "tags": TargetSchema("multi_label", {"classes": ["a", "b", "c"]}),
        "price": TargetSchema("regression", {"mean": 9.0, "deviation": 2.0}),
    },
)


def test_every_target_has_the_task_of_its_schema():
    label, tags, price = tasks_of({}, SCHEMA)
    assert (label.name, label.classes) == ("label", ["cat", "dog"])
    assert (tags.name, tags.classes) == ("tags", ["a", "b", "c"])
    assert (price.name, price.mean, price.deviation) == ("price", 9.0, 2.0)
    assert [t.gives for t in (label, tags, price)] == [
        "probabilities",
        "labels",
        "values",
    ]
    assert Recipe({"data": {"dataset": "shapes"}}).resolved["model"][
        "task"
    ] == ({})


def test_settings_are_chosen_by_target():
    plain = {"tags": {"threshold": 0.3}, "price": {"loss": "huber"}}
    check_tasks(plain)
    _, tags, price = tasks_of(plain, SCHEMA)
    assert (tags.threshold, price.loss) == (0.3, "huber")
    # A target may be called as the key is.
    both = Schema({}, {"name": SCHEMA.targets["price"]})
    (only,) = tasks_of({"name": {"loss": "mae"}}, both)
    assert (only.name, only.loss) == ("name", "mae")


def test_an_old_recipe_names_the_task_of_all():
    plain = {"name": "classification"}
    check_tasks(plain)
    (task,) = tasks_of(plain, Schema({}, {"label": LABEL}))
    assert task.classes == ["cat", "dog"]


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ({"name": "classification"}, "'tags' is learned by 'multi_label'"),
        ({"label": {"name": "multi_label"}}, "gives probabilities.*labels"),
        ({"colour": {}}, "Unknown key in task 'colour'"),
        ({"price": {"losses": "mae"}}, "Did you mean 'loss'"),
        ({"tags": {"classes": ["x"]}}, "'classes'"),
        ({"price": {"deviation": 1.0}}, "'deviation'"),
    ],
)
def test_what_does_not_fit_the_data_is_refused(plain, message):
    with pytest.raises(ArgumentError, match=message):
        tasks_of(plain, SCHEMA)


@pytest.mark.parametrize(
    ("plain", "message"),
    [
        ("classification", "`task` expects keys and values"),
        ({"name": "clasification"}, "Did you mean 'classification'"),
        ({"tags": 0.3}, "`tags` expects keys and values"),
        ({"tags": {"name": "multi_label", "treshold": 1}}, "'threshold'"),
    ],
)
def test_what_is_no_task_is_refused_before_the_data_are_read(plain, message):
    recipe = {"data": {"dataset": "shapes"}, "model": {"task": plain}}
    with pytest.raises(ArgumentError, match=message):
        Recipe(recipe)
