"""Rules that say what a column is, each with its reason."""

import dataclasses
import re

from mmfusion.data.inference.files import (
    a_file,
    python_lists,
    several,
    unknown_bytes,
)
from mmfusion.data.inference.kinds import MOST
from mmfusion.data.inference.numbering import counted, nameless, row_number
from mmfusion.data.inference.role import Role
from mmfusion.data.inference.vectors import arrays, printed
from mmfusion.data.splits import part_of

_ID = re.compile(r"(^|[ _-])(id|uid|uuid|guid|key|index|sku|isbn)s?$", re.I)
# What says which rows train, and is no input whatever it says.
_PART = re.compile(r"(split|set|subset|fold|partition)s?$", re.I)
# Numbers with more bad cells than `MOST` lets pass, still too many to drop.
_MANY = 0.8
# Classes that one still counts at a glance, and as a share of the rows.
_FEW, _FEW_SHARE, _FEW_AT_MOST = 20, 0.05, 1000
# Ids that each stand in ten rows and more can be learned.
_CODES_SHARE = 0.1


# What to do with cells that are no numbers, where most are.
_BAD_NUMBERS = (
    "empty these cells to make it a number, or make it one with "
    "`bad_rows: skip`, which leaves out their rows"
)
# The bag that linear models of texts do best with; a minute to train.
_BAG = {
    "kind": "tf_idf",
    "ngrams": 2,
    "sublinear": True,
    "normalize": True,
    "vocabulary_size": 8000,
}


def role_of(evidence, table) -> Role:
    """The first rule that holds.

    Args:
        evidence: `Evidence` of the column.
        table: `Table`.
    """
    for rule in _RULES:
        role = rule(evidence, table)
        if role is not None:
            return _told(role, evidence)
    return Role("unused", "nothing says what it is")


def _told(role, x):
    """The role of texts, with what to do where many are something else."""
    more = ""
    if role.kind in ("text", "category") and x.lists_told:
        more = f"{x.lists_told}; for `several` make every cell one"
    elif role.kind in ("text", "category") and x.numbers_told:
        more = f"; {x.numbers_told}; {_BAD_NUMBERS}"
    if not more:
        return role
    return dataclasses.replace(role, reason=role.reason + more)


def _empty(x, table):
    if not x.cells:
        return Role("unused", "every cell is empty")
    return None


def _split(x, table):
    parts = {part_of(text) for text in x.counts}
    if "train" in parts and len(parts) > 1 and None not in parts:
        return Role("split", f"it says {', '.join(sorted(x.counts))}")
    if x.lists or x.name == table.split_column or not _PART.match(x.name):
        return None
    return Role(
        "unused",
        "its name says that it parts the rows, and its cells do not say "
        "train, validation and test",
        note=f"{x.name!r} is left out: it is called as what parts the rows, "
        "and its cells are not understood. Write train, validation or test in "
        f"each for `split: {{column: {x.name}}}`; or keep the rows of one "
        f"value together: `split: {{group: {x.name}, ...}}`",
    )


def _constant(x, table):
    if len(x.counts) == 1 and not x.lists and len(x.cells) > 1:
        return Role("unused", f"it says {x.texts[0][:40]!r} in every row")
    return None


def _urls(x, table):
    if x.urls > MOST * len(x.cells):
        return Role("unused", "it holds URLs; download the files and name them")
    return None


def _id(x, table):
    if len(x.counts) < len(x.cells):
        return None
    if _ID.search(x.name) and not x.empty:
        told = counted(x, table)
        reason = "its name says so, and every cell is another"
        return Role("id", f"{reason}; {told}" if told else reason)
    return None


def _code(x, table):
    """Numbers that name something are no amounts."""
    most = max(_FEW_AT_MOST, _CODES_SHARE * len(x.cells))
    if (
        x.whole
        and len(x.numbers) == len(x.cells)
        and _ID.search(x.name)
        and len(x.counts) <= most
    ):
        return Role(
            "category",
            f"whole numbers that its name calls ids, {len(x.counts):,} "
            "different ones",
        )
    return None


def _number(x, table):
    return _numbers(x, MOST)


def _mostly_number(x, table):
    """Numbers with many bad cells, all of which `check` then names.

    To leave such a column out would lose it without a word, and `train` with
    it stops at the first bad cell, so that nothing is learned from a guess.
    This comes after categories: of few values, `none` may well be one.
    """
    ids = x.whole and _ID.search(x.name)
    return _numbers(x, _MANY) if x.numbers_told and not ids else None


def _numbers(x, share):
    values = x.numbers
    if not values or len(values) < share * len(x.cells):
        return None
    if max(abs(value) for value in values) > 2**24 and x.whole:
        return Role(
            "unused", "whole numbers above 16777216: ids or time stamps"
        )
    what, other = "every cell is a number", ""
    if len(values) < len(x.cells):
        what = f"{len(values):,} of {len(x.cells):,} cells are numbers"
        other = (
            f"; the others ({x.others_shown}) will be faults: empty them, or "
            "leave out their rows with `bad_rows: skip`"
        )
    span = f"{min(values):g} to {max(values):g}"
    return Role("number", f"{what}, {span}{other}")


def _category(x, table):
    few = max(_FEW, min(_FEW_SHARE * len(x.cells), _FEW_AT_MOST))
    if len(x.counts) <= few and x.share_of(0.5) <= 4:
        return Role("category", f"{len(x.counts):,} different values")
    return None


def _text(x, table):
    middle, long = x.share_of(0.5), x.share_of(0.95)
    if middle < 2 and x.words[-1] < 4:
        return None
    return Role(
        "text",
        f"{middle} words at the median, 95 % have {long} or fewer; as a bag of "
        "words and pairs (`kind: ids` and a `length` keep their order)",
        dict(_BAG),
    )


def _names(x, table):
    if x.numbers_told:
        return Role("unused", f"{x.numbers_told}; {_BAD_NUMBERS}")
    share = len(x.counts) / len(x.cells)
    return Role(
        "unused",
        f"single words, {100 * share:.0f} % of them different: names or ids?",
    )


_RULES = (
    _empty,
    nameless,
    _split,
    _urls,
    python_lists,
    several,
    printed,
    a_file,
    unknown_bytes,
    arrays,
    _constant,
    _id,
    row_number,
    _code,
    _number,
    _category,
    _mostly_number,
    _text,
    _names,
)
