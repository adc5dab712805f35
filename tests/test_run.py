"""Run directories: opened whole, numbered, and asked for answers."""

import numpy as np
import pytest

import mmfusion as mm
from mmfusion import run as runs
from mmfusion.errors import ArgumentError
from tests.cli.conftest import run_folder, things  # noqa: F401 (fixtures)


def test_runs_are_numbered_from_one(tmp_path):
    assert runs.next_path("a", tmp_path) == tmp_path / "a-1"
    for name in ("a-1", "a-7", "a-b", "b-9"):
        (tmp_path / name).mkdir()
    assert runs.next_path("a", tmp_path) == tmp_path / "a-8"


def test_what_is_no_run_is_said(tmp_path):
    with pytest.raises(ArgumentError, match="There is no run"):
        mm.run.load(tmp_path / "nowhere")
    with pytest.raises(ArgumentError, match="has no recipe.yaml, model.keras"):
        mm.run.load(tmp_path)


def test_a_run_answers_rows_as_the_training_did(
    run_folder,  # noqa: F811
    things,  # noqa: F811
):
    run = mm.run.load(run_folder)
    answers = run.predict(things / "things.csv")
    assert [answer["status"] for answer in answers] == ["ok"] * 60
    data = mm.recipe.load(things / "things.yaml").read()
    expected = data.test.predict(run.model)
    by_id = {answer["id"]: answer for answer in answers}
    for answer in expected:
        assert by_id[answer["id"]]["label"] == answer["label"]
        np.testing.assert_allclose(
            by_id[answer["id"]]["label_probability"],
            answer["label_probability"],
            atol=1e-6,
        )
    rows = [{"file": str(things / "1.png"), "title": ""}]
    assert "status" in run.predict(rows)[0]
