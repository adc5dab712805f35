"""What is to be learned: named by a user, or by a column's name."""

from mmfusion import checks
from mmfusion.data.inference.kinds import MOST
from mmfusion.data.inference.names import name_of
from mmfusion.data.target import Target, resolve_targets
from mmfusion.errors import ArgumentError

_TARGETS = ("label", "target", "class", "category", "labels", "y")
# Distinct numbers that are amounts rather than classes.
AMOUNTS = 20


def check_target(target):
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


def columns_of(target) -> list:
    """The columns of targets, however these are given."""
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


def targets_of(target, evidence, without):
    """The targets as a recipe has them, and a reason for each column."""
    if isinstance(target, dict):
        columns = columns_of(target)
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
        task = "label" if len(columns) == 1 else name_of(column, targets)
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
    if numbers and (not x.whole or different > AMOUNTS):
        what = f"{different:,} different numbers"
        others = len(x.cells) - len(x.numbers)
        if others:
            what += f"; {others:,} of {len(x.cells):,} cells are none, which "
            what += "`check` tells"
        return "number", what
    what = f"{len(x.counts):,} different values"
    if x.numbers_told:
        what += f"; {x.numbers_told}; empty these to learn numbers"
    if x.lists_told:
        what += f"{x.lists_told}; several labels in a cell are written a|b"
    return "class", what


def need_target(inference):
    """The error that asks for a target, where none was inferred."""
    if inference.target:
        return
    columns = ", ".join(map(repr, inference.reasons))
    raise ArgumentError(
        f"Nothing in `{inference.source}` says which column shall be learned. "
        f"Name it: target=, or --target. Columns: {columns}."
    )
