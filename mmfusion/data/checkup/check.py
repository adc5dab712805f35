"""Reads a table and all it names once, and says what there is to say."""

from mmfusion.data.assignment import assign, column_names
from mmfusion.data.bad_rows import BadRows
from mmfusion.data.checkup.checkup import Checkup, InputSummary
from mmfusion.data.checkup.relations import relations
from mmfusion.data.checkup.survey import survey
from mmfusion.data.column import Column
from mmfusion.data.container import Data
from mmfusion.data.labelled import (
    check_inputs,
    check_plain_arguments,
    untaught,
    unused,
    wanted,
    with_own_splits,
)
from mmfusion.data.modality import BadValue
from mmfusion.data.problems import Problems
from mmfusion.data.row_checks import check_columns, read_rows
from mmfusion.data.source import TableSource
from mmfusion.data.splits import NAMES, check_split
from mmfusion.data.tables import read_table
from mmfusion.data.target import resolve_targets
from mmfusion.errors import DataError


def check(
    source,
    inputs,
    target,
    split=None,
    id=None,
    seed=0,
    bad_rows="error",
    allow_outside_root=False,
) -> Checkup:
    """Reads everything once, and tells what is wrong or worth knowing.

    Counts of rows, classes and missing values in each split; sizes and
    lengths; unknown words and categories; copies, contradictions, and held-out
    rows of which a file, its content or a text stands in training, too; and
    every bad row as `file:row:column: what; how to fix`. A file that many rows
    name is read once, and no picture or sound is kept.

    Args:
        source, inputs, target, split, id, seed, allow_outside_root: as `read`
            takes them. The modality objects are adapted to the good rows of
            training.
        bad_rows: as `read` takes it: what it masks or skips is counted as
            `read` would, and told apart from what is a problem.

    Returns:
        `Checkup`; `str` of it is the table that `mmfusion check` prints.

    Raises:
        DataError: If the table itself cannot be read, or lacks a column.
        ArgumentError: If an argument does not fit.

    Example:

    >>> import pathlib, tempfile
    >>> from mmfusion.data import Tabular
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "ages.csv"
    >>> _ = path.write_text("age,old\\n1,no\\n70,yes\\n2,no\\nten,no\\n")
    >>> inputs = {"facts": Tabular(numbers=["age"])}
    >>> found = check(path, inputs, "old", split={})
    >>> found.bad, found.splits
    (1, {'train': 3})
    >>> found.problems[0].partition("ages.csv")[2].partition(";")[0]
    ":5:age: expects a number, received 'ten'"
    """
    return checked(
        source,
        inputs,
        target,
        split,
        id,
        seed,
        bad_rows,
        allow_outside_root,
    )[0]


def checked(
    source,
    inputs,
    target,
    split=None,
    id=None,
    seed=0,
    bad_rows="error",
    allow_outside_root=False,
):
    """What `check` gives, and the data where there are no problems.

    Args:
        source, inputs, target, split, id, seed, bad_rows, allow_outside_root:
            as `check` takes them.

    Returns:
        `Checkup`, and `Data` that has no values stored, but reads them again
        where they are asked for; None where there is a problem.
    """
    check_plain_arguments("check", id, seed, bad_rows, allow_outside_root)
    given = {} if split is None else split
    split = check_split(split)
    targets = resolve_targets(target)
    check_inputs(inputs, targets)
    table = read_table(source, allow_outside_root)
    split = with_own_splits(table, split, given)
    problems = Problems(table.source)
    check_columns(table, wanted(inputs, targets, split, id), problems)
    optional = [name for name, m in inputs.items() if m.optional]
    bad = BadRows(table, bad_rows, optional)
    ids, labels, groups = read_rows(table, targets, split, id, bad)

    def report(name, row, column, what, reason):
        if row not in table.faults:
            column = column or ",".join(inputs[name].columns)
            bad.add(row, what, column, name)

    sources = {
        name: TableSource(table, modality.in_full(), allow_outside_root)
        for name, modality in sorted(inputs.items())
    }
    surveys = {
        name: survey(source, name, report) for name, source in sources.items()
    }
    said = column_names(table, split.get("column"), bad)
    bad.settle(_held(said), problems)
    # Bad rows are told; what else there is to say is said of the good ones.
    masked = set(bad.masked)
    wrong = {fault.row for fault in bad.faults if fault not in masked}
    whole = Problems(table.source)
    names = assign(
        table, split, ids, labels, targets, groups, seed, whole, said, wrong,
        wrong - bad.skipped,
    )  # fmt: skip
    held = _held(names)
    findings = {
        name: _findings(name, one, names, report, whole, bad)
        for name, one in surveys.items()
    }
    bad.settle(held, problems)
    for name, one in surveys.items():
        findings[name] = [*findings[name], *one.modality.notes()]
    checkup = Checkup(
        source=table.source,
        rows=len(table),
        bad=len({fault.row for fault in bad.faults}),
        splits={name: names.count(name) for name in NAMES if name in names},
        targets={
            task: one.summary(labels[task], names)
            for task, one in targets.items()
        },
        inputs={
            name: InputSummary.of(one, names, findings[name])
            for name, one in surveys.items()
        },
        relations=relations(surveys, labels, names, table.shown),
        problems=[*whole.lines, *problems.lines],
        skipped=bad.skipped_lines,
        masked=bad.masked_lines,
        notes=[
            *table.notes,
            *unused(table, inputs, targets, split, id),
            *untaught({n: x.present for n, x in surveys.items()}, names),
        ],
    )
    if checkup.problems:
        return checkup, None
    columns = {
        name: Column(one.modality, sources[name], None, one.present)
        for name, one in surveys.items()
    }
    return checkup, Data(columns, names, ids, labels, targets, groups)


def _held(names):
    """The split of each row that does not train."""
    return {row: n for row, n in enumerate(names) if n not in (None, "train")}


def _findings(name, one, names, report, whole, bad):
    """What a modality has to say once it has seen the training rows.

    What it cannot learn from at all is a problem of the whole table.
    """
    modality = one.modality
    if not modality.adaptive:
        return modality.findings({})
    if "train" not in names:
        return []  # Told of the table, or with the rows at fault.
    train = [
        value
        for value, split in zip(one.values, names, strict=True)
        if split == "train"
    ]
    try:
        modality.adapt(train)
    except DataError as error:
        whole.add(str(error), column=",".join(modality.columns))
        return []
    splits = {name: [] for name in NAMES if name in names}
    for row, value in enumerate(one.values):
        if value is None or names[row] is None:
            continue
        try:  # Only now does it know which columns are numbers, say.
            splits[names[row]].append(modality.read(value))
        except BadValue as error:
            for column, what in error.faults:
                report(name, row, column, what, error.reason)
            one.present[row] = False
            if not bad.masks(name):
                names[row] = None
    return modality.findings(splits)
