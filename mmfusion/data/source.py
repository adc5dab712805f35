"""Where the raw values of a modality are: cells of a table, or a sequence."""

import os

from mmfusion.data.modality import BadValue
from mmfusion.data.paths import real, resolve


class TableSource:
    """The values of a modality in the rows of a table.

    A cell is a text; for a modality that reads files it is a path, relative
    to the table; a modality of several cells gets a dict of column to text.
    """

    def __init__(self, table, modality, allow_outside_root=False):
        self.table = table
        self.modality = modality
        self.allow_outside_root = allow_outside_root
        self._bases = {}  # Looking up a link takes longer than the rest.

    def __len__(self):
        return len(self.table)

    def name_of(self, row):
        """What rows with the same value have in common, to read it once."""
        cells = (self.table.cell(row, name) for name in self.modality.columns)
        # An array in a cell is equal to nothing but itself, and True is no 1.
        kinds = (str, bytes, int, float, bool, type(None))
        cells = [(type(c), c if isinstance(c, kinds) else id(c)) for c in cells]
        faults = self.table.faults_of(row, self.modality.columns)
        return (str(self.table.root_of(row)), *cells, *faults)

    def value(self, row):
        """What `Modality.read` takes.

        Raises:
            BadValue: For a cell that the table could not read, or a bad path.
        """
        faults = self.table.faults_of(row, self.modality.columns)
        if faults:
            listed = " | ".join(f"{name}: {what}" for name, what in faults)
            raise BadValue(listed, faults=faults)
        root = self.table.root_of(row)
        return self._value(row, lambda path: self._resolved(path, root))

    def named(self, row):
        """The same with paths made absolute, and not looked at."""
        root = self.table.root_of(row)
        return self._value(
            row, lambda path: os.path.abspath(os.path.join(root, path))
        )

    def _resolved(self, path, root):
        if root not in self._bases:
            self._bases[root] = real(root)
        base = self._bases[root]
        return resolve(path, root, self.allow_outside_root, base)

    def _value(self, row, find):
        modality = self.modality
        cells = {
            column: self.table.cell(row, column) for column in modality.columns
        }
        if modality.reads_cells:
            return cells
        return modality.locate(cells[modality.columns[0]], find)


class SequenceSource:
    """The values of a modality in an array or a list, one a row."""

    def __init__(self, values, modality):
        self.values = values
        self.modality = modality

    def __len__(self):
        return len(self.values)

    def value(self, row):
        return self.values[row]

    named = value
