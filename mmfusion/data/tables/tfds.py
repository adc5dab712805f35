"""A data set of TensorFlow Datasets as a table, without a network."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.data.modality import BadValue
from mmfusion.data.splits import ALIASES, NAMES, part_of
from mmfusion.data.tables import features as cells
from mmfusion.data.tables import shards
from mmfusion.data.tables.builder import builder_of
from mmfusion.data.tables.joined import raise_all
from mmfusion.data.tables.table import SPLIT, Table
from mmfusion.errors import ArgumentError


def table_of_tfds(
    name,
    columns=None,
    data_dir=None,
    download=False,
    splits=None,
    max_rows=None,
):
    """The examples of a data set of TensorFlow Datasets, in stored order.

    All values are in memory: images as the files that they are, sounds as WAV
    files, texts, numbers, and the names of classes (empty where the class is
    not known). A column `split` says the split. Rows of each split are
    counted from 1.

    Args:
        name: str, such as `"mnist"`, `"glue/sst2"` or `"mnist:3.0.1"`.
        columns: dict of column to feature, `"a/b"` for `b` in `a`. Defaults
            to every feature that is one number, text, class, image or sound.
        data_dir: str or path that data sets lie in. Defaults to the
            environment's `TFDS_DATA_DIR`, else `~/tensorflow_datasets`.
        download: bool. Whether to download and prepare the data set where it
            is not there. Without a network that takes minutes to fail.
        splits: dict of the data set's split (`"train[:10%]"`, too) to
            `"train"`, `"validation"` or `"test"`. Defaults to those that are
            called so, as a column may (see `read`); others are left out
            and noted.
        max_rows: int. Reads only so many rows of each split, the first ones,
            and notes it.

    Returns:
        `Table`.

    Raises:
        DataError: If the data set is not prepared, or its files are damaged.
        ArgumentError: If there is no such feature or split.

    Example:

    >>> table_of_tfds("mnist", data_dir="none")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.TableError: The data set 'mnist' is not prepared in ...
    """
    if max_rows is not None:
        checks.check_positive("table_of_tfds", max_rows=max_rows)
    builder = builder_of(name, data_dir, download)
    there = cells.flat(builder.info.features)
    chosen = _chosen(there, columns)
    readers = {
        column: _reader(there[path], path) for column, path in chosen.items()
    }
    named, notes = _splits(builder, splits)
    notes += [
        f"{name}: {'/'.join(path)!r} does not say its sample rate; samples "
        "are taken at that of the modality"
        for path in chosen.values()
        if cells.is_sound(there[path]) and not cells.has_rate(there[path])
    ]
    rows, lines, origins, faults = [], [], [], {}
    root = builder.data_path
    for theirs, ours in named.items():
        source = f"{name}[{theirs}]"
        examples = _examples(builder, theirs, there, chosen, max_rows)
        for number, example in enumerate(examples, start=1):
            row, what = _row(example, chosen, readers)
            if what:
                faults[len(rows)] = what
            rows.append((*row, "" if what else ours))
            lines.append(number)
            origins.append((source, root))
        total = builder.info.splits[theirs].num_examples
        if lines and lines[-1] < total:
            notes.append(
                f"{source}: only the first {lines[-1]} of {total} rows are "
                "read (`max_rows`)"
            )
    names = (*chosen, SPLIT)
    return Table(
        name,
        root,
        names,
        rows,
        lines,
        faults,
        notes,
        origins=origins,
        split_column=SPLIT,
    )


def _chosen(there, columns):
    """Column to path of feature."""
    if columns is None:
        columns = {
            "/".join(path): "/".join(path)
            for path, feature in sorted(there.items())
            if cells.is_single(feature)
        }
    if not isinstance(columns, dict) or not columns:
        raise ArgumentError(
            "`table_of_tfds` expects `columns` to be a dict of column to "
            f"feature. Received: {columns!r}."
        )
    if SPLIT in columns:
        raise ArgumentError(
            f"The column {SPLIT!r} is made of the data set's splits. Give "
            f"the feature {columns[SPLIT]!r} another name by `columns`."
        )
    paths = {"/".join(path): path for path in there}
    for feature in columns.values():
        if feature not in paths:
            raise checks.unknown("feature", feature, paths)
    return {column: paths[feature] for column, feature in columns.items()}


def _reader(feature, path):
    found = cells.reader(feature)
    if found is None:
        raise ArgumentError(
            f"The feature {'/'.join(path)!r} is a {type(feature).__name__}, "
            "which no column can hold. Leave it out."
        )
    return found


def _splits(builder, splits):
    """The data set's split to ours, and notes on those that are left out."""
    there = builder.info.splits
    if splits is None:
        named = {n: part_of(n) for n in sorted(there, key=_order) if part_of(n)}
        notes = [
            f"{builder.info.name}: the split {other!r} is left out; name it "
            "in `splits` to read it"
            for other in there
            if other not in named
        ]
    else:
        named, notes = _given(there, splits), []
    named = {n: ours for n, ours in named.items() if there[n].num_examples}
    if not named:
        raise ArgumentError(
            f"The data set {builder.info.name!r} has no rows in splits called "
            f"so. Pass `splits`, from {sorted(there)} to {list(NAMES)}."
        )
    return named, notes


def _order(name):
    return NAMES.index(part_of(name)) if part_of(name) else len(NAMES)


def _given(there, splits):
    if not isinstance(splits, dict) or not splits:
        raise ArgumentError(
            "`table_of_tfds` expects `splits` to be a dict of the data set's "
            f"split to one of {list(NAMES)}. Received: {splits!r}."
        )
    named = {}
    for theirs, ours in splits.items():
        if part_of(ours) is None:
            checks.check_choice("table_of_tfds", "splits", ours, ALIASES)
        if str(theirs).partition("[")[0] not in there:
            raise checks.unknown("split", theirs, there)
        try:
            there[theirs]
        except (ValueError, KeyError, AssertionError) as error:
            raise ArgumentError(
                f"{theirs!r} is no part of a split. Write it as "
                "'train[:10%]' or 'train[100:200]'."
            ) from error
        named[theirs] = part_of(ours)
    return named


def _examples(builder, split, there, chosen, max_rows):
    """Yields the examples of a split, with the features of `chosen` only."""
    import tensorflow_datasets as tfds

    info = builder.info.splits[split.partition("[")[0]]
    raise_all(shards.missing(info))
    wanted, skipped = {}, {}
    for path in chosen.values():
        _put(wanted, path, True)
        if cells.is_image(there[path]):
            _put(skipped, path, tfds.decode.SkipDecoding())
    examples = builder.as_dataset(
        split=split,
        shuffle_files=False,
        decoders=tfds.decode.PartialDecoding(wanted, decoders=skipped),
        # One file after another; a cache would only hold what we keep.
        read_config=tfds.ReadConfig(
            interleave_cycle_length=1, try_autocache=False
        ),
    )
    if max_rows is not None:
        examples = examples.take(max_rows)
    try:
        yield from examples.as_numpy_iterator()
    except tf.errors.OpError as error:
        raise_all(shards.damaged(info, error))


def _put(tree, path, value):
    for name in path[:-1]:
        tree = tree.setdefault(name, {})
    tree[path[-1]] = value


def _row(example, chosen, readers):
    """The cells of an example, and what is wrong with them."""
    row = []
    for column, path in chosen.items():
        value = example
        for name in path:
            value = value[name]
        try:
            row.append(readers[column](value))
        except BadValue as error:
            return ("",) * len(chosen), f"{column!r} {error}"
    return tuple(row), None
