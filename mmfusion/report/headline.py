"""The first section: is fusion worth it, and every score with its interval."""

from mmfusion.explain import named_scores, notes
from mmfusion.report.markup import join, number, tag
from mmfusion.report.scale import place, score_ticks

_HEIGHT = 30
_MEANING = (
    ("fused", "the model of this report, with everything a row has"),
    (
        "alone",
        "a model of that modality only, trained from the start by the same "
        "rules",
    ),
    (
        "others masked",
        "the fused model, given that modality only; not a model trained on it",
    ),
    (
        "ceiling",
        "the best score to be expected of anything, known from how the data "
        "was generated; chance may lift a score a little above it",
    ),
)


def headline(metrics, usual, wordings, worth=None):
    """One block for each output: the sentence, the chart, the comparisons.

    Args:
        metrics: dict, the content of `metrics.json`.
        usual: dict of output to `(score, what)` of the best constant answer.
        wordings: dict of output to the `Wording` of its score.
        worth: `Worth` or None.

    Returns:
        `Markup`.
    """
    level = metrics["interval"]["level"]
    blocks = []
    for name, output in metrics["outputs"].items():
        blocks.append(
            tag(
                "div",
                tag("h3", name) if len(metrics["outputs"]) > 1 else None,
                _answer(name, output, wordings[name], level, worth),
                _chart(output, usual[name], wordings[name], level),
                _gains(worth.comparisons[name], wordings[name], level)
                if worth
                else None,
                class_="block",
            )
        )
    used = {
        label for out in metrics["outputs"].values() for label in _kinds(out)
    }
    return tag(
        "section",
        tag("h2", "Is fusion worth it?" if worth else "Scores"),
        blocks,
        tag(
            "dl",
            [
                tag("div", tag("dt", term), tag("dd", meaning))
                for term, meaning in _MEANING
                if term in used
            ],
            class_="meaning",
        ),
        tag("ul", [tag("li", line) for line in notes(metrics)], class_="notes"),
    )


def _kinds(output):
    names = {"masked": "others masked"}
    return {names.get(key, key) for key in output}


def _answer(name, output, wording, level, worth):
    if worth:
        # The verdict is what comes before the colon; it stands out.
        start, _, rest = worth.sentences[name].partition(":")
        kind = worth.verdicts[name].replace(" ", "-")
        return tag(
            "p", tag("strong", start, class_=kind), f":{rest}", class_="answer"
        )
    fused = output["fused"]
    return tag(
        "p",
        f"{wording.sentence('Fused', fused['value'])} ({level * 100:g} % "
        f"interval {wording.score(fused['low'])} to "
        f"{wording.score(fused['high'])}). Whether fusion is worth it was not "
        "asked: that needs each modality trained alone.",
        class_="answer",
    )


def _chart(output, usual, wording, level):
    scores = named_scores(output)
    ceilings = output.get("ceiling", {})
    usual, constant = usual
    values = [score[end] for _, score in scores for end in ("low", "high")]
    values += ceilings.values()
    if not wording.shares and usual < 3 * max(values):
        values.append(usual)
    ticks = score_ticks(values, wording.shares)
    axis = [at for at, _ in ticks]
    low, high = axis[0], axis[-1]
    rows, previous = [], None
    for label, score in scores:
        modality, kind = _split(label)
        ceiling = ceilings.get(modality)
        rows.append(
            tag(
                "tr",
                tag("th", label, scope="row"),
                tag(
                    "td",
                    _dot(score, ceiling, usual, axis, kind),
                    class_="plot",
                ),
                tag("td", wording.score(score["value"]), class_="value"),
                tag(
                    "td",
                    tag("i", f"{level * 100:g} % interval "),
                    f"{wording.bound(score['low'])} to "
                    f"{wording.bound(score['high'])}",
                    class_="range",
                ),
                tag(
                    "td",
                    None if ceiling is None else tag("i", "ceiling "),
                    "" if ceiling is None else wording.score(ceiling),
                    class_="ceiling",
                )
                if ceilings
                else None,
                class_=f"{kind} first" if kind != previous else kind,
            )
        )
        previous = kind
    head = tag(
        "tr",
        tag("th", "score", scope="col"),
        tag("th", _axis(ticks), scope="col", class_="plot"),
        tag("th", wording.label, scope="col", class_="value"),
        tag("th", f"{level * 100:g} % interval", scope="col", class_="range"),
        tag("th", "ceiling", scope="col", class_="ceiling")
        if ceilings
        else None,
    )
    foot = _legend(
        f"{constant}: {wording.score(usual)}",
        low <= usual <= high,
        bool(ceilings),
        wording,
    )
    return join(
        [
            tag(
                "table",
                tag("thead", head),
                tag("tbody", rows),
                class_="scores",
            ),
            foot,
        ]
    )


