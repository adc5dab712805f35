"""The page on fusion names all there are, and its examples run."""

import pathlib
import re

import numpy as np
import pytest
import yaml

from mmfusion import registry
from mmfusion.recipe import resolve

PAGE = pathlib.Path(__file__).parents[2] / "docs/fusion.md"
TEXT = PAGE.read_text(encoding="utf-8")


def _first_column(head):
    table = TEXT[TEXT.index(head) :].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    return [cell.strip().strip("`") for cell in cells]


@pytest.mark.parametrize(
    ("kind", "head"),
    [("fusion", "| name | takes |"), ("decision", "| name | formula |")],
)
def test_all_names_are_listed_and_no_others(kind, head):
    assert sorted(_first_column(head)) == registry.names(kind)


def test_every_method_is_listed():
    table = TEXT[TEXT.index("| way | how |") :].split("\n\n")[0]
    named = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line)
    }
    assert set(registry.names("method")) <= named


def test_its_examples_run(monkeypatch):
    # What the page registers is forgotten again.
    table = {kind: dict(things) for kind, things in registry._TABLE.items()}
    monkeypatch.setattr(registry, "_TABLE", table)
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S):
        exec(compile(block, str(PAGE), "exec"), names)
    assert sorted(names["model"].optional) == ["audio", "image"]
    layer = names["MaximumFusion"](4)
    x = {"a": np.ones((2, 3), "float32"), "b": np.full((2, 5), np.nan)}
    y = layer(x, present={"b": np.array([False, False])})
    assert y.shape == (2, 4) and np.isfinite(np.asarray(y)).all()


def test_its_recipes_resolve():
    inputs = {"photo": {"type": "image", "column": "file", "size": [8, 8]}}
    for block in re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.M | re.S):
        plain = yaml.safe_load(block)
        resolve.resolve_model(plain["model"], inputs)
        resolve.resolve_training(plain["training"])
