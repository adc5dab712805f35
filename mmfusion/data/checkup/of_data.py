"""Says what there is to say of a data set that has been read."""

from mmfusion.data.checkup.checkup import Checkup, InputSummary
from mmfusion.data.checkup.relations import relations
from mmfusion.data.checkup.survey import survey
from mmfusion.data.splits import NAMES


def checkup_of(source, rows) -> Checkup:
    """Looks through all values of a data set once more.

    Args:
        source: str. What the data set is called.
        rows: `Data`, which has no faults: else it would not have been read.

    Returns:
        `Checkup`, without problems; rows are counted from 0.

    Example:

    >>> import mmfusion as mm
    >>> checkup = checkup_of("shapes", mm.data.datasets.shapes(rows=60))
    >>> checkup.rows, checkup.problems
    (60, [])
    """
    names, labels = rows.names, rows.labels

    def report(*fault):
        """All values were good when they were read."""

    surveys = {
        name: survey(column.source, name, report)
        for name, column in rows.train.columns.items()
    }
    return Checkup(
        source=source,
        rows=len(names),
        bad=0,
        splits={name: names.count(name) for name in NAMES if name in names},
        targets={
            task: one.summary(labels[task], names)
            for task, one in rows.targets.items()
        },
        inputs={
            name: InputSummary.of(one, names, _findings(one, names))
            for name, one in surveys.items()
        },
        relations=relations(surveys, labels, names, lambda row: row),
        problems=[],
        skipped=list(rows.skipped),
        masked=list(rows.masked),
        notes=list(rows.notes),
    )


def _findings(one, names):
    """What a modality has to say of the values of each split."""
    modality = one.modality
    if not modality.adaptive:
        return modality.findings({})
    splits = {name: [] for name in NAMES if name in names}
    for value, name in zip(one.values, names, strict=True):
        if value is not None and name is not None:
            splits[name].append(value)
    return modality.findings(splits)
