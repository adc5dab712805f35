"""What must hold of anything that is read, damaged or not."""

import functools

import numpy as np
import tensorflow as tf

from mmfusion.data.checkup import check
from mmfusion.data.modality import BadValue
from mmfusion.data.read import read
from mmfusion.data.tables import read_table
from mmfusion.data.unlabelled import MALFORMED, read_unlabelled
from mmfusion.errors import DataError

# What the host may read and a graph does not.
_ELSEWHERE = ("unsupported format", "unsupported sample rate")


def check_file(modality, data):
    """The bytes of a file are read as canonical, or a bad value.

    What the graph of a served model says of them is the same.

    Returns:
        bool. Whether they were read.
    """
    try:
        array, reason = modality.read(data), ""
    except BadValue as error:
        assert str(error) and error.reason and error.faults
        array, reason = None, error.reason
    if array is not None:
        _check_canonical(modality, array)
        tensor = np.asarray(modality.transform(array))
        assert tensor.shape == modality.shape and np.isfinite(tensor).all()
    if modality.decodes:
        _check_graph(modality, data, array, reason)
    return array is not None


def _check_canonical(modality, array):
    assert isinstance(array, np.ndarray) and array.size
    if modality.content in ("image", "clip"):
        assert array.dtype == np.uint8 and array.shape[-1] == 3
    if modality.content == "image":
        assert array.ndim == 3
        assert array.shape[0] * array.shape[1] <= modality.max_pixels
    elif modality.content == "clip":
        assert array.ndim == 4 and len(array) <= modality.frames
        assert array.shape[1:3] == modality.size
    else:
        assert array.dtype == np.float32 and array.ndim == 1
        assert np.isfinite(array).all()


def _check_graph(modality, data, array, reason):
    status, decoded = _served(modality, data)
    if status in _ELSEWHERE:
        return
    if status:
        assert array is None and reason == status
    elif decoded is None:
        assert array is None and reason == "cannot be decoded"
    else:
        assert decoded.dtype == array.dtype
        np.testing.assert_array_equal(decoded, array)


def _served(modality, data):
    """The status that a graph gives; what it decodes, or None."""
    check, decode = _graphs(modality)
    raw = tf.constant(data, tf.string)
    status = check(raw).numpy().decode()
    if status:
        return status, None
    try:
        return status, decode(raw).numpy()
    except (tf.errors.OpError, UnicodeDecodeError):
        return status, None


@functools.cache
def _graphs(modality):
    spec = [modality.raw_spec]
    return (
        tf.function(modality.check, input_signature=spec),
        tf.function(modality.decode, input_signature=spec),
    )


def check_table(path, case, inputs, policy):
    """A table is refused with its problems, or no row of it is lost.

    Args:
        path: what to read.
        case: `tables.Case`.
        inputs: dict of modality objects, which have adapted for `"predict"`.
        policy: `"error"`, `"mask"`, `"skip"`, `"predict"` or `"check"`.

    Returns:
        bool. Whether it was read.
    """
    try:
        table = read_table(path, by_row=policy == "predict")
        if case.rows is not None:
            _check_rows(table, case)
        if policy == "check":
            found = check(path, inputs, "label", split={"validation": 0.25})
            assert case.rows is not None and found.rows == len(case.rows)
            assert found.bad >= len(table.faults)
            assert str(found) and all(map(str.isprintable, found.problems))
        elif policy == "predict":
            split = read_unlabelled(path, inputs)
            assert case.rows is not None
            _check_answers(split, table, case)
        else:
            data = read(
                path,
                inputs,
                "label",
                split={"validation": 0.25},
                bad_rows=policy,
            )
            assert case.rows is not None
            _check_splits(data, table, case, policy)
    except DataError as error:
        assert error.problems, str(error)
        assert all(line.isprintable() for line in error.problems)
        assert all(line.startswith(str(path)) for line in error.problems)
        return False
    return True


def _check_rows(table, case):
    assert len(table) == len(case.rows)
    for row, cells in enumerate(case.rows):
        if row in table.faults:
            assert cells is None or not case.exact
            continue
        assert cells is not None
        assert not case.exact or tuple(cells) == table.columns
        for name, cell in cells.items():
            told = name in table.unreadable or table.faults_of(row, [name])
            assert told or table.cell(row, name) == cell


def _check_answers(split, table, case):
    """One status a row, in order; what is ok has the values of its row."""
    assert split.ids() == [str(row) for row in range(len(case.rows))]
    assert len(split.status) == len(split.errors) == len(case.rows)
    for row, (status, error) in enumerate(
        zip(split.status, split.errors, strict=True)
    ):
        assert status and (status == "ok") == (error == "")
        assert status.isprintable() and error.isprintable()
        assert (status == MALFORMED) == (row in table.faults)
    _check_values(split, range(len(split)), table)


def _check_splits(data, table, case, policy):
    kept = {}
    for split in (data.train, data.validation, data.test):
        if split is None:
            continue
        rows = [int(key) for key in split.ids()]
        assert rows == sorted(rows)
        kept |= dict.fromkeys(rows, split.name)
        _check_values(split, rows, table)
    skipped = {
        row
        for row, line in enumerate(table.lines)
        if any(f":{line}:" in problem for problem in data.skipped)
    }
    assert policy == "skip" or not data.skipped
    assert policy == "mask" or not data.masked
    assert sorted([*kept, *skipped]) == list(range(len(case.rows)))


def _check_values(split, rows, table):
    """The prices are those of the rows, wherever there are prices."""
    arrays, _ = split.arrays()
    price = split.inputs["price"]
    for at, row in enumerate(rows):
        cell = "" if row in table.faults else table.cell(row, "price")
        try:
            expected = None if price.is_missing(cell) else price.read(cell)
        except BadValue:
            expected = None
        assert arrays["price_present"][at] == (expected is not None)
        if expected is not None:
            np.testing.assert_array_equal(arrays["price"][at], expected)
