"""What a table may be used for: a recipe to begin with, and why."""

import dataclasses

from mmfusion import checks
from mmfusion.data.inference.evidence import Evidence
from mmfusion.data.inference.names import name_of
from mmfusion.data.inference.notes import notes_of
from mmfusion.data.inference.role import Role
from mmfusion.data.inference.roles import role_of
from mmfusion.data.inference.targets import (
    check_target,
    columns_of,
    targets_of,
)
from mmfusion.data.splits import part_of
from mmfusion.data.tables import read_table
from mmfusion.errors import ArgumentError

# What is no input; and what may lack cells of a row without being optional.
_NO_INPUT = ("id", "split", "unused")
_FACTS = ("number", "category")


@dataclasses.dataclass(frozen=True)
class Inference:
    """What was inferred of each column; nothing of it is final.

    Attributes:
        source: str, or dict of split to str. The table.
        target: dict of task to a column, or to a dict of `type` and column;
            empty where none was named and no column is called one.
        split: dict or None. As `read` takes it.
        id: str or None. The column of ids.
        inputs: dict of modality name to a dict of `type` and settings, as a
            recipe has them.
        reasons: dict of column to a line that says what it is and why.
        notes: list of str. What else to look at.

    Example:

    >>> found = Inference(
    ...     "wines.csv", {"label": "good"}, None, None, {}, {}, []
    ... )
    >>> found.recipe()["data"]
    {'source': 'wines.csv', 'target': 'good'}
    """

    source: object
    target: dict
    split: dict | None
    id: str | None
    inputs: dict
    reasons: dict
    notes: list

    def recipe(self) -> dict:
        """The sections `data` and `inputs` of a recipe, plain values."""
        target = self.target
        if list(target) == ["label"] and isinstance(target["label"], str):
            target = target["label"]
        data = {"source": self.source, "target": target}
        data |= {"id": self.id} if self.id else {}
        data |= {"split": self.split} if self.split else {}
        return {"data": data, "inputs": self.inputs}


def infer(source, target=None, without=()) -> Inference:
    """Looks at every column of a table, and proposes what it is for.

    Cells decide, by rules that give their reason; files are opened, up to 50
    of a column. It is a beginning: read the reasons, and edit.

    Args:
        source: as `read` takes it.
        target: str, list of str, or dict as `read` takes it: what shall be
            learned. Defaults to the column called `label`, `target`, `class`,
            `category`, `labels` or `y`, if there is one.
        without: columns that are not to be read, such as one that gives the
            answer away.

    Returns:
        `Inference`.

    Raises:
        DataError: If the table cannot be read.
        ArgumentError: If a column is not there.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "wines.csv"
    >>> rows = [f"a dry wine of hill {n},{n / 10},yes" for n in range(30)]
    >>> _ = path.write_text("\\n".join(["note,price,label", *rows]))
    >>> found = infer(path)
    >>> found.target, [x["type"] for x in found.inputs.values()]
    ({'label': 'label'}, ['text', 'tabular'])
    """
    check_target(target)
    if not isinstance(without, (list, tuple, set, frozenset)):
        raise ArgumentError(
            "`infer` expects `without` to be a list of columns. Received: "
            f"{checks.one_line(without)}."
        )
    for column in without:
        if column != "":  # A header may have an empty cell.
            checks.check_column("infer", "without", column)
    table = read_table(source)
    for column in columns_of(target):
        if column in table.unreadable:
            what = table.unreadable[column]
            raise ArgumentError(f"The column {column!r} {what}.")
    for column in [*columns_of(target), *without]:
        if column not in (*table.columns, *table.unreadable):
            raise checks.unknown("column", column, table.columns)
    evidence = {name: Evidence(table, name) for name in table.columns}
    targets, reasons = targets_of(target, evidence, without)
    left = [
        name
        for name in table.columns
        if name not in columns_of(targets) and name not in without
    ]
    roles = {name: _with_gaps(evidence[name], table) for name in left}
    roles |= {
        name: Role("unused", "left out, as asked")
        for name in without
        if name in evidence
    }
    roles = _one_each(roles)
    inputs = _inputs(roles)
    for name, role in roles.items():
        reasons[name] = f"{role.kind}: {role.reason}"
    split = _split_of(table, roles)
    return Inference(
        source if isinstance(source, dict) else str(source),
        targets,
        split,
        next((n for n, r in roles.items() if r.kind == "id"), None),
        inputs,
        {name: reasons[name] for name in table.columns if name in reasons},
        notes_of(evidence, roles, targets, table),
    )


def _with_gaps(x, table):
    """The role of a column; what is no fact of a row is optional with gaps."""
    role = role_of(x, table)
    if not x.empty or role.kind in (*_NO_INPUT, *_FACTS):
        return role
    verb = "is" if x.empty == 1 else "are"
    gaps = f"{x.empty:,} of {x.count:,} cells {verb} empty, so it is optional"
    return dataclasses.replace(
        role,
        reason=f"{role.reason}; {gaps}",
        settings={**role.settings, "optional": True},
    )


def _one_each(roles):
    """One column is the id and one the split; the others are not used."""
    seen, kept = set(), {}
    for name, role in roles.items():
        if role.kind in ("id", "split") and role.kind in seen:
            role = Role("unused", f"there is a column of kind {role.kind!r}")
        seen.add(role.kind)
        kept[name] = role
    return kept


def _inputs(roles):
    inputs = {}
    table = {kind: [] for kind in _FACTS}
    kinds = (*_NO_INPUT, *_FACTS)
    own = {name for name, role in roles.items() if role.kind not in kinds}
    for column, role in roles.items():
        if role.kind in table:
            table[role.kind].append(column)
        elif role.kind not in _NO_INPUT:
            settings = {"type": role.kind, "column": column, **role.settings}
            # `photo_mask` does not take the name of a column `photo`.
            inputs[name_of(column, {*inputs, *(own - {column})})] = settings
    if any(table.values()):
        facts = {"type": "tabular"}
        facts |= {"numbers": table["number"]} if table["number"] else {}
        facts |= {"categories": table["category"]} if table["category"] else {}
        inputs[name_of("facts", inputs)] = facts
    return inputs


def _split_of(table, roles):
    column = next((n for n, r in roles.items() if r.kind == "split"), None)
    column = table.split_column or column
    if column is None:
        return None
    split = {"column": column}
    if "validation" not in map(part_of, table.column(column)):
        split["validation"] = 0.1
    return split
