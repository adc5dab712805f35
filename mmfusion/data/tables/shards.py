"""Finds the file of a prepared data set that is damaged, or not there."""

import pathlib
import re

import tensorflow as tf

_AGAIN = "prepare the data set again"


def missing(split):
    """What to say of each file of a split that is not there.

    Args:
        split: `tfds.core.SplitInfo`.
    """
    return [
        f"{path}: this file of the data set is missing; {_AGAIN}"
        for path in map(pathlib.Path, split.filepaths)
        if not path.is_file()
    ]


def damaged(split, error):
    """What to say of a split that TensorFlow cannot read.

    TensorFlow names a byte and no file, so every file is read once more.

    Args:
        split: `tfds.core.SplitInfo`.
        error: what TensorFlow raised.
    """
    found = missing(split)
    if not found:
        paths = [path for path in split.filepaths if ".tfrecord" in path.name]
        found = [what for path in paths if (what := _fault(path, split))]
    first = str(error).strip().partition("\n")[0][:200]
    name = split.filepaths[0].parent if split.filepaths else split.name
    return found or [f"{name}: the data set cannot be read: {first}; {_AGAIN}"]


def _fault(path, split):
    count, expected = 0, _expected(path, split)
    try:
        for _ in tf.data.TFRecordDataset(str(path)):
            count += 1
    except tf.errors.OpError as error:
        at = re.search(r"record at (\d+)", str(error))
        where = f" at byte {at[1]}" if at else ""
        return f"{path}: is damaged{where}, after {count} records; {_AGAIN}"
    if expected is not None and count != expected:
        return f"{path}: has {count} records, not {expected}; {_AGAIN}"
    return None


def _expected(path, split):
    """How many records a file was written with, if that is known."""
    lengths = getattr(split, "shard_lengths", None) or []
    names = [pathlib.Path(name).name for name in split.filenames]
    known = dict(zip(sorted(names), lengths, strict=False))
    return known.get(path.name)
