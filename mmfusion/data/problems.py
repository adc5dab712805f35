"""Collects everything that is wrong with a data set, and says it once."""

from mmfusion.errors import DataError, TableError

# Lines of a message; `DataError.problems` holds them all.
LISTED = 20


def printable(text: str) -> str:
    """A text on one line that no terminal obeys: control characters escaped.

    Example:

    >>> print(printable("a\\nb\\x1b[31m"))
    a\\nb\\x1b[31m
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class Problems:
    """The faults of one data set, as `file:row:column: what; how to fix`.

    Example:

    >>> problems = Problems("a.csv")
    >>> problems.add("has no value; fill it in", row=7, column="price")
    >>> problems.lines
    ['a.csv:7:price: has no value; fill it in']
    """

    def __init__(self, source):
        self.source = str(source)
        self._sources = {self.source: 0}  # In the order of their coming.
        self._found = []
        self._of_rows = False

    def __bool__(self):
        return bool(self._found)

    def add(self, what, row=None, column=None, source=None, of_row=None):
        """Notes one fault.

        Args:
            what: str. What is wrong; how to fix it.
            row: int. The line in the file; the header is 1.
            column: str. Where in it.
            source: str or path. The file, if it is another than usual.
            of_row: bool. Whether it is the fault of a row and not of the
                table. Defaults to that of a file with a header in line 1.
        """
        source = self.source if source is None else str(source)
        place = [source, row, column]
        place = ":".join(str(part) for part in place if part is not None)
        # Faults of the whole table come before those of its first row.
        at = self._sources.setdefault(source, len(self._sources))
        self._found.append((at, row or 0, printable(f"{place}: {what}")))
        self._of_rows |= (row or 0) > 1 if of_row is None else of_row

    @property
    def lines(self):
        """All faults, by file and row."""
        found = sorted(self._found, key=lambda fault: fault[:2])
        return [line for *_, line in found]

    def check(self):
        """Raises one `DataError` that lists the faults, if there are any."""
        if not self._found:
            return
        lines = self.lines
        count = f"{len(lines)} problem{'s' * (len(lines) > 1)}"
        message = f"{self.source}: {count}.\n" + "\n".join(lines[:LISTED])
        if len(lines) > LISTED:
            message += (
                f"\n... and {len(lines) - LISTED} more, {len(lines)} in all; "
                "`problems` of this error has every one."
            )
        # What is wrong in a header is wrong for every row.
        raise (DataError if self._of_rows else TableError)(message, lines)
