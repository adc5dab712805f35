"""TensorFlow Datasets that were prepared before; never a download."""

import os
import pathlib

from mmfusion.errors import TableError


def check_prepared(names, data_dir=None) -> pathlib.Path:
    """Finds out at once, without a network, whether data sets can be read.

    Args:
        names: list of str, names of TensorFlow Datasets.
        data_dir: str or path. Defaults to the environment's `TFDS_DATA_DIR`,
            else `~/tensorflow_datasets`.

    Returns:
        The path that the data sets lie in.

    Raises:
        DataError: If one of them is not there or lacks files; says how to get
            it. `problems` has a line for each.
    """
    root = folder_of(data_dir)
    problems = [
        f"{root / name}: {what}; {get_it(name, root)}"
        for name in names
        if (what := _fault(root / name))
    ]
    if problems:
        listed = "\n".join(problems)
        raise TableError(
            f"Data sets are missing, and mmfusion downloads nothing by itself. "
            "If they lie elsewhere, pass `data_dir` or set TFDS_DATA_DIR."
            f"\n{listed}",
            problems,
        )
    return root


def folder_of(data_dir=None) -> pathlib.Path:
    """The folder that data sets lie in; arguments as `check_prepared` has."""
    return pathlib.Path(
        data_dir or os.environ.get("TFDS_DATA_DIR") or "~/tensorflow_datasets"
    ).expanduser()


def get_it(name, root) -> str:
    """How to prepare a data set, for a message."""
    return (
        "prepare it, once and with a network: python -c 'import "
        "tensorflow_datasets as tfds; "
        f'tfds.load("{name}", data_dir="{root}")\''
    )


def _fault(folder):
    """What is wrong with a data set's folder; None if it can be read."""
    if not any(folder.glob("*/dataset_info.json")):
        return "no prepared data set here"
    for version in folder.glob("*/dataset_info.json"):
        if not any(version.parent.glob("*.tfrecord*")):
            return f"version {version.parent.name} lacks its records"
    return None


def load(name, split, data_dir=None):
    """Reads one split of a prepared data set, in its stored order.

    Args:
        name: str, such as `"mnist"`.
        split: str, such as `"train"`.
        data_dir: as `check_prepared` takes it.

    Returns:
        `tf.data.Dataset` of dicts.

    Raises:
        DataError: If the data set is not prepared.
    """
    root = check_prepared([name], data_dir)
    # Only here: nobody pays for the import who reads no such data set.
    import tensorflow_datasets as tfds

    return tfds.load(
        name,
        split=split,
        data_dir=str(root),
        download=False,
        shuffle_files=False,
    )
