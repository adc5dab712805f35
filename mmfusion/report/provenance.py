"""How the report was made: rows, intervals, rules, versions."""

import dataclasses
import datetime
import importlib.metadata
import platform

import keras

from mmfusion import __version__
from mmfusion.explain.notes import plural
from mmfusion.report.markup import tag

_PACKAGES = ("tensorflow", "numpy")


def provenance(model, metrics, resamples, seed, rules=None):
    """The last section: everything needed to make the report again.

    Args:
        model: `FusionModel`.
        metrics: dict, the content of `metrics.json`.
        resamples: int. Bootstrap samples of each interval.
        seed: int. Of the bootstrap.
        rules: `training.Rules` of the models trained alone, or None.

    Returns:
        `Markup`.
    """
    interval = metrics["interval"]
    unit, units = interval["unit"], interval["units"]
    clustered = "" if unit == "row" else f" (rows clustered by {unit})"
    facts = {
        "Model": f"{model.name}, {model.count_params():,} parameters",
        "Rows": f"{metrics['rows']:,} of the {metrics['split']} split, from "
        f"{units:,} {plural(unit, units)}",
        "Intervals": f"{interval['level'] * 100:g} %, percentile bootstrap of "
        f"{units:,} {plural(unit, units)}{clustered}, {resamples:,} resamples, "
        f"seed {seed}",
    }
    if rules is not None:
        facts["Comparisons"] = (
            "paired on the same rows; p-values two-sided, from the same "
            "bootstrap, corrected by Holm's method over all comparisons"
        )
        facts["Trained alone"] = _rules(rules)
    if "seconds" in metrics:
        facts["Training time"] = ", ".join(
            f"{name} {_duration(value)}"
            for name, value in metrics["seconds"].items()
        )
    if "xla" in metrics:
        xla = metrics["xla"]
        facts["XLA"] = f"{'on' if xla['on'] else 'off'} ({xla['why']})"
    facts["Versions"] = ", ".join(
        f"{name} {version}" for name, version in _versions().items()
    )
    now = datetime.datetime.now(datetime.UTC)
    facts["Written"] = f"{now:%Y-%m-%d %H:%M} UTC"
    return tag(
        "section",
        tag("h2", "How it was made"),
        tag(
            "dl",
            [
                tag("div", tag("dt", name), tag("dd", text))
                for name, text in facts.items()
            ],
            class_="facts",
        ),
    )


def _rules(rules):
    plain = dataclasses.asdict(rules)
    optimizer = plain.get("optimizer")
    if isinstance(optimizer, dict):
        rate = optimizer.get("learning_rate")
        plain["optimizer"] = optimizer["name"]
        if isinstance(rate, float):
            plain["optimizer"] += f" at {rate:g}"
    return ", ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in plain.items()
        if value is not None
    )


def _duration(seconds):
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min"


def _versions():
    versions = {"mmfusion": __version__, "keras": keras.__version__}
    for name in _PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # `tensorflow` may be installed under another name.
    return {**versions, "Python": platform.python_version()}
