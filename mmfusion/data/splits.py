"""Decides which row trains, validates or tests: by a column, or by chance."""

import collections
import hashlib

from mmfusion import checks
from mmfusion.errors import ArgumentError

NAMES = ("train", "validation", "test")
# What a split column may say, in any case, and what it means.
ALIASES = {name: name for name in NAMES} | {
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "dev": "validation",
    "eval": "validation",
    "testing": "test",
}
DEFAULT = {"validation": 0.1, "test": 0.2}


def part_of(name):
    """The split that a name stands for, in any case; None where it is none.

    Example:

    >>> part_of("Training"), part_of("VAL "), part_of("fold 1")
    ('train', 'validation', None)
    """
    return ALIASES.get(name.strip().lower()) if isinstance(name, str) else None


def check_split(split):
    """The split as a dict of known keys; None means the default."""
    if split is None:
        return dict(DEFAULT)
    if not isinstance(split, dict):
        raise ArgumentError(
            "`split` expects a dict, such as "
            "{'validation': 0.1, 'test': 0.2, 'group': 'product'} or "
            f"{{'column': 'split'}}. Received: {checks.one_line(split)}."
        )
    checks.check_keys("split", split, ("column", "group", *NAMES[1:]))
    for key in ("column", "group"):
        checks.check_column("split", key, split.get(key))
    fractions = {n: split[n] for n in NAMES[1:] if split.get(n) is not None}
    for name, fraction in fractions.items():
        checks.check_range("split", name, fraction, 0, 1)
    if sum(fractions.values()) >= 1:
        raise ArgumentError(
            "`split` expects fractions that leave rows to train on. "
            f"Received: {fractions}."
        )
    if split.get("column") is not None and "test" in fractions:
        raise ArgumentError(
            "`split` takes the test rows from its column; only "
            "`validation` can be made from the training rows. Received: "
            f"{split!r}."
        )
    if [key for key in split if split[key] is not None] == ["group"]:
        return {**DEFAULT, **split}  # How to draw, and not how much.
    return dict(split)


def draw(ids, fractions, strata=None, groups=None, seed=0, exclusive=True):
    """Draws rows for validation and test, the same in any order of rows.

    The order in which rows are drawn is a hash of the seed and of their ids
    (of their groups, where there are some), so that a shuffled table, and for
    the most part a longer one, is split as before.

    Where each row has one label, every label gets its fraction of each split,
    and at least one row. With groups a group is never on two sides, and the
    last group of a label stays in the training split; so does the last row of
    a label where rows have several.

    Args:
        ids: list of str. What names each row; no two are equal.
        fractions: dict of `"validation"` and `"test"` to a fraction of the
            rows; zero makes no split.
        strata: list of a tuple of labels, one a row, to draw from each alike;
            None: there are none.
        groups: list of the group of each row.
        seed: int.
        exclusive: bool. Whether each row has one label and no other.

    Returns:
        List with the name of the split of each row, and a list of what is
        wrong: classes or groups too small to be split.

    Example:

    >>> names, _ = draw(list("abcdefghij"), {"test": 0.2}, seed=1)
    >>> names.count("train"), names.count("test")
    (8, 2)
    """
    fractions = {
        name: fractions[name] for name in NAMES[1:] if fractions.get(name)
    }
    if groups is not None:
        return _draw_groups(groups, fractions, strata, seed)
    if strata is not None and not exclusive:
        return _draw_groups(ids, fractions, strata, seed, what="row")
    return _draw_rows(ids, fractions, strata, seed)


def _draw_rows(ids, fractions, strata, seed):
    alike = collections.defaultdict(list)
    for row in range(len(ids)):
        alike[strata[row] if strata is not None else None].append(row)
    names, faults = ["train"] * len(ids), []
    for label, rows in alike.items():
        if len(rows) <= len(fractions):
            what = "the table" if strata is None else f"the class {label[0]!r}"
            faults.append(
                f"{what} has {len(rows)} row{'s' * (len(rows) != 1)}, too few "
                f"for {len(fractions) + 1} splits; add rows, merge it with "
                "another class, or split by a column"
            )
            continue
        rows = sorted(rows, key=lambda row: _order(seed, ids[row]))
        left = len(rows) - 1  # One row stays for training.
        for place, (name, fraction) in enumerate(fractions.items()):
            # The splits to come get a row each, too.
            most = left - (len(fractions) - 1 - place)
            count = min(max(1, round(fraction * len(rows))), most)
            for row in rows[left - count + 1 : left + 1]:
                names[row] = name
            left -= count
    return names, faults


def _draw_groups(groups, fractions, strata, seed, what="group"):
    members = collections.defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    names = ["train"] * len(groups)
    if len(members) <= len(fractions):
        return names, [
            f"there are {len(members)} {what}s, too few for "
            f"{len(fractions) + 1} splits; add {what}s or ask for fewer splits"
        ]
    labels = {
        group: {x for row in rows for x in strata[row]} if strata else set()
        for group, rows in members.items()
    }
    # In how many groups of the training split a label is.
    homes = collections.Counter(
        label for found in labels.values() for label in found
    )
    waiting = sorted(members, key=lambda group: _order(seed, group))
    faults = []
    for name, fraction in fractions.items():
        wanted, taken = fraction * len(groups), 0
        for group in list(waiting):
            size = len(members[group])
            # Half of a group too many is as near as half too few.
            too_large = taken and taken + size / 2 > wanted
            last = any(homes[label] == 1 for label in labels[group])
            if too_large or last or len(waiting) == 1:
                continue
            waiting.remove(group)
            homes.subtract(labels[group])
            taken += size
            for row in members[group]:
                names[row] = name
            if taken >= wanted:
                break
        if not taken:
            faults.append(
                f"no {what} is left for the {name} split without taking a "
                f"label from training; add {what}s or ask for fewer splits"
            )
    return names, faults


def _order(seed, key):
    text = f"{seed}\0{key}".encode()
    return hashlib.blake2b(text, digest_size=8).digest()
