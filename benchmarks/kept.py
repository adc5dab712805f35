"""Results of long work in a folder: what is there is not done again."""

import json
import pathlib

import numpy as np

from mmfusion import files


def kept(folder, key, make):
    """The result of that name, made now if the folder does not have it.

    Args:
        folder: path, or None: nothing is kept.
        key: str, the name of a file without its ending.
        make: function of nothing that gives the result: dicts, lists, plain
            values and arrays, which come back as lists.

    Returns:
        The result, as JSON has it.
    """
    if folder is None:
        return json.loads(json.dumps(make(), default=_plain))
    path = pathlib.Path(folder) / f"{key}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_json(path, json.loads(json.dumps(make(), default=_plain)))
    return json.loads(path.read_text())


def _plain(x):
    if isinstance(x, np.ndarray | np.generic):
        return x.tolist()
    raise TypeError(f"JSON has no {type(x).__name__}.")
