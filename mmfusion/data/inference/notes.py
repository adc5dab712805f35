"""What else to look at in a table, beside what its columns are."""

import collections
import re

from mmfusion.data.inference.targets import AMOUNTS, columns_of

# How often values are there at least that may tell the target.
_REPEATS = 5
# Groups that rows of one product, patient or speaker share.
_GROUPS = re.compile(
    r"(^|[ _-])(patient|speaker|user|subject|product|author|session|group)"
    r"([ _-]?id)?$",
    re.I,
)


def notes_of(evidence, roles, targets, table) -> list:
    """Lines on rows at fault, on groups, and on what tells the answer."""
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
        columns = columns_of({task: given})
        if len(columns) == 1:
            notes += _giveaways(evidence, roles, columns[0], table)
    return notes


def _at_fault(roles, targets, table):
    """How many rows cannot be read, if any."""
    read = {name for name, role in roles.items() if role.kind != "unused"}
    read.update(columns_of(targets))
    cells = {row for row, name in table.cell_faults if name in read}
    if count := len(cells | table.faults.keys()):
        yield (
            f"{table.source}: {count:,} of {len(table):,} rows are at fault; "
            "`mmfusion check` says what is wrong with each; what is inferred "
            "leaves them out"
        )


def _giveaways(evidence, roles, target, table):
    """Columns of few values that all but tell the target by themselves."""
    truth = table.column(target)
    classes = len(evidence[target].counts)
    if not 1 <= classes <= AMOUNTS or evidence[target].lists:
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