def _split(label):
    """Modality and kind of a name that `named_scores` gives."""
    if label.endswith(" alone"):
        return label.removesuffix(" alone"), "alone"
    if label.endswith(", others masked"):
        return label.removesuffix(", others masked"), "masked"
    return label, "fused"


def _dot(score, ceiling, usual, axis, kind):
    """A dot on its interval; places in percent, so that it fits any width."""

    def x(value):
        return f"{number(100 * place(value, axis[0], axis[-1]))}%"

    middle = _HEIGHT / 2
    parts = [
        tag("line", x1=x(at), x2=x(at), y1=0, y2=_HEIGHT, class_="grid")
        for at in axis
    ]
    if axis[0] <= usual <= axis[-1]:
        at = x(usual)
        parts.append(
            tag("line", x1=at, x2=at, y1=0, y2=_HEIGHT, class_="usual")
        )
    if ceiling is not None:
        at = x(ceiling)
        parts.append(
            tag("line", x1=at, x2=at, y1=4, y2=_HEIGHT - 4, class_="top")
        )
    ends = {"x1": x(score["low"]), "x2": x(score["high"])}
    parts.append(tag("line", **ends, y1=middle, y2=middle, class_="band"))
    parts.append(tag("circle", cx=x(score["value"]), cy=middle, r=3.5))
    return tag("svg", parts, width="100%", height=_HEIGHT, aria_hidden="true")


def _axis(ticks):
    texts = [
        tag(
            "text",
            text,
            x=f"{number(100 * place(at, ticks[0][0], ticks[-1][0]))}%",
            y=12,
            text_anchor="middle",
        )
        for at, text in ticks
    ]
    return tag("svg", texts, width="100%", height=16, aria_hidden="true")


def _legend(constant, drawn, ceilings, wording):
    parts = []
    if ceilings:
        parts.append(tag("span", tag("b", class_="key top"), "ceiling"))
    key = tag("b", class_="key usual") if drawn else None
    parts.append(tag("span", key, constant))
    if not wording.higher_is_better:
        parts.append(tag("span", "less is better"))
    return tag("p", parts, class_="legend")


def _gains(comparisons, wording, level):
    rows = [
        tag(
            "tr",
            tag("th", f"over {name} alone", scope="row"),
            tag("td", _signed(wording.gain(part.gain.value))),
            tag(
                "td",
                f"{wording.gain(part.gain.low)} to "
                f"{wording.gain(part.gain.high)}",
            ),
            tag("td", _p(part.adjusted)),
        )
        for name, part in comparisons.items()
    ]
    head = [
        tag("th", text, scope="col")
        for text in (
            "gain of fused",
            "points" if wording.shares else "better by",
            f"{level * 100:g} % interval",
            "p (Holm)",
        )
    ]
    return tag(
        "table",
        tag("thead", tag("tr", head)),
        tag("tbody", rows),
        class_="plain",
    )


def _signed(text):
    nothing = text.startswith("\N{MINUS SIGN}") or not text.strip("0.,")
    return text if nothing else f"+{text}"


def _p(value):
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
