"""Tables of several files as one, which says the split of each row."""

from mmfusion.data.problems import LISTED
from mmfusion.data.tables.kinds import common, kind_of
from mmfusion.data.tables.table import SPLIT, Table
from mmfusion.errors import DataError, TableError


def joined(tables, source=None, by_row=False):
    """The rows of tables of the same columns, one table after another.

    Each row keeps its file, its line and its root.

    Args:
        tables: dict of split, `"train"`, `"validation"` or `"test"`, to
            `Table`.
        source: str or path. What the whole is called. Defaults to the names
            of all.
        by_row: bool. Whether a column may hold other types in other tables,
            and a table of which every row is at fault may lack columns.

    Returns:
        `Table` with one more column, `split`. Columns are in the order of
        the first table.

    Raises:
        DataError: If a table lacks a column of another, has one called
            `split`, or holds values of another type in one.

    Example:

    >>> from mmfusion.data.tables import table_of
    >>> table = joined(
    ...     {
    ...         "train": table_of([{"a": 1}], source="one"),
    ...         "test": table_of([{"a": 2}], source="two"),
    ...     }
    ... )
    >>> table.rows, table.place(1)
    ([(1, 'train'), (2, 'test')], ('two', 1))
    """
    known = [table for table in tables.values() if table.columns]
    problems = _other_columns(known)
    if not by_row:
        problems = [*problems, *_other_types(known)]
    raise_all(list(problems))
    first = next(iter(known or tables.values()))
    rows, lines, origins, notes = [], [], [], []
    faults, unreadable, cell_faults = {}, {}, {}
    for table in tables.values():
        unreadable |= table.unreadable
    columns = [name for name in first.columns if name not in unreadable]
    for split, table in tables.items():
        faults |= {at + len(rows): what for at, what in table.faults.items()}
        cell_faults |= {
            (at + len(rows), name): what
            for (at, name), what in table.cell_faults.items()
        }
        if table.columns:
            places = [table.columns.index(name) for name in columns]
            cells = [[row[at] for at in places] for row in table.rows]
        else:
            cells = [[""] * len(columns)] * len(table)
        rows += [(*row, split) for row in cells]
        lines += table.lines
        origins += [table.origin(row) for row in range(len(table))]
        notes += table.notes
    if source is None:
        source = ", ".join(table.source for table in tables.values())
    return Table(
        source,
        first.root,
        (*columns, SPLIT),
        rows,
        lines,
        faults,
        notes,
        unreadable,
        origins,
        SPLIT,
        cell_faults,
    )


def gather(readers):
    """What functions give; all that is wrong with any of them is one error.

    Args:
        readers: dict of key to function without arguments.

    Returns:
        Dict of key to what the function gave.
    """
    found, problems = {}, []
    for key, read in readers.items():
        try:
            found[key] = read()
        except DataError as error:
            problems += error.problems or [str(error)]
    raise_all(problems)
    return found


def raise_all(problems):
    """Raises one error of lines about tables, if there are any."""
    if not problems:
        return
    count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
    lines = "\n".join(problems[:LISTED])
    if len(problems) > LISTED:
        lines += f"\n... and {len(problems) - LISTED} more"
    raise TableError(f"The table cannot be read: {count}.\n{lines}", problems)


def _other_columns(tables):
    unreadable = {name for table in tables for name in table.unreadable}
    everywhere = dict.fromkeys(
        name
        for table in tables
        for name in table.columns
        if name not in unreadable
    )
    for table in tables:
        there = {*table.columns, *table.unreadable}
        for name in everywhere:
            if name not in there:
                other = next(t.source for t in tables if name in t.columns)
                yield (
                    f"{table.source}:1:{name}: there is no such column, and "
                    f"{other} has it; add it"
                )
        if SPLIT in there:
            yield (
                f"{table.source}:1:{SPLIT}: a column of this name is made of "
                "which file a row is in; rename it"
            )


def _other_types(tables):
    """A class must not be 1 in one file and '1' in another."""
    first = {}
    for table in tables:
        for name in table.columns:
            kind = _kind(table, name)
            known, source = first.setdefault(name, (kind, table.source))
            if known is None:
                first[name] = (kind, table.source)
            elif kind and not common(known, kind):
                yield (
                    f"{table.source}::{name}: is a {kind} here, and a {known} "
                    f"in {source}; give both one type, and one format"
                )


def _kind(table, name):
    """The kind of the first cell that is not empty."""
    for cell in table.column(name):
        try:
            if kind := kind_of(cell):
                return kind
        except ValueError:
            continue
    return None
