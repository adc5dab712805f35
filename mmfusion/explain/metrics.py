"""The structure of `metrics.json`, which other programs read."""

import math

from mmfusion import checks
from mmfusion.errors import ArgumentError

_TOP = ("format", "split", "rows", "interval", "outputs", "seconds", "xla")
_REQUIRED = ("format", "split", "rows", "interval", "outputs")
_OUTPUT = (
    "metric",
    "higher_is_better",
    "unit",
    "fused",
    "alone",
    "masked",
    "missing",
    "ceiling",
)
_SCORE = ("value", "low", "high")
# The most that a score can be, by its unit.
_MOST = {"share": 1.0, "target": math.inf}


def check_metrics(metrics):
    """Checks that a dict is what `metrics.json` holds, format 1.

        {"format": 1, "split": str, "rows": int,
         "interval": {"level": float, "method": "bootstrap",
                      "unit": str, "units": int},
         "outputs": {output: {
             "metric": "accuracy" | "samples_f1" | "mean_absolute_error" | ...,
             "higher_is_better": bool,
             "unit": "share" | "target",
             "fused": {"value", "low", "high"},
             "alone": {modality: {"value", "low", "high", "epochs", "flat"}},
             "masked": {modality: {"value", "low", "high"}},
             "missing": {
                 "each": {modality: [{"share", "value", "low", "high"}]},
                 "any": [{"share", "value", "low", "high"}]},
             "ceiling": {modality or "fused": float}}},
         "seconds": {"fused": float, "alone": float},
         "xla": {"on": bool, "why": str}}

    `higher_is_better` is there where it is false. `unit` is there where a score
    is no share from 0 to 1 but has the unit of its target, as an error has.
    What was not computed is absent: `alone`, `masked`, `missing`, its `any`,
    `ceiling`, `seconds`, each of its two, and `xla`. There are no other keys,
    and every number is a finite plain one.

    Args:
        metrics: dict.

    Raises:
        ArgumentError: At the first thing that is otherwise.
    """
    checks.check_keys("metrics", metrics, _TOP, _REQUIRED)
    checks.check_choice("metrics", "format", metrics["format"], (1,))
    _check_type("split", metrics["split"], str)
    _check_type("rows", metrics["rows"], int)
    interval = metrics["interval"]
    keys = ("level", "method", "unit", "units")
    checks.check_keys("metrics.interval", interval, keys, keys)
    checks.check_range("metrics.interval", "level", interval["level"], 0, 1)
    checks.check_choice(
        "metrics.interval", "method", interval["method"], ("bootstrap",)
    )
    _check_type("interval.unit", interval["unit"], str)
    _check_type("interval.units", interval["units"], int)
    _check_type("outputs", metrics["outputs"], dict)
    for name, output in metrics["outputs"].items():
        _check_output(f"outputs.{name}", output)
    if "seconds" in metrics:
        checks.check_keys(
            "metrics.seconds", metrics["seconds"], ("fused", "alone")
        )
        for name, seconds in metrics["seconds"].items():
            _check_number(f"seconds.{name}", seconds)
    if "xla" in metrics:
        keys = ("on", "why")
        checks.check_keys("metrics.xla", metrics["xla"], keys, keys)
        _check_type("xla.on", metrics["xla"]["on"], bool)
        _check_type("xla.why", metrics["xla"]["why"], str)


def _check_output(where, output):
    checks.check_keys(f"metrics.{where}", output, _OUTPUT, ("metric", "fused"))
    _check_type(f"{where}.metric", output["metric"], str)
    _check_type(
        f"{where}.higher_is_better", output.get("higher_is_better", False), bool
    )
    unit = output.get("unit", "share")
    checks.check_choice(where, "unit", unit, tuple(_MOST))
    most = _MOST[unit]
    _check_score(f"{where}.fused", output["fused"], most)
    for name, score in output.get("alone", {}).items():
        _check_score(f"{where}.alone.{name}", score, most, ("epochs", "flat"))
        _check_type(f"{where}.alone.{name}.epochs", score["epochs"], int)
        _check_type(f"{where}.alone.{name}.flat", score["flat"], bool)
    for name, score in output.get("masked", {}).items():
        _check_score(f"{where}.masked.{name}", score, most)
    if "missing" in output:
        _check_missing(f"{where}.missing", output["missing"], most)
    for name, value in output.get("ceiling", {}).items():
        _check_number(f"{where}.ceiling.{name}", value)


def _check_missing(where, missing, most):
    checks.check_keys(f"metrics.{where}", missing, ("each", "any"), ("each",))
    curves = {f"each.{name}": c for name, c in missing["each"].items()}
    curves |= {name: missing[name] for name in ("any",) if name in missing}
    for name, points in curves.items():
        _check_type(f"{where}.{name}", points, list)
        for point in points:
            _check_score(f"{where}.{name}", point, most, ("share",))
            _check_number(f"{where}.{name}.share", point["share"])


def _check_score(where, score, most, more=()):
    keys = (*_SCORE, *more)
    checks.check_keys(f"metrics.{where}", score, keys, keys)
    for key in _SCORE:
        _check_number(f"{where}.{key}", score[key])
        checks.check_range(f"metrics.{where}", key, score[key], 0.0, most)


def _check_number(where, value):
    # `type`, not `isinstance`: a NumPy float is a float to Python, no JSON.
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ArgumentError(
            f"`metrics` expects `{where}` to be a finite plain number. "
            f"Received: {value!r}."
        )


def _check_type(where, value, kind):
    if type(value) is not kind:
        raise ArgumentError(
            f"`metrics` expects `{where}` to be {kind.__name__}. "
            f"Received: {value!r}."
        )
