"""Runs a property over many cases, each of which must come back."""

import contextlib
import dataclasses
import faulthandler
import signal
import sys
import time
import warnings

from hypothesis import HealthCheck, Phase, given, settings

# Seconds that a case may take; the decoders have their own, shorter limits.
SECONDS = 60


class HangsError(BaseException):
    """A case did not come back.

    No `Exception`: nothing may take it for a fault of the file, and no
    shorter case is looked for, which would hang as well.
    """


@dataclasses.dataclass
class Tally:
    """What became of the cases of one kind."""

    kind: str
    cases: int = 0
    read: int = 0
    seconds: float = 0.0
    slowest: float = 0.0

    def __str__(self):
        return (
            f"{self.kind}: {self.cases} cases, {self.read} read, "
            f"{self.cases - self.read} refused, {self.seconds:.1f} s, "
            f"the slowest {self.slowest:.2f} s"
        )


def run(kind, strategy, holds, count):
    """Checks a property on `count` cases, the same ones each time.

    Args:
        kind: str. What the cases are, for messages.
        strategy: of hypothesis, of cases.
        holds: function of a case that raises if the property does not hold,
            and says whether the case was read (and not refused).
        count: int.

    Returns:
        `Tally`.
    """
    tally = Tally(kind)

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def check(case):
        start = time.perf_counter()
        with _within(SECONDS, kind, case), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # As users have it.
            tally.read += holds(case)
        tally.cases += 1
        tally.slowest = max(tally.slowest, time.perf_counter() - start)

    start = time.perf_counter()
    check()
    tally.seconds = time.perf_counter() - start
    return tally


@contextlib.contextmanager
def _within(seconds, kind, case):
    def ring(*_):
        raise HangsError(f"{kind}: no end after {seconds} s: {case!r:.2000}")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    # An operation that never returns to Python hears no alarm.
    faulthandler.dump_traceback_later(
        2 * seconds, exit=True, file=sys.__stderr__
    )
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
