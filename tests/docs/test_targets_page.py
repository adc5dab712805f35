"""The page on targets: its examples run and its tables are true."""

import pathlib
import re

import pytest
import yaml

import mmfusion as mm
from mmfusion import registry
from mmfusion.recipe import resolve
from mmfusion.recipe.tasks import tasks_of
from mmfusion.schema import Schema, TargetSchema

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/targets.md"
TEXT = PAGE.read_text(encoding="utf-8")


def _table(head):
    lines = TEXT[TEXT.index(head) :].split("\n\n")[0].splitlines()[2:]
    return [[x.strip() for x in line.split("|")[1:-1]] for line in lines]


def test_every_task_and_its_score_are_listed():
    found = {}
    for kind, _, task, _, score in _table("| target | a row has"):
        made = registry.get("task", task.strip("`"))
        found[task.strip("`")] = kind.strip("`")
        assert made.metric.replace("_", " ") == score.lower()
        assert registry.get("target", found[task.strip("`")]).task == task[1:-1]
    assert sorted(found) == registry.names("task")


def test_what_goes_with_what_is_so():
    rows = _table("| | classes | labels")
    said = {
        name: row[1:] for row in rows for name in re.findall(r"`(\w+)`", row[0])
    }
    for name in registry.names("decision"):
        takes = registry.get("decision", name).takes
        kinds = ("probabilities", "labels", "values")
        expected = ["yes" if kind in takes else "no" for kind in kinds]
        assert said[name] == expected, name
    assert set(registry.names("method")) <= set(said)


def test_its_recipe_resolves():
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S)
    plain = yaml.safe_load(block)
    resolved = resolve.resolve_data(plain["data"], PAGE.parent)
    assert list(resolved["target"]) == ["label", "tags", "price"]
    chosen = resolve.resolve_model(plain["model"], {})["task"]
    classes = {"classes": ["a", "b"]}
    schema = Schema(
        {},
        {
            "label": TargetSchema("classification", classes),
            "tags": TargetSchema("multi_label", classes),
            "price": TargetSchema("regression", {}),
        },
    )
    _, tags, price = tasks_of(chosen, schema)
    assert (tags.threshold, price.loss) == (0.4, "huber")


@pytest.mark.slow
def test_its_example_runs():
    (block,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    names = {}
    exec(compile(block, str(PAGE), "exec"), names)
    answer = names["answer"]
    assert answer["label"] in ("dessert", "main") and answer["status"] == "ok"
    assert set(answer["tags"]) <= set(names["words"])
    assert isinstance(answer["price"], float)
    assert isinstance(names["model"].tasks["tags"], mm.tasks.MultiLabel)
