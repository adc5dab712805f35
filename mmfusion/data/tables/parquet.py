"""Reads Parquet files: typed cells, and no column guessed."""

import re

from mmfusion import registry
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.tables import text_file
from mmfusion.data.tables.delimited import check_names
from mmfusion.data.tables.format import Format
from mmfusion.data.tables.plain import plain
from mmfusion.data.tables.typed import table_of_file
from mmfusion.optional import require

# A text is stored once for all the rows that have it, so few rows at a time.
# (How long texts are is not asked: metadata that are damaged end the process.)
_BATCH = 64
# The least that a cell takes, for files that repeat one value endlessly.
_CELL_BYTES = 16


def read_parquet(path, allow_outside_root=False):
    """Reads a Parquet file; needs the extra `tables`.

    Strings, numbers, truth values and bytes are what they are; dates and
    times are ISO 8601 texts, those with a time zone in UTC; decimals are
    numbers; null is an empty cell. A struct of `bytes` and `path`, as Hugging
    Face stores images and sounds, is its bytes, or its path where there are
    none. Lists of such are lists. A column of any other type is in
    `Table.unreadable`. Rows are counted from 1.

    Args:
        path: str or path.
        allow_outside_root: bool. Of no concern here.

    Returns:
        `Table`.

    Raises:
        MissingExtraError: If pyarrow is not installed.
        DataError: If the file cannot be read as a table.
    """
    arrow = require("pyarrow", extra="tables")
    problems = Problems(path)
    # What arrow raises; the last for a name that is no text.
    damage = arrow.ArrowException, OSError, MemoryError, UnicodeDecodeError
    try:
        columns, unreadable, faults = _read(path, problems)
    except damage as error:
        problems.add(_damage(path, error))
    problems.check()
    rows = list(zip(*columns.values(), strict=True))
    for at in faults:
        rows[at] = ("",) * len(columns)
    if not rows:
        problems.add("has no rows with columns that can be read; add some")
    problems.check()
    return table_of_file(path, columns, rows, faults, unreadable)


registry.register("table", "parquet")(Format(read_parquet, (".parquet", ".pq")))


def _read(path, problems):
    """Cells by column, columns that have none, and faults by row."""
    parquet = require("pyarrow.parquet", extra="tables")
    with parquet.ParquetFile(path) as file:
        names = file.schema_arrow.names
        check_names(names, problems)
        problems.check()
        unreadable = {
            name: f"holds {what}; save it as text, number or bytes"
            for name, kind in zip(names, file.schema_arrow.types, strict=True)
            if (what := _unreadable(kind))
        }
        columns = {name: [] for name in names if name not in unreadable}
        faults, rows, size = {}, 0, 0
        for batch in file.iter_batches(_BATCH, columns=list(columns)):
            for name, cells in columns.items():
                array = _simplified(batch.column(name))
                size += max(len(batch) * _CELL_BYTES, array.nbytes)
                if size > text_file.MAX_BYTES:
                    problems.add(text_file.too_large(text_file.MAX_BYTES))
                    problems.check()
                cells += _cells(array, name, rows, faults)
            rows += len(batch)
    return columns, unreadable, faults


def _unreadable(kind, outer=""):
    """What a column of this Arrow type holds, if that is nothing for a cell."""
    types = require("pyarrow", extra="tables").types
    if hasattr(kind, "storage_type"):  # An extension type.
        return _unreadable(kind.storage_type, outer)
    if types.is_dictionary(kind):
        return _unreadable(kind.value_type, outer)
    if any(is_list(kind) for is_list in _lists(types)):
        return _unreadable(kind.value_type, f"{outer}lists of ")
    if types.is_struct(kind):
        return None if _is_file(types, kind) else f"{outer}structs"
    # In lists only what Arrow converts without loss by itself.
    known = _values(types) if outer else (*_values(types), *_times(types))
    if any(is_one(kind) for is_one in known):
        return None
    return f"{outer}values of the type {kind}"


def _is_file(types, kind):
    """Whether a struct is an image or a sound, as Hugging Face stores it."""
    fields = {field.name: field.type for field in kind}
    if set(fields) != {"bytes", "path"}:
        return False
    inner = (*_octets(types), types.is_null), (*_texts(types), types.is_null)
    pairs = zip(("bytes", "path"), inner, strict=True)
    return all(any(f(fields[name]) for f in known) for name, known in pairs)


def _lists(types):
    return types.is_list, types.is_large_list, types.is_fixed_size_list


def _texts(types):
    return types.is_string, types.is_large_string, types.is_string_view


def _octets(types):
    return (
        types.is_binary,
        types.is_large_binary,
        types.is_binary_view,
        types.is_fixed_size_binary,
    )


def _values(types):
    return (
        types.is_null,
        types.is_boolean,
        types.is_integer,
        types.is_floating,
        types.is_decimal,
        *_texts(types),
        *_octets(types),
    )


def _times(types):
    return types.is_timestamp, types.is_date, types.is_time


def _cells(array, name, first, faults):
    """Plain cells of one column of a batch, which begins with row `first`."""
    cells = []
    try:
        values = array.to_pylist()
    except UnicodeDecodeError:
        values = array  # One by one, to find the row.
    for at, value in enumerate(values, start=first):
        try:
            value = value.as_py() if hasattr(value, "as_py") else value
            cells.append(plain(value))
        except BadValue as error:
            faults.setdefault(at, f"{name!r} {error}")
            cells.append("")
        except UnicodeDecodeError:
            faults.setdefault(at, f"{name!r} is not UTF-8; save it as UTF-8")
            cells.append("")
    return cells


def _simplified(array):
    """An array of a type that converts to Python without loss."""
    arrow = require("pyarrow", extra="tables")
    types, kind = arrow.types, array.type
    if hasattr(kind, "storage_type"):
        return _simplified(array.storage)
    if types.is_dictionary(kind):
        return _simplified(array.dictionary_decode())
    if not any(is_time(kind) for is_time in _times(types)):
        return array
    zone = ""
    if types.is_timestamp(kind) and kind.tz is not None:
        # Without its zone a timestamp is the one in UTC.
        array, zone = array.cast(arrow.timestamp(kind.unit)), "+00:00"
    texts = (_iso(text, zone) for text in array.cast("string").to_pylist())
    return arrow.array(texts, "string")


def _iso(text, zone):
    if text is None:
        return None
    return re.sub(r"\.0+$", "", text.replace(" ", "T")) + zone


def _damage(path, error):
    if isinstance(error, FileNotFoundError | PermissionError):
        return f"cannot be read: {error.strerror}; correct the path"
    first = str(error).strip().partition("\n")[0][:200]
    found = text_file.sniff_file(path)
    if found != "Parquet":
        return f"holds {found}, not Parquet; give it the suffix of what it is"
    return f"is a damaged Parquet file ({first}); replace it"
