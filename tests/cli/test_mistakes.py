"""Mistakes get one clear line, the right exit code and no traceback."""

import importlib.util
import re

import pytest
import yaml

from tests.cli.conftest import RECIPE


def _recipe(folder, change):
    plain = yaml.safe_load(RECIPE)
    change(plain)
    path = folder / "changed.yaml"
    path.write_text(yaml.safe_dump(plain))
    return path


MISTAKES = {
    "recipe key": (
        lambda r: r["training"].update(epoch=3),
        "Did you mean 'epochs'?",
    ),
    "section": (lambda r: r.update(modle={}), "Did you mean 'model'?"),
    "encoder": (
        lambda r: r["model"]["encoders"]["photo"].update(name="image_cn"),
        "Unknown encoder 'image_cn'. Did you mean 'image_cnn'?",
    ),
    "fusion": (
        lambda r: r["model"]["fusion"].update(name="gatd"),
        "Unknown fusion 'gatd'. Did you mean 'gated'?",
    ),
    "fusion argument": (
        lambda r: r["model"]["fusion"].update(unit=4),
        "Did you mean 'units'?",
    ),
    "modality type": (
        lambda r: r["inputs"]["photo"].update(type="imge"),
        "Unknown modality 'imge'. Did you mean 'image'?",
    ),
    "column": (
        lambda r: r["inputs"]["photo"].update(column="flie"),
        "file",
    ),
    "source": (
        lambda r: r["data"].update(source="nowhere.csv"),
        "nowhere.csv",
    ),
    "optimizer": (
        lambda r: r["training"].update(optimizer={"name": "adamm"}),
        "Did you mean 'adam'?",
    ),
    "number": (
        lambda r: r["training"].update(epochs="many"),
        "`epochs` to be a positive whole number. Received: 'many'",
    ),
    "bad rows": (
        lambda r: r["data"].update(bad_rows="ignore"),
        "`bad_rows` to be one of 'error'",
    ),
    "target": (
        lambda r: r["data"].update(target=["kind"]),
        "`data` expects `target` to be a str. Received: ['kind']",
    ),
    "source kind": (
        lambda r: r["data"].update(source=5),
        "`data` expects `source` to be a str. Received: 5",
    ),
    "id": (
        lambda r: r["data"].update(id=["file"]),
        "`data` expects `id` to be a str",
    ),
    "inputs": (
        lambda r: r.update(inputs=[1]),
        "`inputs` expects keys and values. Received: [1]",
    ),
    "encoder of nothing": (
        lambda r: r["model"]["encoders"].update(foto={}),
        "Did you mean 'photo'?",
    ),
    "activation": (
        lambda r: r["model"]["fusion"].update(name="concat", activation="x"),
        "`activation` to be the name of a Keras activation",
    ),
    "learning rate": (
        lambda r: r["training"].update(
            optimizer={"name": "adam", "learning_rate": "1e-3"}
        ),
        "write 0.001",
    ),
    "auxiliary": (
        lambda r: r["model"].update(auxiliary="yes"),
        "`auxiliary` to be one of True, False",
    ),
    "both": (
        lambda r: r["model"].update(decision={"name": "average"}),
        "not both",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_recipe_is_one_line_and_exit_2(name, command, things):
    change, message = MISTAKES[name]
    code, out, err = command("train", _recipe(things, change))
    assert code == 2
    assert message in err
    assert "Traceback" not in err
    # A fault of a table has a line of its own under the count.
    assert len(err.strip().splitlines()) <= 2


def test_what_is_no_recipe_is_said(command, things):
    for text in ("[1, 2]", "a: [", "\x00"):
        (things / "bad.yaml").write_text(text)
        code, _, err = command("train", things / "bad.yaml")
        assert code == 2
        assert "bad.yaml" in err
        assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "nowhere.yaml"),
        ("evaluate", "nowhere"),
        ("predict", "nowhere", "new.csv"),
        ("export", "nowhere", "--format", "saved_model"),
        ("export", "nowhere", "--format", "saved_modl"),
        ("list", "fusions"),
        ("trian",),
        ("train",),
        ("train", "a.yaml", "--bogus"),
    ],
)
def test_usage_is_one_line_and_exit_2(arguments, command):
    code, _, err = command(*arguments)
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert err.startswith("mmfusion: ")


@pytest.mark.skipif(
    importlib.util.find_spec("tensorboard") is not None,
    reason="tensorboard is installed",
)
def test_a_missing_extra_is_named_with_its_command(command, things, tmp_path):
    code, _, err = command(
        "train", things / "things.yaml", "--tensorboard", tmp_path
    )
    assert code == 2
    assert err == (
        "mmfusion: `tensorboard` is not installed. Install it with: "
        "pip install 'mmfusion[tensorboard]'\n"
    )


def test_five_bad_rows_are_all_named_and_exit_1(command, things, tmp_path):
    lines = (things / "things.csv").read_text().splitlines()
    lines[3] = "none.png,a thing,light"  # Row 4 of the file.
    lines[10] = ",a thing,dark"
    lines[20] = "19.png,a thing,"
    lines[30] = "../29.png,a thing,dark"
    (things / "page.png").write_text("<html>")
    lines[40] = "page.png,a thing,dark"
    (things / "bad.csv").write_text("\n".join(lines) + "\n")
    recipe = _recipe(things, lambda r: r["data"].update(source="bad.csv"))
    out = tmp_path / "run"
    code, _, err = command("train", recipe, "--out", out)
    assert code == 1
    assert "5 problems" in err
    for row, column in (
        (4, "file"),
        (11, "file"),
        (21, "kind"),
        (31, "file"),
        (41, "file"),
    ):
        assert f"bad.csv:{row}:{column}: " in err
    # TensorFlow may have begun without the log level of a command.
    native = re.compile(r"[IWE]\d{4} ")
    lines = [x for x in err.strip().splitlines() if not native.match(x)]
    assert len(lines) == 6
    assert not out.exists()


def test_an_override_changes_the_recipe_and_its_mistakes_are_told(
    command, things
):
    code, _, err = command(
        "train", things / "things.yaml", "--set", "training.epoch=1"
    )
    assert code == 2
    assert "Did you mean 'epochs'?" in err
    code, _, err = command("train", things / "things.yaml", "--set", "epochs")
    assert code == 2
    assert "section.key=value" in err
    code, _, err = command(
        "train", things / "things.yaml", "--set", "training.epochs=["
    )
    assert code == 2
    assert "is not YAML" in err
