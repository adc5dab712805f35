"""What a table may be used for: a recipe to begin with, and why."""

import collections
import dataclasses
import re

from mmfusion import checks
from mmfusion.data.inference.evidence import Evidence
from mmfusion.data.inference.kinds import MOST
from mmfusion.data.inference.role import Role
from mmfusion.data.inference.roles import role_of
from mmfusion.data.splits import part_of
from mmfusion.data.tables import read_table
from mmfusion.data.target import Target, resolve_targets
from mmfusion.errors import ArgumentError

_TARGETS = ("label", "target", "class", "category", "labels", "y")
# Distinct numbers that are amounts rather than classes.
_AMOUNTS = 20
# How often values are there at least that may tell the target.
_REPEATS = 5
# Groups that rows of one product, patient or speaker share.
_GROUPS = re.compile(
    r"(^|[ _-])(patient|speaker|user|subject|product|author|session|group)"
    r"([ _-]?id)?$",
    re.I,
)


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
    _check_target(target)
    if not isinstance(without, (list, tuple, set, frozenset)):
        raise ArgumentError(
            "`infer` expects `without` to be a list of columns. Received: "
            f"{checks.one_line(without)}."
        )
    for column in without:
        checks.check_column("infer", "without", column)
    table = read_table(source)
    for column in _columns_of(target):
        if column in table.unreadable:
            what = table.unreadable[column]
            raise ArgumentError(f"The column {column!r} {what}.")
    for column in [*_columns_of(target), *without]:
        if column not in (*table.columns, *table.unreadable):
            raise checks.unknown("column", column, table.columns)
    evidence = {name: Evidence(table, name) for name in table.columns}
    targets, reasons = _targets(target, evidence, without)
    left = [
        name
        for name in table.columns
        if name not in _columns_of(targets) and name not in without
    ]
    roles = {name: role_of(evidence[name], table) for name in left}
    roles |= {
        name: Role("unused", "left out, as asked")
        for name in without
        if name in evidence
    }
    roles = _one_each(roles)
    inputs = _inputs(roles, evidence)
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
        _notes(evidence, roles, targets, split, table),
    )


def _check_target(target):
    """What is named is a column, several, or targets as a recipe has them."""
    if isinstance(target, dict):
        for task, given in target.items():
            if isinstance(given, Target):
                raise ArgumentError(
                    f"`infer` expects the target {task!r} as a recipe has it: "
                    "a column, or a dict of `type` and `column`. Received: "
                    f"a {type(given).__name__}."
                )
        if target:
            resolve_targets(target)
        return
    columns = target if isinstance(target, (list, tuple)) else [target]
    if not all(isinstance(x, str) for x in columns) and target is not None:
        raise ArgumentError(
            "`infer` expects `target` to be a column, a list of columns, or a "
            "dict of task name to column or to a dict of `type` and `column`. "
            f"Received: {checks.one_line(target)}."
        )


def _columns_of(target):
    if target is None:
        return []
    if isinstance(target, str):
        return [target]
    values = target.values() if isinstance(target, dict) else target
    columns = []
    for given in values:
        if isinstance(given, dict):
            given = given.get("column") or given.get("columns")
        columns += [given] if isinstance(given, str) else list(given or ())
    return columns


def _targets(target, evidence, without):
    """The targets as a recipe has them, and a reason for each column."""
    if isinstance(target, dict):
        columns = _columns_of(target)
        return dict(target), dict.fromkeys(columns, "target: named by you")
    why = "named by you"
    if target is None:
        named = [
            name
            for name in evidence
            if name.lower() in _TARGETS and name not in without
        ]
        if len(named) != 1:
            return {}, {}
        target, why = named, "its name says so"
    columns = [target] if isinstance(target, str) else list(target)
    targets, reasons = {}, {}
    for column in columns:
        task = "label" if len(columns) == 1 else _name(column, targets)
        kind, what = _target_kind(evidence[column])
        targets[task] = (
            column if kind == "class" else {"type": kind, "column": column}
        )
        reasons[column] = f"target ({kind}): {why}; {what}"
    return targets, reasons


def _target_kind(x):
    if x.lists or any("|" in text for text in x.counts):
        return "labels", "cells hold several labels"
    numbers = x.numbers and len(x.numbers) >= MOST * len(x.cells)
    different = len(set(x.numbers))
    if numbers and (not x.whole or different > _AMOUNTS):
        what = f"{different:,} different numbers"
        others = len(x.cells) - len(x.numbers)
        if others:
            what += f"; {others:,} of {len(x.cells):,} cells are none, which "
            what += "`check` tells"
        return "number", what
    return "class", f"{len(x.counts):,} different values"


