"""Tables with anything in them, and which rows each of them has."""

import codecs
import csv
import dataclasses
import io
import json

import hypothesis.strategies as st

from tests.data.cases import file_of, picture
from tests.faults.fuzz.mutations import damaged

HEADER = ["file_name", "price", "stock", "brand", "words", "label"]
ROWS = [
    [f"{row}.png", f"{row}.5", str(row), "ab"[row % 2], f"red {row}", label]
    for row, label in enumerate(["cat", "dog"] * 4)
]
# What cells may say that is no good value of some column.
PATHS = [
    *(
        "none.png",
        "0.png",
        "../0.png",
        "folder",
        "half.png",
        "text.png",
        "0.PNG",
    ),
    *("/dev/zero", "file:///etc/passwd", "http://a.b/c.png", "a\0b.png"),
    *("~/0.png", "C:\\0.png", "0.png/", "x" * 300, "0.png#1"),
]
NUMBERS = [
    *(
        "nan",
        "inf",
        "-0",
        "1e999",
        "1e-400",
        "1,5",
        "007",
        "1_000",
        "٣",
        "0x10",
    ),
    *("16777217", "0" * 5000 + "1", "9" * 5000, "1" + "0" * 400, "[1]"),
]
WORDS = [
    *("", " ", "\0", "\t", "\n", "\r\n", '"', "'", ",", ";", "\ufeff", "\x1a"),
    *("null", "None", "NaN", "true", "{}", "=cmd()", "é", "e\u0301", "😀"),
    *("\u202ered", "\x85", "\u2028", "\ud7ff", "\uffff", "red " * 3000),
]
TEXTS = PATHS + NUMBERS + WORDS
OWN = [PATHS, NUMBERS, NUMBERS, WORDS, WORDS, WORDS, TEXTS]
# And what JSON may say beside texts.
VALUES = [None, True, 0, -1, 1.5, 2**24 + 1, 10**300, 1e308, [], [1, 2], ["a"]]
VALUES += [[None], [[[[1]]]], [1, "a"], {}, {"a": 1}, {"bytes": "", "path": ""}]


@dataclasses.dataclass(frozen=True)
class Case:
    """The bytes of a table, and its rows, read without the library.

    Attributes:
        name: str. The file's.
        data: bytes.
        rows: list of a dict of column to cell, or of None, for each row, in
            order. None altogether: this is no table.
        exact: bool. Whether rows that are None have a fault, and no others.
            Else they have one, and others may.
    """

    name: str
    data: bytes
    rows: list | None = dataclasses.field(repr=False)
    exact: bool


def write_files(folder):
    """The files that the rows name, good and bad."""
    for row in range(len(ROWS)):
        pixels = picture(6, 8, seed=row)
        (folder / f"{row}.png").write_bytes(file_of(pixels, "PNG"))
    (folder / "half.png").write_bytes(file_of(picture(), "PNG")[:100])
    (folder / "text.png").write_text("no picture")
    (folder / "folder").mkdir()


@st.composite
def grids(draw, texts):
    """A header and rows after one to nine changes of cells and of rows.

    A changed cell is one of its column's own bad ones, or, half as often, of
    `texts`.
    """
    grid = [list(HEADER), *map(list, ROWS)]
    for _ in range(draw(st.integers(1, 9))):
        row = draw(st.integers(0, len(grid) - 1))
        # Seldom the label, or a cell too many: then the table is refused.
        place = draw(st.sampled_from([*range(5)] * 3 + [5, 6]))
        change = draw(st.sampled_from(["cell"] * 9 + ["row"] * 2 + ["count"]))
        if change == "cell" and row:
            own = st.sampled_from(OWN[place])
            cell = draw(draw(st.sampled_from([own, own, texts])))
            grid[row][place : place + 1] = [cell]
        elif change == "row" and row:
            other = draw(st.integers(1, len(grid) - 1))
            new = draw(st.sampled_from([[], [grid[other]], [[]]]))
            grid[row : row + draw(st.integers(0, 1))] = map(list, new)
        elif change == "count":
            grid[row][place : place + 1] = draw(st.sampled_from([[], [""] * 2]))
        if len(grid) < 2:
            grid.append(list(ROWS[0]))
    return grid


@st.composite
def delimited(draw, name, delimiter=","):
    """A CSV or TSV file; of half of them, bytes are damaged, too."""
    grid = draw(grids(st.sampled_from(TEXTS) | st.text(max_size=12)))
    file = io.StringIO(newline="")
    writer = csv.writer(
        file,
        delimiter=delimiter,
        quoting=draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])),
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
    )
    writer.writerows(grid)
    text = draw(st.sampled_from(["", "\ufeff"])) + file.getvalue()
    data = text.encode()
    if draw(st.booleans()):
        data = draw(damaged([data], header=len(data)))
        grid = _read(data, delimiter)
    rows = None if grid is None else _delimited_rows(grid)
    return Case(name, data, rows, exact=True)


def _read(data, delimiter):
    """Records, read as bytes: None in place of one that is not UTF-8."""
    text = data.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    file = io.StringIO(text, newline="")
    try:
        records = list(csv.reader(file, strict=True, delimiter=delimiter))
    except csv.Error:
        return None
    grid = [_utf8(cells) for cells in records]
    return None if grid and grid[0] is None else grid


def _utf8(cells):
    try:
        return [cell.encode("latin-1").decode() for cell in cells]
    except UnicodeDecodeError:
        return None


def _delimited_rows(grid):
    header, *rows = grid or [[]]
    if len(set(header)) < len(header):
        return None
    while rows and rows[-1] == []:
        rows.pop()
    return [
        dict(zip(header, row, strict=True))
        if row is not None and len(row) == len(header)
        else None
        for row in rows
    ] or None


@st.composite
def json_lines(draw, name):
    """A JSON Lines file; of half of them, bytes are damaged, too."""
    texts = st.sampled_from(VALUES) | st.sampled_from(TEXTS)
    header, *rows = draw(grids(texts | st.text(max_size=12)))
    ascii_only = draw(st.booleans())
    lines = [
        json.dumps(
            dict(zip(header, row, strict=False)), ensure_ascii=ascii_only
        )
        for row in rows
    ]
    data = "\n".join(lines).encode()
    if draw(st.booleans()):
        data = draw(damaged([data], header=len(data)))
    return Case(name, data, _json_rows(data), exact=False)


def _json_rows(data):
    lines = data.removeprefix(codecs.BOM_UTF8).split(b"\n")
    while lines and not lines[-1].strip():
        lines.pop()
    return [_json_row(line) for line in lines] or None


def _json_row(line):
    """The texts of a row; what else is in it has rules of its own."""
    try:
        found = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    return {key: x for key, x in found.items() if isinstance(x, str)}
