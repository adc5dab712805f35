"""How a score suffers as values go missing, drawn."""

from mmfusion.explain import Wording
from mmfusion.report.lines import lines
from mmfusion.report.markup import tag
from mmfusion.report.scale import score_ticks

_ANY = "each of them"
_EACH = (
    f"\N{LEFT DOUBLE QUOTATION MARK}{_ANY}\N{RIGHT DOUBLE QUOTATION MARK}: "
    "every modality that may be missing is, in that share of the rows, each by "
    "itself; a row that is left with nothing gets one constant answer."
)


def missing(metrics):
    """The section: for each output a chart with a line for each modality.

    Args:
        metrics: dict, the content of `metrics.json`.

    Returns:
        `Markup`, or None where no modality may be missing.
    """
    figures = [
        tag(
            "figure",
            tag(
                "figcaption",
                tag("b", name),
                f" {Wording.of(output).label}, by the share of the rows that "
                "go without",
            ),
            _chart(output["missing"], Wording.of(output)),
        )
        for name, output in metrics["outputs"].items()
        if "missing" in output
    ]
    if not figures:
        return None
    several = any(
        "any" in output.get("missing", {})
        for output in metrics["outputs"].values()
    )
    return tag(
        "section",
        tag("h2", "When values are missing"),
        tag("div", figures, class_="charts"),
        tag(
            "p",
            "The same model, nothing retrained, on the same rows, of which a "
            "share goes without a modality. " + (_EACH if several else ""),
            class_="legend",
        ),
    )


def _chart(curves, wording):
    named = {f"no {name}": points for name, points in curves["each"].items()}
    if "any" in curves:
        named[_ANY] = curves["any"]
    values = [point["value"] for points in named.values() for point in points]
    shares = [point["share"] for point in next(iter(named.values()))]
    longest = max(map(len, named))
    return lines(
        {
            name: (
                "validation" if name == _ANY else f"line-{i % 4}",
                [(point["share"], point["value"]) for point in points],
            )
            for i, (name, points) in enumerate(named.items())
        },
        400,
        210,
        max(60, 14 + 7 * longest),
        [(share, f"{100 * share:g} %") for share in shares],
        score_ticks(values, wording.shares),
    )
