"""What several commands print."""

import json

import click


def echo_json(value):
    """One JSON document on standard output."""
    click.echo(json.dumps(value, indent=2, allow_nan=False))


def scores(metrics) -> str:
    """The scores of `metrics.json` as a table.

    Args:
        metrics: dict, the content of `metrics.json`.

    Returns:
        Str, one line a score: name, value, interval.
    """
    from mmfusion.explain import Wording

    interval = metrics["interval"]
    lines = []
    for output, part in metrics["outputs"].items():
        wording = Wording.of(part)
        form = "{:.3f}".format if wording.shares else wording.number
        better = "" if wording.higher_is_better else ", less is better"
        lines.append(
            f"{output}: {wording.label} on {metrics['split']}, "
            f"{metrics['rows']:,} rows{better}"
        )
        ceiling = part.get("ceiling", {})
        rows = [("fused", part["fused"], ceiling.get("fused"))]
        for kind in ("alone", "masked"):
            for name, score in part.get(kind, {}).items():
                bound = ceiling.get(name) if kind == "alone" else None
                rows.append((f"{name} {kind}", score, bound))
        width = max(len(name) for name, _, _ in rows)
        for name, score, bound in rows:
            line = (
                f"  {name:<{width}}  {form(score['value'])}"
                f"  [{form(score['low'])}, {form(score['high'])}]"
            )
            lines.append(line + (f"  at most {form(bound)}" if bound else ""))
    lines.append(
        f"  [{interval['level']:.0%} {interval['method']} intervals over "
        f"{interval['units']:,} {interval['unit']}s]"
    )
    return "\n".join(lines)


def run_summary(run, as_json):
    """Where a run lies and what it came to."""
    if as_json:
        echo_json({"run": str(run.path), "metrics": run.metrics})
        return
    metrics = run.metrics
    click.echo(scores(metrics))
    for name, seconds in metrics.get("seconds", {}).items():
        click.echo(f"  {name} trained in {seconds:.0f} s")
    if "xla" in metrics:
        state = "on" if metrics["xla"]["on"] else "off"
        click.echo(f"  XLA {state} ({metrics['xla']['why']})")
    click.echo(f"report: {run.path / 'report.html'}")
