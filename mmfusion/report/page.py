"""One page from its sections: self-contained, without scripts."""

from mmfusion.explain.notes import plural
from mmfusion.report.markup import Markup, tag
from mmfusion.report.style import STYLE

# The page asks for nothing: a browser is told to refuse, should it ever.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(title, metrics, sections) -> str:
    """The whole HTML document.

    Args:
        title: str.
        metrics: dict, the content of `metrics.json`.
        sections: list of `Markup`, or None for a section that is not there.

    Returns:
        str.
    """
    interval = metrics["interval"]
    facts = [f"{metrics['split']} split", f"{metrics['rows']:,} rows"]
    if interval["unit"] != "row":
        units = interval["units"]
        facts.append(f"{units:,} {plural(interval['unit'], units)}")
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag(
            "meta",
            name="viewport",
            content="width=device-width, initial-scale=1",
        ),
        Markup(
            tag("meta", http_equiv="Content-Security-Policy", content=_POLICY)
        ),
        tag("title", title),
        tag("style", Markup(STYLE)),
    )
    body = tag(
        "body",
        tag(
            "main",
            tag(
                "header",
                tag("p", "mmfusion report", class_="brand"),
                tag("h1", title),
                tag("p", " \N{MIDDLE DOT} ".join(facts)),
            ),
            sections,
        ),
    )
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"