def _one_each(roles):
    """One column is the id and one the split; the others are not used."""
    seen, kept = set(), {}
    for name, role in roles.items():
        if role.kind in ("id", "split") and role.kind in seen:
            role = Role("unused", f"there is a column of kind {role.kind!r}")
        seen.add(role.kind)
        kept[name] = role
    return kept


def _inputs(roles, evidence):
    inputs = {}
    table = {"number": [], "category": []}
    for column, role in roles.items():
        if role.kind in table:
            table[role.kind].append(column)
        elif role.kind not in ("id", "split", "unused"):
            settings = {"type": role.kind, "column": column, **role.settings}
            if evidence[column].empty:
                settings["optional"] = True
            inputs[_name(column, inputs)] = settings
    if any(table.values()):
        facts = {"type": "tabular"}
        facts |= {"numbers": table["number"]} if table["number"] else {}
        facts |= {"categories": table["category"]} if table["category"] else {}
        inputs[_name("facts", inputs)] = facts
    return inputs


def _name(column, taken):
    """A name that a modality or task may have, after its column."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_") or "column"
    name = name if name[0].isalpha() else f"c_{name}"
    for ending in ("_present", "_mask", "_probability", "_class"):
        name = name.removesuffix(ending) or "column"
    unique, count = name, 2
    while unique in taken or unique in ("id", "status", "error"):
        unique, count = f"{name}_{count}", count + 1
    return unique


def _split_of(table, roles):
    column = next((n for n, r in roles.items() if r.kind == "split"), None)
    column = table.split_column or column
    if column is None:
        return None
    split = {"column": column}
    if "validation" not in map(part_of, table.column(column)):
        split["validation"] = 0.1
    return split


def _notes(evidence, roles, targets, split, table):
    notes = [*table.notes, *_at_fault(roles, targets, table)]
    notes += [role.note for role in roles.values() if role.note]
    for name, x in evidence.items():
        repeats = len(x.counts) < len(x.cells)
        if _GROUPS.search(name) and repeats and not x.lists:
            notes.append(
                f"{name!r} repeats ({len(x.counts):,} values in "
                f"{len(x.cells):,} rows): if rows of one of them resemble each "
                f"other, split by it: `split: {{group: {name}, ...}}`"
            )
    for task, given in targets.items():
        columns = _columns_of({task: given})
        if len(columns) == 1:
            notes += _giveaways(evidence, roles, columns[0], table)
    return notes


def _at_fault(roles, targets, table):
    """How many rows cannot be read, if any."""
    read = {name for name, role in roles.items() if role.kind != "unused"}
    read.update(_columns_of(targets))
    cells = {row for row, name in table.cell_faults if name in read}
    if count := len(cells | table.faults.keys()):
        yield (
            f"{table.source}: {count:,} of {len(table):,} rows are at fault; "
            "`mmfusion check` says what is wrong with each"
        )


def _giveaways(evidence, roles, target, table):
    """Columns of few values that all but tell the target by themselves."""
    truth = table.column(target)
    classes = len(evidence[target].counts)
    if not 1 <= classes <= _AMOUNTS or evidence[target].lists:
        return
    usual = max(evidence[target].counts.values()) / len(evidence[target].cells)
    for name, role in roles.items():
        x = evidence[name]
        # Of values that hardly repeat every one tells everything.
        few = 2 <= len(x.counts) <= len(x.cells) / _REPEATS
        if not few or role.kind not in ("number", "category"):
            continue
        pairs = collections.defaultdict(collections.Counter)
        for row, text in zip(x.rows, x.texts, strict=True):
            pairs[text][str(truth[row])] += 1
        right = sum(max(found.values()) for found in pairs.values())
        share = right / len(x.cells)
        if usual < 1 and share - usual > 0.5 * (1 - usual):
            yield (
                f"{name!r} alone tells {target!r} in {100 * share:.1f} % of "
                f"the rows (the most frequent value: {100 * usual:.1f} %). Is "
                "it known before the answer is? If not, leave it out"
            )


def need_target(inference):
    """The error that asks for a target, where none was inferred."""
    if inference.target:
        return
    columns = ", ".join(map(repr, inference.reasons))
    raise ArgumentError(
        f"Nothing in `{inference.source}` says which column shall be learned. "
        f"Name it: target=, or --target. Columns: {columns}."
    )
