"""Where the raw values of a modality are: cells of a table, or a sequence."""

import os
import pathlib

from mmfusion.data.paths import resolve


class TableSource:
    """The values of a modality in the rows of a table.

    A cell is a text; for a modality that reads files it is a path, relative
    to the table; a modality of several cells gets a dict of column to text.
    """

    def __init__(self, table, modality, allow_outside_root=False):
        self.table = table
        self.modality = modality
        self.allow_outside_root = allow_outside_root

    def __len__(self):
        return len(self.table)

    def name_of(self, row):
        """What rows with the same value have in common, to read it once."""
        cells = (self.table.cell(row, name) for name in self.modality.columns)
        # An array in a cell is equal to nothing but itself.
        kinds = (str, bytes, int, float, bool, type(None))
        cells = [c if isinstance(c, kinds) else id(c) for c in cells]
        return (str(self.table.root_of(row)), *cells)

    def value(self, row):
        """What `Modality.read` takes; raises `BadValue` for a bad path."""
        modality = self.modality
        cells = {
            column: self.table.cell(row, column) for column in modality.columns
        }
        if modality.reads_cells:
            return cells
        cell = cells[modality.columns[0]]
        if (
            modality.reads_files
            and isinstance(cell, (str, os.PathLike))
            and not modality.is_missing(cell)
        ):
            return resolve(
                os.fspath(cell),
                self.table.root_of(row),
                self.allow_outside_root,
            )
        return cell


class SequenceSource:
    """The values of a modality in an array or a list, one a row."""

    def __init__(self, values, modality):
        self.values = values
        self.modality = modality

    def __len__(self):
        return len(self.values)

    def value(self, row):
        return self.values[row]


def raw_value(source, row):
    """The value of a row as a served request would send it.

    Returns:
        bytes of a file, str, list of str for the cells of a table, or an
        array, as `Modality.raw_spec` says; None where there is none.
    """
    modality, value = source.modality, source.value(row)
    if modality.is_missing(value):
        return None
    if modality.reads_files and isinstance(value, (str, os.PathLike)):
        return pathlib.Path(value).read_bytes()
    if isinstance(value, dict):
        return [str(value.get(column) or "") for column in modality.columns]
    if isinstance(value, (str, bytes)) and _takes_text(modality):
        return value
    return modality.encode(modality.read(value))


def _takes_text(modality):
    return modality.raw_spec.dtype.name == "string"
