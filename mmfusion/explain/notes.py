"""What a reader of scores must know before believing them."""

_FEW_UNITS = 20


def notes(metrics) -> list[str]:
    """Plain sentences about what limits these scores.

    Args:
        metrics: dict, as `evaluate` or `worth` give it.

    Returns:
        list of str; the first, about what the intervals cover, is always there.
    """
    interval = metrics["interval"]
    unit, units = interval["unit"], interval["units"]
    lines = [
        f"The intervals cover which {plural(unit)} were drawn, not how the "
        "training came out: another seed gives another model."
    ]
    if units < _FEW_UNITS:
        lines.append(
            f"There are only {units} {plural(unit, units)}: intervals from so "
            "few are too narrow."
        )
    for name, output in metrics["outputs"].items():
        perfect = [
            label
            for label, score in named_scores(output)
            if score["low"] == score["high"]
            and score["value"] in (0.0, 1.0)
            and output.get("unit", "share") == "share"
        ]
        if perfect:
            lines.append(
                f"{', '.join(perfect)} ({name}): a score without "
                f"{'mistakes' if units > 1 else 'variation'} gets an interval "
                "without width. As a rule of thumb, the rate of mistakes may "
                f"still be up to 3 in {units} {plural(unit, units)}."
            )
        rising = [
            modality
            for modality, score in output.get("alone", {}).items()
            if not score["flat"]
        ]
        if rising:
            lines.append(
                f"{', '.join(rising)} alone ({name}) had not levelled out when "
                "training ended: more epochs may raise the score, and so "
                "lower the gain of fusion."
            )
    return lines


def named_scores(output) -> list:
    """All scores of one output, each under its own name, in reading order.

    Example:

    >>> one = {"value": 0.5, "low": 0.4, "high": 0.6}
    >>> [name for name, _ in named_scores({"fused": one, "masked": {"v": one}})]
    ['fused', 'v, others masked']
    """
    scores = [("fused", output["fused"])]
    for name, score in output.get("alone", {}).items():
        scores.append((f"{name} alone", score))
    for name, score in output.get("masked", {}).items():
        scores.append((f"{name}, others masked", score))
    return scores


def plural(unit, number=2) -> str:
    """`unit` as it reads after `number`."""
    return unit if number == 1 else f"{unit}s"
