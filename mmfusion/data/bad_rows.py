"""What becomes of rows that cannot be used as they are."""

import collections
import dataclasses

from mmfusion.data.problems import Problems

POLICIES = ("error", "mask", "skip")


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one row.

    Attributes:
        row: int. Index of the row in its table.
        column: str or None. Where in the row.
        what: str. What is wrong; how to fix it.
        modality: str or None. The modality whose value it is.
    """

    row: int
    column: str | None
    what: str
    modality: str | None = None


class BadRows:
    """Collects the faults of rows, and settles each by a policy.

    `error`: every fault is a problem, and all are told at once. `mask`: a bad
    value of an optional modality is an absent one; any other fault is a
    problem. `skip`: a row at fault does not train; one that is held out by a
    column or a file of its own is a problem, since a score would silently be
    that of other rows. Where the split is drawn, it is drawn from good rows.

    Args:
        table: `Table`.
        policy: `"error"`, `"mask"` or `"skip"`.
        optional: names of the optional modalities.

    Attributes:
        faults: list of `Fault`, in the order in which they were found.
        skipped: set of row indices that shall be in no split.
        masked: list of `Fault` that made a value absent.
    """

    def __init__(self, table, policy, optional=()):
        self.table = table
        self.policy = policy
        self.optional = frozenset(optional)
        self.faults = []
        self.skipped = set()
        self.masked = []
        self._settled = 0
        self._told = set()

    def add(self, row, what, column=None, modality=None):
        """Notes one fault of one row."""
        self.faults.append(Fault(row, column, what, modality))

    def masks(self, modality):
        """Whether a bad value of a modality is an absent one."""
        return self.policy == "mask" and modality in self.optional

    def settle(self, held, problems):
        """Settles the faults that were found since the last time.

        Args:
            held: dict of row index to the name of the split that holds it
                out, where that is known.
            problems: `Problems`, which is told what is one.
        """
        for fault in self.faults[self._settled :]:
            fix = ""
            if self.policy == "mask":
                if self.masks(fault.modality):
                    self.masked.append(fault)
                    continue
                if fault.modality:
                    fix = f"; only an optional {fault.modality!r} can be masked"
            elif self.policy == "skip":
                if fault.row not in held:
                    self.skipped.add(fault.row)
                    continue
                fix = (
                    f"; it is in {held[fault.row]}, and only rows of training "
                    "are skipped"
                )
            # A file that feeds two inputs is told of once.
            told = (fault.row, fault.column, fault.what, fix)
            if told not in self._told:
                self._told.add(told)
                self.tell(fault, problems, fix)
        self._settled = len(self.faults)

    def tell(self, fault, problems, fix=""):
        """Adds one fault to the problems, with its place."""
        source, line = self.table.place(fault.row)
        problems.add(
            fault.what + fix,
            row=line,
            column=fault.column,
            source=source,
            of_row=True,
        )

    def tell_skipped(self, problems):
        """Adds the faults of skipped rows: without them none would train."""
        for fault in self._skipped():
            self.tell(fault, problems)

    @property
    def skipped_lines(self):
        """The faults of skipped rows, as `file:row:column: what`."""
        return self._lines(self._skipped())

    @property
    def masked_lines(self):
        """The faults of masked values, as `file:row:column: what`."""
        return self._lines(self.masked)

    def _skipped(self):
        """The faults of skipped rows; one of two inputs alike is told once."""
        return {
            (fault.row, fault.column, fault.what): fault
            for fault in self.faults
            if fault.row in self.skipped
        }.values()

    def _lines(self, faults):
        problems = Problems(self.table.source)
        for fault in faults:
            self.tell(fault, problems)
        return problems.lines

    @property
    def notes(self):
        """What was done, in a line or none for each policy."""
        notes = []
        if self.skipped:
            count = len(self.skipped)
            notes.append(
                f"{self.table.source}: {count} bad "
                f"{'rows are' if count > 1 else 'row is'} skipped and "
                f"{'train' if count > 1 else 'trains'} nothing; `skipped` "
                "lists them"
            )
        if self.masked:
            per = collections.Counter(fault.modality for fault in self.masked)
            listed = ", ".join(f"{n} of {name}" for name, n in per.items())
            notes.append(
                f"{self.table.source}: {len(self.masked)} bad "
                f"value{'s' * (len(self.masked) > 1)} ({listed}) count as "
                "absent; `masked` lists them"
            )
        return notes
