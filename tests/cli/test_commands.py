"""The commands on a small table: what they print, write and exit with."""

import csv
import io

import pytest
import yaml

from mmfusion import registry
from mmfusion.explain import check_metrics
from tests.cli.conftest import as_json

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("commands")


def test_train_writes_a_whole_run(run_folder):
    names = sorted(path.name for path in run_folder.iterdir())
    assert names == [
        "data.json",
        "history.csv",
        "inputs",
        "metrics.json",
        "model.keras",
        "recipe.yaml",
        "report.html",
        "schema.json",
    ]
    metrics = as_json((run_folder / "metrics.json").read_text())
    check_metrics(metrics)
    scores = metrics["outputs"]["label"]
    assert sorted(scores["alone"]) == ["photo", "title"]
    assert sorted(scores["masked"]) == ["photo"]  # The photo is not optional.
    assert metrics["rows"] == 18
    assert metrics["xla"]["on"] in (True, False)
    history = (run_folder / "history.csv").read_text()
    history = list(csv.DictReader(io.StringIO(history)))
    assert [row["epoch"] for row in history] == ["1", "2"]
    recipe = yaml.safe_load((run_folder / "recipe.yaml").read_text())
    assert recipe["training"]["seed"] == 0
    assert recipe["model"]["encoders"]["photo"]["shape"] == [8, 8, 3]
    assert recipe["model"]["encoders"]["photo"]["units"] == 4


def test_a_used_folder_is_refused(command, things, run_folder):
    code, _, err = command("train", things / "things.yaml", "--out", run_folder)
    assert code == 2
    assert "is in use" in err


def test_evaluate_gives_the_scores_again(command, run_folder):
    code, out, _ = command("evaluate", run_folder, "--json")
    assert code == 0
    again = as_json(out)["outputs"]["label"]
    first = as_json((run_folder / "metrics.json").read_text())
    first = first["outputs"]["label"]
    assert again["fused"] == first["fused"]
    assert again["masked"] == first["masked"]
    code, out, _ = command("evaluate", run_folder)
    assert code == 0
    assert "photo masked" in out


def test_evaluate_notices_other_data(command, things, run_folder, tmp_path):
    for path in run_folder.rglob("*"):
        target = tmp_path / "run" / path.relative_to(run_folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            target.write_bytes(path.read_bytes())
    changed = things / "changed.csv"
    text = (things / "things.csv").read_text()
    # The same columns, classes and sizes; other words.
    changed.write_text(text.replace("thing", "object"))
    recipe = tmp_path / "run" / "recipe.yaml"
    recipe.write_text(recipe.read_text().replace("things.csv", "changed.csv"))
    code, _, err = command("evaluate", tmp_path / "run")
    assert code == 2
    assert "not what it was trained on: source changed" in err


def test_predict_answers_every_row_in_order(command, run_folder, things):
    table = things / "new.csv"
    table.write_text("file,title\n1.png,=cmd\nnone.png,a\n2.png,\n")
    code, out, err = command("predict", run_folder, table)
    assert code == 1
    assert "1 of 3 rows have no answer" in err
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["id"] for row in rows] == ["0", "1", "2"]
    assert [row["status"] == "ok" for row in rows] == [True, False, True]
    assert rows[1]["label"] == ""
    assert rows[1]["status"] == "photo: file not found"
    assert "none.png" in rows[1]["error"]
    table.write_text("file,title\n1.png,a\n")
    code, out, _ = command("predict", run_folder, table, "--json")
    assert code == 0
    assert as_json(out)[0]["label"] in ("dark", "light")
    code, out, _ = command(
        "predict", run_folder, table, "--out", things / "answers.csv"
    )
    assert (code, out) == (0, "")
    assert (things / "answers.csv").read_text().startswith("id,label,")


def test_export_writes_both_formats(command, run_folder):
    code, out, _ = command(
        "export", run_folder, "--format", "saved_model", "--json"
    )
    assert code == 0
    assert as_json(out)["path"].endswith("exports/saved_model/1")
    code, out, _ = command("export", run_folder, "--format", "litert")
    assert code == 0
    assert list((run_folder / "exports").glob("*.tflite"))


def test_list_shows_the_names(command):
    code, out, _ = command("list", "fusion")
    first, *more = out.splitlines()
    assert code == 0 and first.startswith("fusion       bilinear_attention, ")
    assert more and all(line.startswith(" " * 13) for line in more)
    assert all(len(line) <= 80 for line in out.splitlines())
    names = " ".join(out.removeprefix("fusion").split()).split(", ")
    assert names == registry.names("fusion")
    code, out, _ = command("list", "--json")
    assert "av_mnist" in as_json(out)["dataset"]
