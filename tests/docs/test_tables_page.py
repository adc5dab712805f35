"""The page on tables names all formats, and its examples run."""

import doctest
import pathlib
import re

import pytest

from mmfusion import registry

PAGE = pathlib.Path(__file__).parents[2] / "docs/data/tables.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_all_formats_are_listed_with_their_suffixes():
    table = TEXT[TEXT.index("| name |") :].split("\n\n")[0].splitlines()[2:]
    cells = [line.split("|") for line in table]
    assert sorted(c[1].strip(" `") for c in cells) == registry.names("table")
    for _, name, what, *_ in cells:
        listed = set(re.findall(r"`(\.[a-z.]+)`", what)) - {".gz"}
        suffixes = registry.get("table", name.strip(" `")).suffixes
        assert listed >= {s for s in suffixes if not s.endswith(".gz")}


def test_its_examples_run(tmp_path, monkeypatch):
    pytest.importorskip("pandas", reason="needs the extra `tables`")
    pytest.importorskip("pyarrow", reason="needs the extra `tables`")
    for name, content in re.findall(
        r"^```(?:csv|json) (\S+)\n(.*?)^```$", TEXT, re.M | re.S
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    for names in re.findall(r"^```files\n(.*?)^```$", TEXT, re.M | re.S):
        for name in names.split():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    examples = "".join(
        block
        for block in re.findall(r"^```python\n(.*?)^```$", TEXT, re.M | re.S)
        if block.startswith(">>>")
    )
    test = doctest.DocTestParser().get_doctest(
        examples, {}, PAGE.name, str(PAGE), 0
    )
    runner = doctest.DocTestRunner(
        optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False
    )
    failures = []
    runner.run(test, out=failures.append)
    assert runner.tries >= 20 and not runner.failures, "".join(failures)
