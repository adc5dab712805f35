"""The page on encoders names all there are, and its examples run."""

import pathlib
import re

import pytest

from mmfusion import registry

PAGE = pathlib.Path(__file__).parents[2] / "docs/encoders.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["encoder", "alignment"])
def test_all_names_are_listed_and_no_others(kind):
    first = {"encoder": "| modality |", "alignment": "| name | layer |"}[kind]
    table = TEXT[TEXT.index(first) :].split("\n\n")[0]
    column = 2 if kind == "encoder" else 1
    cells = [line.split("|")[column] for line in table.splitlines()[2:]]
    listed = [cell.strip().strip("`") for cell in cells]
    assert sorted(listed) == registry.names(kind)


@pytest.mark.slow
def test_its_examples_run():
    blocks = re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
    assert len(blocks) == 3
    names = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    assert sorted(names["model"].input) == ["image", "text"]


def test_what_does_not_run_says_so():
    assert len(re.findall(r"^```py$", TEXT, re.M)) == len(
        re.findall(r"^<!-- not run: .* -->\n```py$", TEXT, re.M)
    )
