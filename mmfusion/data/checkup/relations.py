"""Rows that say the same: copies, contradictions, and leaks between splits."""

import collections
import dataclasses

# Pairs that a line names.
_LISTED = 3


@dataclasses.dataclass(frozen=True)
class Relation:
    """Rows that are alike and should not be.

    Attributes:
        kind: `"copies"`, `"contradictions"` or `"leak"`.
        modality: str or None. Of which modality; None: of all of them.
        split: str or None. The split that is not independent of training.
        rows: int. How many rows.
        of: int. Of how many.
        pairs: list of `(first row, later row)`, all of them, as lines of the
            file.
        text: str. A line for people, which names a few pairs.
    """

    kind: str
    modality: str | None
    split: str | None
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
        found += _leaks(None, whole, names, lambda row: "", line)
    for name, one in surveys.items():
        # Numbers of two rows coincide without being copies.
        if any(shown is not None for shown in one.shown):
            shown = one.shown.__getitem__
            found += _leaks(name, one.keys, names, shown, line)
    found += _copies(whole, labels, names, line)
    return found


def _whole(surveys, rows):
    keys = [one.keys for one in surveys.values()]
    whole = []
    for row in range(rows):
        parts = tuple(column[row] for column in keys)
        whole.append(parts if any(parts) else None)
    return whole


def _leaks(modality, keys, names, shown, line):
    """Held-out rows whose value stands in a training row as well."""
    first = {}
    for row, (key, name) in enumerate(zip(keys, names, strict=True)):
        if key is not None and name == "train":
            first.setdefault(key, row)
    found = []
    for split in ("validation", "test"):
        rows = [row for row, name in enumerate(names) if name == split]
        pairs = [(first[keys[row]], row) for row in rows if keys[row] in first]
        if not pairs:
            continue
        what = f"the {modality}" if modality else "all inputs"
        of = sum(keys[row] is not None for row in rows)
        text = (
            f"{len(pairs)} of {of} rows of {split} have {what} of a training "
            f"row ({100 * len(pairs) / of:.1f} %)"
        )
        found.append(
            Relation(
                "leak",
                modality,
                split,
                len(pairs),
                of,
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
                Relation(kind, None, None, len(pairs), rows, places, text)
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
