"""Reads a table once, finds every fault in it, and splits it."""

from mmfusion import checks
from mmfusion.data.labelled import read_labelled
from mmfusion.data.tables import read_table, table_of_frame, table_of_tfds
from mmfusion.data.tables.read import check_apart


def read(
    source,
    inputs,
    target,
    split=None,
    id=None,
    seed=0,
    bad_rows="error",
    allow_outside_root=False,
    cache=None,
):
    """Reads a table and the files it names, all of them, before training.

    In a text format cells are strings; only an empty one means that there is
    no value: `NA` and `nan` are words, `007` stays `007`. In an optional
    modality an empty cell is an absent value, elsewhere it is a fault. All
    faults are found before one error lists them. No row is moved or made up.

    Args:
        source: str or path of a CSV, TSV, JSON Lines or Parquet file, of a
            folder of class folders, or of one with `metadata.csv` or
            `metadata.jsonl`; or dict of `"train"`, `"validation"` and
            `"test"` to one of these each; or dict of `"tfds"` and what
            `read_tfds` takes for the table. Paths in a table are relative to
            its folder.
        inputs: dict of modality name to modality object with its column.
            Those that learn from values (a vocabulary, ...) are adapted, to
            the training split only.
        target: str, the column of the classes of the task `"label"`; or dict
            of task name to a column of classes or to a target object:
            `ClassTarget`, `LabelsTarget` (several a row) or `NumberTarget`.
        split: dict. `"validation"` and `"test"` are fractions of the rows,
            drawn from each class of the first target alike, or by whole
            groups where `"group"` names a column. `"column"` names a column
            that says instead, in any case, `train` or `training`; `validation`,
            `valid`, `val`, `dev` or `eval`; `test` or `testing`. If it has no
            validation rows, `"validation"` is the fraction of the training
            rows to make some of. Defaults to
            `{"validation": 0.1, "test": 0.2}`, with a `"group"` alone,
            too; `{}` trains on all rows.
        id: str. The column that names each row. Defaults to None: the number
            of the row, from 0.
        seed: int. Of the split, which depends on ids and not on the order of
            the rows, and of the order of the batches.
        bad_rows: `"error"`: all faults are told at once, and nothing is read.
            `"mask"`: a bad value of an optional modality is an absent one.
            `"skip"`: rows at fault do not train; a split is drawn from the
            others, and a row that a column holds out must be good. What was
            skipped or masked is counted in `notes` of the data, and listed in
            `skipped` and `masked`.
        allow_outside_root: bool. Whether paths may leave the table's folder.
        cache: str or path of a folder that keeps what was decoded, made where
            it does not exist. Batches are then read from it, so that a data
            set may be larger than memory, and a later run decodes only what
            is new or has changed (a file by path, size and time). It is not
            inside of a folder of class folders. Defaults to None: all is in
            memory.

    Returns:
        `Data`.

    Raises:
        DataError: If there is any fault; `problems` has all of them as
            `file:row:column: what; how to fix`, row being the line in the
            file.
        ArgumentError: If an argument does not fit.

    Example:

    >>> import pathlib, tempfile
    >>> from mmfusion.data import Text
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "wines.csv"
    >>> rows = [f"red wine {n},yes" for n in range(9)]
    >>> rows += [f"white wine {n},no" for n in range(9)]
    >>> _ = path.write_text("\\n".join(["note,good", *rows]))
    >>> note = Text("note", vocabulary_size=20, length=4)
    >>> data = read(path, {"note": note}, target="good")
    >>> [len(x) for x in (data.train, data.validation, data.test)]
    [12, 2, 4]
    """

    def table():
        if cache is not None:
            check_apart(source, cache)
        return read_table(source, allow_outside_root)

    return read_labelled(
        table,
        inputs,
        target,
        split,
        id,
        seed,
        bad_rows,
        allow_outside_root,
        cache,
    )


def read_csv(path, inputs, target, **options):
    """Reads a CSV file; as `read`, which takes other formats, too.

    Args:
        path: str or path of the file.
        inputs, target: as `read` takes them.
        **options: further arguments of `read`.

    Returns:
        `Data`.

    Raises:
        DataError, ArgumentError: As `read` does.

    Example:

    >>> import pathlib, tempfile
    >>> from mmfusion.data import Tabular
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "ages.csv"
    >>> _ = path.write_text("age,old\\n" + "7,no\\n70,yes\\n" * 10)
    >>> data = read_csv(
    ...     path, {"facts": Tabular(numbers=["age"])}, "old", seed=1
    ... )
    >>> len(data.train), data.schema.targets["label"].arguments["classes"]
    (14, ['no', 'yes'])
    """
    _check_option_names("read_csv", options)
    return read(path, inputs, target, **options)


def read_dataframe(frame, inputs, target, root=".", **options):
    """Reads the rows of a pandas DataFrame; as `read`, but for the source.

    Args:
        frame: `pandas.DataFrame`. What pandas takes for missing (NaN, None,
            NaT) is an empty cell; the index is not read, rows are counted
            from 1.
        inputs, target: as `read` takes them.
        root: str or path. The folder that paths in cells are relative to.
        **options: further arguments of `read`.

    Returns:
        `Data`.

    Raises:
        DataError, ArgumentError: As `read` does.

    Example:

    >>> import pandas
    >>> from mmfusion.data import Tabular
    >>> frame = pandas.DataFrame({"age": range(20), "old": [0, 1] * 10})
    >>> inputs = {"facts": Tabular(numbers=["age"])}
    >>> data = read_dataframe(frame, inputs, "old", split={"test": 0.2})
    >>> len(data.train), len(data.test)
    (16, 4)
    """
    _check_option_names("read_dataframe", options)
    return read_labelled(
        lambda: table_of_frame(frame, root), inputs, target, **options
    )


def read_tfds(
    name,
    inputs,
    target,
    columns=None,
    data_dir=None,
    download=False,
    splits=None,
    max_rows=None,
    **options,
):
    """Reads a data set of TensorFlow Datasets; as `read`, but for the source.

    Its own splits stay; where it has training rows alone, `split` draws.

    Args:
        name: str, such as `"mnist"`.
        inputs, target: as `read` takes them; columns are those of `columns`.
        columns: dict of column to feature. Defaults to all that one cell can
            hold, each under its own name.
        data_dir, download, splits, max_rows: as `tables.table_of_tfds` takes
            them. Nothing is downloaded unless `download` is True.
        **options: further arguments of `read`.

    Returns:
        `Data`.

    Raises:
        DataError: As `read` does, and if the data set is not prepared.
        ArgumentError: As `read` does, and if there is no such data set.

    Example:

    >>> from mmfusion.data import Image
    >>> photo = {"photo": Image("image", size=(28, 28))}
    >>> read_tfds("mnist", photo, "label", data_dir="none")
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.TableError: The data set 'mnist' is not prepared in ...
    """
    _check_option_names("read_tfds", options)
    return read_labelled(
        lambda: table_of_tfds(
            name, columns, data_dir, download, splits, max_rows
        ),
        inputs,
        target,
        **options,
    )


def _check_option_names(who, options):
    """Further arguments are those of `read` that come after the target."""
    known = list(checks.parameters(read))[3:]
    for name in options:
        if name not in known:
            raise checks.unknown(f"argument of `{who}`", name, known)
