"""Rows that say the same: copies, contradictions, and leaks between splits."""

import collections
import dataclasses

# Pairs that a line names.
_LISTED = 3
# What should be independent of what.
_PAIRS = (("train", "validation"), ("train", "test"), ("validation", "test"))


@dataclasses.dataclass(frozen=True)
class Relation:
    """Rows that are alike and should not be.

    Attributes:
        kind: `"copies"`, `"contradictions"` or `"leak"`.
        modality: str or None. Of which modality; None: of all of them.
        split: str or None. The split that is not independent of another.
        against: str or None. Which one that is: `"train"`, mostly.
        rows: int. How many rows.
        of: int. Of how many.
        pairs: list of `(first row, later row)`, all of them, as lines of the
            file.
        text: str. A line for people, which names a few pairs.
    """

    kind: str
    modality: str | None
    split: str | None
    against: str | None
    rows: int
    of: int
    pairs: list = dataclasses.field(repr=False)
    text: str


def relations(surveys, labels, names, line):
    """Finds rows that are alike.

    Args:
        surveys: dict of modality name to `Survey`.
        labels: dict of task name to the plain targets of all rows.
        names: list of the split of each row, None where it is in none.
        line: function of a row that gives its place, for people.

    Returns:
        List of `Relation`.
    """
    whole = _whole(surveys, len(names))
    found = []
    if len(surveys) > 1:
        alone = [None if key is None else (key,) for key in whole]
        found += _leaks(None, alone, names, lambda row: "", line)
    for name, one in surveys.items():
        # Numbers of two rows coincide without being copies.
        if any(shown is not None for shown in one.shown):
            shown = one.shown.__getitem__
            found += _leaks(name, one.parts, names, shown, line)
    found += _copies(whole, labels, names, line)
    return found


def _whole(surveys, rows):
    keys = [one.keys for one in surveys.values()]
    whole = []
    for row in range(rows):
        parts = tuple(column[row] for column in keys)
        whole.append(parts if any(parts) else None)
    return whole


def _leaks(modality, parts, names, shown, line):
    """Held-out rows of which a value stands in another split as well."""
    what = f"the {modality}" if modality else "all inputs"
    found = []
    for against, split in _PAIRS:
        first = {}
        for row, name in enumerate(names):
            for key in (parts[row] or ()) if name == against else ():
                first.setdefault(key, row)
        of = [row for row, name in enumerate(names) if name == split]
        of = [row for row in of if parts[row]]
        pairs = []
        for row in of:
            rows = [first[key] for key in parts[row] if key in first]
            pairs += [(rows[0], row)] if rows else []
        if not pairs:
            continue
        other = "training" if against == "train" else against
        text = (
            f"{len(pairs)} of {len(of)} rows of {split} have {what} of a "
            f"{other} row ({100 * len(pairs) / len(of):.1f} %)"
        )
        found.append(
            Relation(
                "leak",
                modality,
                split,
                against,
                len(pairs),
                len(of),
                [(line(a), line(b)) for a, b in pairs],
                f"{text}: {_listed(pairs, shown, line)}",
            )
        )
    return found


def _copies(whole, labels, names, line):
    """Rows equal in all inputs to an earlier one of the same split."""
    first, copies, contradictions = {}, [], []
    for row, (key, name) in enumerate(zip(whole, names, strict=True)):
        if key is None or name is None:
            continue
        at = first.setdefault((name, key), row)
        if at == row:
            continue
        copies.append((at, row))
        if any(given[at] != given[row] for given in labels.values()):
            contradictions.append((at, row))
    found, rows = [], sum(name is not None for name in names)
    for kind, pairs, what in (
        ("copies", copies, "have the inputs of an earlier row of their split"),
        (
            "contradictions",
            contradictions,
            "have the inputs of an earlier row and another target",
        ),
    ):
        if pairs:
            listed = _listed(pairs, lambda row: "", line)
            places = [(line(a), line(b)) for a, b in pairs]
            text = f"{len(pairs)} rows {what}: {listed}"
            found.append(
                Relation(kind, None, None, None, len(pairs), rows, places, text)
            )
    return found


def _listed(pairs, shown, line):
    """A few pairs; rows with the most frequent value do not fill them all."""
    counts = collections.Counter(first for first, _ in pairs)
    seen, chosen = set(), []
    for first, row in pairs:
        if first not in seen:
            seen.add(first)
            chosen.append((first, row))
    parts = []
    for first, row in chosen[:_LISTED]:
        what = shown(row)
        text = f"row {line(first)} and row {line(row)}"
        more = counts[first] - 1
        text += f" (and {more} more)" if more else ""
        parts.append(text + (f": {what}" if what else ""))
    rest = len(chosen) - len(parts)
    return "; ".join(parts) + (f"; and {rest} more" if rest > 0 else "")
