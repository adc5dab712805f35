"""What is no argument at all is told in one line of ours, wherever it goes."""

import numpy as np
import pandas as pd
import pytest

import mmfusion as mm
from mmfusion import data
from mmfusion.data import NumberTarget, Text
from mmfusion.errors import MmfusionError
from mmfusion.run import Run

FRAME = pd.DataFrame({"t": ["a b", "c d"] * 10, "price": [0, 1] * 10})
SETTINGS = {"type": "text", "column": "t"}


class Opened(Run):
    """A run of a text, without its files."""

    inputs = {"t": Text("t")}
    recipe = {"data": {}}
    model = None


@pytest.fixture
def path(tmp_path):
    FRAME.to_csv(tmp_path / "table.csv", index=False)
    return tmp_path / "table.csv"


def text():
    return {"t": Text("t")}


def refused(call):
    with pytest.raises(MmfusionError) as caught:
        call()
    message = str(caught.value)
    assert len(message.splitlines()) == 1 and len(message) < 500
    return message


# Arguments of `read` by name, and what the message speaks of.
OF_READ = [
    ({"split": {"group": ["price"], "test": 0.2}}, "`group`"),
    ({"split": {"group": {"price": 1}}}, "`group`"),
    ({"split": {"column": ["price"]}}, "`column`"),
    ({"split": FRAME}, "`split`"),
    ({"id": ["a"]}, "`id`"),
    ({"id": 5}, "`id`"),
    ({"seed": "x"}, "`seed`"),
    ({"allow_outside_root": "no"}, "`allow_outside_root`"),
    ({"bad_rows": "drop"}, "`bad_rows`"),
    ({"inputs": {"t": "text"}}, "such as `Text(column=...)`"),
    ({"inputs": {"t": SETTINGS}}, "such as `Text(column=...)`"),
    ({"inputs": {"t": Text}}, "such as `Text(column=...)`"),
    ({"inputs": FRAME}, "Received: DataFrame"),
    ({"target": FRAME["price"]}, "Received: Series"),
    ({"target": {"x": FRAME["price"]}}, "Received: Series"),
    ({"source": FRAME}, "`read_dataframe`"),
    ({"source": {"train": FRAME}}, "`read_dataframe`"),
    ({"source": 5}, "A table expects a path"),
]


@pytest.mark.parametrize("function", [data.read, data.check])
@pytest.mark.parametrize("given, what", OF_READ)
def test_arguments_of_read_and_check(path, function, given, what):
    given = {"source": path, "inputs": text(), "target": "price", **given}
    assert what in refused(lambda: function(**given))


@pytest.mark.parametrize(
    "given, what",
    [
        ({"root": None}, "`root`"),
        ({"splitt": {}}, "'splitt'. Did you mean 'split'?"),
        ({"allow_outside_root": 1}, "`allow_outside_root`"),
    ],
)
def test_arguments_of_read_dataframe(given, what):
    assert what in refused(
        lambda: data.read_dataframe(FRAME, text(), "price", **given)
    )


def test_options_that_are_none(path):
    for call in (
        lambda: data.read_csv(path, text(), "price", splitt={}),
        lambda: data.read_tfds("mnist", text(), "price", splitt={}),
    ):
        assert "Did you mean 'split'" in refused(call)


@pytest.mark.parametrize(
    "given, what",
    [
        ({"target": 5}, "`target`"),
        ({"target": ["price", 5]}, "`target`"),
        ({"target": FRAME["price"]}, "`target`"),
        ({"target": NumberTarget("price")}, "`target`"),
        ({"target": {"x": 5}}, "'x'"),
        ({"target": {"x": NumberTarget()}}, "'x'"),
        ({"target": {"x": NumberTarget("price")}}, "`type` and `column`"),
        ({"target": {"x": {"type": "number", "column": 5}}}, "`column`"),
        ({"target": {"x": {"type": ["number"]}}}, "Unknown target"),
        ({"without": "price"}, "`without`"),
        ({"without": [["price"]]}, "`without`"),
        ({"source": FRAME}, "`read_dataframe`"),
    ],
)
def test_arguments_of_infer(path, given, what):
    assert what in refused(lambda: data.infer(**{"source": path, **given}))


@pytest.mark.parametrize(
    "given, what",
    [
        ({"source": 5}, "Received: 5."),
        ({"source": [1, 2]}, "Received: [1, 2]."),
        ({"source": None}, "Received: None."),
        ({"source": np.eye(2)}, "Received: ndarray."),
        ({"source": FRAME["t"]}, "Received: Series."),
        ({"source": {"t": 5}}, "Received: 5."),
        ({"source": {"t": "a b"}}, "Received: 'a b'."),
        ({"source": {"t": {"a": "b"}}}, "Received: {'a': 'b'}."),
        ({"inputs": {"t": "text"}}, "`inputs`"),
        ({"inputs": {"t": SETTINGS}}, "`inputs`"),
        ({"inputs": None}, "`inputs`"),
        ({"id": ["sku"]}, "`id`"),
        ({"allow_outside_root": "no"}, "`allow_outside_root`"),
    ],
)
def test_arguments_of_read_unlabelled(given, what):
    given = {"source": [{"t": "a b"}], "inputs": text(), **given}
    assert what in refused(lambda: data.read_unlabelled(**given))


@pytest.mark.parametrize("rows", [5, [1, 2], None, {"t": 5}])
def test_rows_of_a_run(rows):
    assert "Received: " in refused(lambda: Opened("run").predict(rows))


def test_targets_of_several_columns_are_no_inputs(path):
    found = mm.data.infer(path, {"x": {"type": "labels", "columns": ["price"]}})
    assert "price" not in str(found.inputs)
