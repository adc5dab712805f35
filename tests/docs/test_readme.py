"""The README's examples, run as they stand but for a few smaller numbers."""

import contextlib
import io
import pathlib
import re
import shlex

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.cli import main
from tests.products import CATEGORIES, write_products

README = pathlib.Path(__file__).parents[2] / "README.md"
# What is made smaller, and nothing else; each must be there.
SMALLER_TABLE = {
    "size=(96, 96)": "size=(16, 16)",
    "vocabulary_size=8000,": "vocabulary_size=40, length=4,",
    "epochs=30": "epochs=1",
}
SMALLER_RECIPE = {
    "size: [96, 96]": "size: [16, 16]",
    "vocabulary_size: 8000,": "vocabulary_size: 40, length: 4,",
    "epochs: 30": "epochs: 1",
}
SMALLER_ARRAYS = {
    "(32, 32, 3)": "(8, 8, 3)",
    "vocabulary_size=8000": "vocabulary_size=20",
}


def blocks(language, heading):
    """The code blocks of a language under a heading, up to the next one."""
    text = README.read_text(encoding="utf-8")
    [(_, section)] = re.findall(
        rf"^(#+ {re.escape(heading)})$(.*?)(?=^#+ |\Z)", text, re.M | re.S
    )
    return re.findall(rf"^```{language}\n(.*?)^```$", section, re.M | re.S)


def replaced(source, replacements):
    for old, new in replacements.items():
        assert source.count(old) == 1, f"The README says {old!r} no more."
        source = source.replace(old, new)
    return source


def run(source, names):
    """Runs a block where `names` are known; returns what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, str(README), "exec"), names)
    return printed.getvalue()


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The current folder, with a table and its pictures."""
    monkeypatch.chdir(tmp_path)
    write_products(tmp_path)
    return tmp_path


@pytest.mark.slow
def test_your_data_and_serving_it(shop):
    [table] = blocks("python", "Your data")
    names = {}
    printed = run(replaced(table, SMALLER_TABLE), names)
    assert (shop / "report" / "report.html").is_file()
    answers = re.findall(r"^\{'id': '(\d)', .*\}$", printed, re.M)
    assert answers == ["0", "1", "2", "3"]  # One a row, in order.

    export, serve = blocks("python", "Serving")
    run(export, names)  # `served` has a second version from here on.
    assert (shop / "model.tflite").is_file()
    printed = run(serve, {})  # Nothing of ours is needed.
    assert re.search(rf"b'({'|'.join(CATEGORIES)})'", printed), printed
    assert "b'ok'" in printed


def test_a_recipe_is_written_and_checked_as_the_readme_says(shop, capfd):
    [lines] = blocks("bash", "Your data")
    for line in lines.splitlines()[:2]:
        words = shlex.split(line, comments=True)
        assert words[0] == "mmfusion"
        with pytest.raises(SystemExit) as caught:
            main(words[1:])
        assert caught.value.code == 0
    assert "72 rows, 0 of them bad" in capfd.readouterr().out
    inputs = mm.recipe.load("products.yaml").resolved["inputs"]
    assert sorted(inputs) == ["facts", "file"]


@pytest.mark.slow
def test_the_recipe(shop):
    [recipe] = blocks("yaml", "Your data")
    recipe = replaced(recipe, SMALLER_RECIPE)
    (shop / "products.yaml").write_text(recipe, encoding="utf-8")
    mm.recipe.load("products.yaml").train()
    answers = mm.run.load("runs/products-1").predict("new.csv")
    assert len(answers) == 4


def test_by_hand():
    [by_hand] = blocks("python", "By hand")
    random = np.random.default_rng(0)
    names = {
        "mm": mm,
        "images": random.integers(0, 256, (8, 8, 8, 3), "uint8"),
        "bags": random.integers(0, 2, (8, 20)).astype("float32"),
        "labels": np.arange(8) % 2,
    }
    run(replaced(by_hand, SMALLER_ARRAYS), names)
    assert names["model"].optional == ("text",)


def test_the_classic_is_the_same_network():
    bare, ours = blocks("python", "A classic, side by side")
    models = []
    for source in (bare, ours):
        names = {
            "keras": keras,
            **vars(keras.layers),
            **vars(mm.encoders),
            **vars(mm.decision),
            **vars(mm.models),
            **vars(mm.tasks),
        }
        run(source, names)
        models.append(names["model"])
    bare, ours = models
    # One orders its weights by depth, the other by branch; among those of one
    # shape, left comes before right in both.
    pairs = zip(
        *(sorted(m.weights, key=lambda w: tuple(w.shape)) for m in models),
        strict=True,
    )
    for source, target in pairs:
        target.assign(source)
    random = np.random.default_rng(0)
    given = {"left": random.random((4, 10)), "right": random.random((4, 7))}
    np.testing.assert_allclose(
        ours.predict(given, verbose=0)["label"],
        bare.predict(given, verbose=0),
        rtol=1e-5,
    )
