"""Modalities that cost nothing, and a table with files that they read."""

import os
import pathlib

import numpy as np
import tensorflow as tf

from mmfusion import schema
from mmfusion.data.modality import BadValue, Modality


class Digits(Modality):
    """A file, or an array, of `length` digits, as float32."""

    reads_files = True
    storage = "uint8"
    shape = (2,)

    def __init__(self, column=None, optional=False):
        super().__init__((column,) if column else (), optional)

    @property
    def raw_spec(self):
        return tf.TensorSpec((), tf.string)

    def read(self, value):
        if isinstance(value, (str, os.PathLike)):
            try:
                value = pathlib.Path(value).read_bytes()
            except OSError as error:
                raise BadValue(f"'{value}' does not exist", "add it") from error
        if isinstance(value, bytes):
            if not value.strip().isdigit():
                raise BadValue("holds no digits", "replace the file")
            value = [int(digit) for digit in value.strip().decode()]
        if isinstance(value, int):
            raise BadValue("expects a path, bytes or an array", "convert it")
        return np.array(value, "uint8")

    def transform(self, array):
        digits = tf.cast(tf.convert_to_tensor(array), "float32")
        return tf.ensure_shape(tf.pad(digits, [[0, 2]])[:2], (2,))

    def encode(self, array):
        return "".join(str(digit) for digit in array).encode()

    def describe(self):
        return schema.InputSchema(
            self.shape, self.dtype, self.optional, "vector_mlp", {"dim": 2}
        )


def write_table(folder, rows=20, change=None):
    """A CSV file with a file a row: sku, file, note, shop, label."""
    lines = [["sku", "file", "note", "shop", "label"]]
    for row in range(rows):
        name = f"{row}.txt"
        (folder / name).write_text(f"{row % 10}{row // 10}")
        note = "" if row % 3 == 0 else f"{row} 1"
        label = ["cat", "dog"][row % 2]
        lines.append([f"s{row}", name, note, f"shop{row // 4}", label])
    if change:
        change(lines)
    path = folder / "table.csv"
    path.write_text("\n".join(",".join(line) for line in lines) + "\n")
    return path
