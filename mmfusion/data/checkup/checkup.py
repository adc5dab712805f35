"""What a check found, as plain values and as a table to read."""

import dataclasses

import numpy as np

from mmfusion.data.splits import NAMES

_LISTED = 50


@dataclasses.dataclass(frozen=True)
class InputSummary:
    """One modality over all good rows.

    Attributes:
        kind: str. What the modality object is called.
        columns: tuple of str.
        missing: dict of split to how many rows have no value.
        measures: dict of name to least, median and largest value.
        findings: list of str. What is no fault and worth knowing.
    """

    kind: str
    columns: tuple
    missing: dict
    measures: dict
    findings: list

    @classmethod
    def of(cls, survey, names, findings):
        """The summary of a `Survey`."""
        given = np.array([name or "" for name in names])
        missing = {
            name: int(np.sum(~survey.present[given == name]))
            for name in NAMES
            if name in names
        }
        measures = {}
        for name, values in survey.measures.items():
            there = values[np.isfinite(values)]
            if len(there):
                low, middle, high = np.quantile(there, [0, 0.5, 1])
                measures[name] = (float(low), float(middle), float(high))
        kind = type(survey.modality).__name__
        findings = [*findings, *_of_measures(survey.measures, survey.modality)]
        return cls(kind, survey.modality.columns, missing, measures, findings)


def _of_measures(measures, modality):
    """What the sizes of single values tell."""
    found = []
    seconds = measures.get("seconds", np.array([]))
    long = int(np.sum(seconds > getattr(modality, "seconds", np.inf)))
    if long:
        found.append(
            f"{long} of {np.sum(np.isfinite(seconds))} sounds are longer than "
            f"`seconds={modality.seconds}` and are cut"
        )
    brightest = measures.get("brightest", np.array([]))
    dark = int(np.sum(brightest <= 1))
    if dark:
        found.append(
            f"{dark} pictures have no pixel above 1, where 0..255 is expected: "
            "black, or scaled by 255 before they were saved"
        )
    silent = int(np.sum(measures.get("peak", np.array([])) == 0))
    if silent:
        found.append(f"{silent} sounds are silent from end to end")
    loud = int(np.sum(measures.get("peak", np.array([])) >= 0.9999))
    if loud:
        found.append(f"{loud} sounds reach full scale; they may be clipped")
    return found


@dataclasses.dataclass(frozen=True)
class Checkup:
    """What `check` found; `str` gives a table to read.

    Attributes:
        source: str.
        rows: int. Of the table.
        bad: int. Rows with a fault, whatever becomes of it.
        splits: dict of split to its good rows.
        targets: dict of task to a list of `(what, dict of split to str)`.
        inputs: dict of modality to `InputSummary`.
        relations: list of `Relation`: copies, contradictions, leaks.
        problems: list of str, every one, as `file:row:column: what; how to
            fix`; with any of them training does not begin.
        skipped, masked: list of str, the faults that `bad_rows` lets pass, in
            the same form.
        notes: list of str.

    Example:

    >>> import pathlib, tempfile
    >>> from mmfusion.data import Tabular, check
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "ages.csv"
    >>> _ = path.write_text("age,old\\n1,no\\n70,yes\\n2,no\\n")
    >>> found = check(path, {"facts": Tabular(numbers=["age"])}, "old", {})
    >>> print(str(found).partition("\\n\\n")[2])
                        train
    rows                    3
    label
      no           2 (66.7 %)
      yes          1 (33.3 %)
    missing
      facts (Tabular)       0
    <BLANKLINE>
    No problems.
    """

    source: str
    rows: int
    bad: int
    splits: dict
    targets: dict
    inputs: dict
    relations: list
    problems: list
    skipped: list
    masked: list
    notes: list

    def to_dict(self) -> dict:
        """Plain values that JSON can hold."""
        plain = dataclasses.asdict(self)
        return {"format": 1, **_plain(plain)}

    def __str__(self):
        lines = [
            f"{self.source}: {self.rows:,} rows, {self.bad:,} of them bad",
            "",
        ]
        head = list(self.splits)
        table = [["", *head]]
        table.append(["rows", *(f"{n:,}" for n in self.splits.values())])
        for task, parts in self.targets.items():
            table.append([task])
            table += [[f"  {what}", *(x.get(n, "") for n in head)]
                      for what, x in parts]  # fmt: skip
        table.append(["missing"])
        for name, one in self.inputs.items():
            cells = [f"{one.missing.get(split, 0):,}" for split in head]
            table.append([f"  {name} ({one.kind})", *cells])
        lines += _aligned(table)
        measures = [["", "least", "median", "largest"]]
        for name, one in self.inputs.items():
            for what, values in one.measures.items():
                cells = (f"{value:,.4g}" for value in values)
                measures.append([f"{name}: {what}", *cells])
        if len(measures) > 1:
            lines += ["", *_aligned(measures)]
        worth = [
            f"{name}: {what}"
            for name, one in self.inputs.items()
            for what in one.findings
        ]
        worth += [relation.text for relation in self.relations] + self.notes
        if worth:
            lines += ["", "Worth knowing"] + [f"- {line}" for line in worth]
        for what, faults in (
            ("Rows that are skipped", self.skipped),
            ("Values that count as absent", self.masked),
        ):
            if faults:
                lines += ["", *_listed(what, faults)]
        lines.append("")
        if not self.problems:
            return "\n".join([*lines, "No problems."])
        return "\n".join(lines + _listed("Problems", self.problems))


def _listed(what, faults):
    lines = [f"{what} ({len(faults):,})", *faults[:_LISTED]]
    if len(faults) > _LISTED:
        more = len(faults) - _LISTED
        lines.append(f"... and {more:,} more; --json tells all")
    return lines


def _aligned(table):
    """Rows of cells, the first column to the left, the others to the right."""
    columns = max(len(row) for row in table)
    rows = [[*row, *[""] * (columns - len(row))] for row in table]
    widths = [max(len(row[at]) for row in rows) for at in range(columns)]
    return [
        "  ".join(
            cell.ljust(width) if at == 0 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value
