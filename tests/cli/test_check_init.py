"""`init` writes a recipe, `check` says what is wrong: output, exit codes."""

import pytest
import yaml

from tests.cli.conftest import as_json


@pytest.fixture
def table(tmp_path):
    lines = [
        f"{row},{row % 9}.5,a car of {row} years,{row % 2}" for row in range(30)
    ]
    path = tmp_path / "cars.csv"
    path.write_text("\n".join(["sku,price,text,sold", *lines]) + "\n")
    return path


def test_a_recipe_is_written_checked_and_reads_as_it_says(
    command, table, tmp_path
):
    out = tmp_path / "cars.yaml"
    code, told, _ = command("init", table, "--target", "sold", "--out", out)
    assert code == 0
    assert "text: text: 5 words at the median" in told
    text = out.read_text()
    assert "# price: number: every cell is a number" in text
    recipe = yaml.safe_load(text)
    assert recipe["data"] == {
        "source": "cars.csv",
        "target": "sold",
        "id": "sku",
    }
    assert list(recipe["inputs"]) == ["text", "facts"]
    code, told, err = command("check", out)
    assert (code, err) == (0, "")
    assert "30 rows, 0 of them bad" in told and "No problems." in told
    code, _, err = command("init", table, "--target", "sold", "--out", out)
    assert code == 2 and "exists" in err


def test_problems_are_all_told_and_the_exit_code_says_so(command, table):
    lines = table.read_text().splitlines()
    lines[4] = "3,many,a car of 3 years,1"
    lines[7] = "6,1.5,a car of 6 years,"
    lines[9] = "8,1.5"
    table.write_text("\n".join(lines))
    code, told, _ = command("check", table, "--target", "sold", "--json")
    assert code == 1
    found = as_json(told)
    assert len(found["problems"]) == 3
    assert any(":5:price: expects a number" in x for x in found["problems"])
    assert any(":8:sold: has no label" in x for x in found["problems"])
    assert any(":10: too few fields" in x for x in found["problems"])


def test_what_cannot_be_checked_is_explained(command, table, tmp_path):
    code, _, err = command("check", table)
    assert code == 2 and "Name it" in err and "--target" in err
    code, _, err = command("check", tmp_path / "none.csv")
    assert code == 2 and "cannot be read" in err
    code, _, err = command("check", table, "--set", "data.id=sku")
    assert code == 2 and "mmfusion init" in err


def test_the_index_that_pandas_writes_is_left_out_and_told(
    command, table, tmp_path
):
    lines = table.read_text().splitlines()
    numbered = [f"{row},{line}" for row, line in enumerate(lines[1:])]
    table.write_text("\n".join([f",{lines[0]}", *numbered]))
    out = tmp_path / "cars.yaml"
    arguments = ("init", table, "--target", "sold", "--out", out)
    code, told, err = command(*arguments)
    assert code == 0
    assert "column 1 has no name; it is left out. Name it, or write" in err
    assert ": unused: it has no name\n" in told
    recipe = yaml.safe_load(out.read_text())
    assert recipe["inputs"]["facts"] == {
        "type": "tabular",
        "numbers": ["price"],
    }
    assert command("check", out)[0] == 0
    out.unlink()
    code, _, err = command(*arguments, "--without", "")
    assert code == 0 and "no name" not in err
