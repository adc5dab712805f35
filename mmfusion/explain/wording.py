"""Scores and their differences in words: shares, or numbers in a unit."""

import dataclasses
import math

_MINUS = "\N{MINUS SIGN}"


def percent(value) -> str:
    """A share as a percentage: `0.914` is `91.4 %`."""
    return f"{points(value)} %"


def points(value) -> str:
    """A share in percentage points, with a proper minus sign."""
    return _signed(f"{100 * value:.1f}")


@dataclasses.dataclass(frozen=True)
class Wording:
    """How the scores of one output are written.

    Attributes:
        metric: str. Name of the score.
        higher_is_better: bool.
        unit: str. `"share"`, or `"target"`: the target's own.
        digits: int or None. Decimals of a number; None: by its size.
        claim: str. A sentence with `{name}` and `{score}`.

    Example:

    >>> wording = Wording("mean_absolute_error", False, "target", 1)
    >>> wording.label, wording.score(1234.56), wording.gain(-2.0)
    ('mean absolute error', '1,234.6', '−2.0')
    """

    metric: str
    higher_is_better: bool = True
    unit: str = "share"
    digits: int | None = None
    claim: str = "{name} scores {score}"

    @classmethod
    def of(cls, output, task=None):
        """The wording for an output of `metrics.json`.

        Args:
            output: dict, such as `metrics["outputs"]["label"]`.
            task: the task of that output, which has a claim; or None.
        """
        unit = output.get("unit", "share")
        value = output["fused"]["value"] if "fused" in output else 0.0
        claim = {} if task is None else {"claim": task.claim}
        return cls(
            output.get("metric", "score"),
            output.get("higher_is_better", True),
            unit,
            None if unit == "share" else decimals(value),
            **claim,
        )

    @property
    def shares(self) -> bool:
        """Whether scores are shares, from 0 to 1."""
        return self.unit == "share"

    @property
    def label(self) -> str:
        """The name of the score as one says it."""
        return self.metric.replace("_f1", " F1").replace("_", " ")

    def score(self, value) -> str:
        """A score with its unit, as far as there is one."""
        return percent(value) if self.shares else self.number(value)

    def bound(self, value) -> str:
        """A score without its unit: the end of an interval."""
        return points(value) if self.shares else self.number(value)

    def number(self, value) -> str:
        """A number in the target's unit."""
        if 0 < abs(value) < 1e-6 or abs(value) >= 1e15:
            return _signed(f"{value:.3g}")
        digits = decimals(value) if self.digits is None else self.digits
        return _signed(f"{value:,.{digits}f}")

    # What is gained is positive where fused is better, whatever the score.
    gain = bound

    def difference(self, gain) -> str:
        """A gain as a comparison of scores: "10.0 points more", "2.5 less"."""
        more = (gain >= 0) == self.higher_is_better
        if self.shares:
            return f"{points(abs(gain))} points {'more' if more else 'fewer'}"
        return f"{self.number(abs(gain))} {'more' if more else 'less'}"

    def range(self, gain) -> str:
        """An interval of gains: "5.0 to 15.0 points", "1.2 to 3.4 better"."""
        ends = f"{self.gain(gain.low)} to {self.gain(gain.high)}"
        return f"{ends} points" if self.shares else f"{ends} better"

    def sentence(self, name, value) -> str:
        """What a score says."""
        return self.claim.format(name=name, score=self.score(value))


def decimals(value) -> int:
    """Decimals that show three digits of a number.

    Example:

    >>> decimals(12345.0), decimals(12.3), decimals(0.0123)
    (0, 1, 4)
    """
    if not value or not math.isfinite(value):
        return 2
    return min(12, max(0, 2 - math.floor(math.log10(abs(value)))))


def _signed(text):
    """No minus before zero, and a proper one before the rest."""
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", _MINUS) if "e" not in text else text
