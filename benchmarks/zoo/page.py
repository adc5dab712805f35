"""Tables of what was measured, and what they show."""

import statistics

import numpy as np

import mmfusion as mm
from benchmarks import tables as table

CONCAT = ("fusion", "concat")
STAGES = {"features": "on features", "end": "end to end"}


def shown(which):
    """A name, and what it is where fusions and decisions share one."""
    kind, name = which
    shared = {"fusion", "decision"} == {
        k for k, n in table.every() if n == name
    }
    return f"{name} ({kind})" if shared else name


def over(measured, stage, which, only=None):
    """The results of one cell over all problems; those that have it."""
    key = (stage, *which, only)
    return {
        name: cells[key] for name, cells in measured.items() if key in cells
    }


def chosen_hits(measured, stage):
    """Test rows answered by what each problem's validation rows choose.

    Returns:
        Names of the chosen, one a problem; bool `(rows,)` of all problems; the
        same of each modality alone, by name.
    """
    names, right = [], []
    for cells in measured.values():
        fused = {
            key[1:3]: result
            for key, result in cells.items()
            if key[0] == stage and key[3] is None
        }
        name = table.chosen(fused)
        names.append(shown(name))
        right.append(table.hits(fused[name]))
    alone = {
        f"{name} alone": table.pooled(
            over(measured, stage, CONCAT, name).values()
        )
        for name in singles(measured)
    }
    return names, np.concatenate(right), alone


def singles(measured):
    """The modalities of which there are models of them alone."""
    return sorted({key[3] for c in measured.values() for key in c} - {None})


def verdict(right, alone, groups):
    """A score, and gains over each modality alone, as text."""
    found = table.against(right, alone, groups)
    told = (f"against {n} {table.compared(c)}" for n, c in found.items())
    return f"{table.score(right, groups)}; {'; '.join(told)}."


def section(title, found, groups, times):
    """The table of one data set, or of one task of it, and its verdicts.

    Args:
        title: str.
        found: dict of problem name to results by
            `(stage, kind, name, modality or None)`.
        groups: `(rows,)`, the unit of each test row of all problems.
        times: dict of `(kind, name)` to what `steps.ratio` gives.
    """
    concat = table.pooled(over(found, "features", CONCAT).values())
    gains = {
        which: table.against(
            table.pooled(over(found, "features", which).values()),
            {"concat": concat},
            groups,
        )["concat"]
        for which in table.every()
        if which != CONCAT
    }
    adjusted = mm.explain.holm({which: gain.p for which, gain in gains.items()})
    rows = [
        _row(
            f"{name} alone",
            over(found, "features", CONCAT, name),
            over(found, "end", CONCAT, name),
            groups,
        )
        for name in singles(found)
    ]
    for which in table.every():
        gain = None
        if which in gains:
            gain = table.compared(gains[which], adjusted[which])
        rows.append(
            _row(
                shown(which),
                over(found, "features", which),
                over(found, "end", which),
                groups,
                gain,
                times[which],
                over(found, "end", CONCAT),
            )
        )
    head = [
        "",
        "accuracy on features (95 % interval)",
        "against `concat`, points, p (Holm)",
        "end to end (n), points over `concat`",
        "parameters",
        "step, times `concat`",
    ]
    return "\n".join(
        [
            f"### {title}",
            "",
            table.markdown(head, rows),
            "",
            verdicts("Chosen on validation rows", [found], groups),
        ]
    )


def verdicts(about, tasks, groups):
    """What was chosen, over tasks of the same units, on features and whole.

    Args:
        about: str, the words before.
        tasks: list of results by problem and key.
        groups: `(rows,)`, the unit of each test row, task after task.
    """
    lines = []
    for stage, words in STAGES.items():
        parts = [chosen_hits(measured, stage) for measured in tasks]
        names = [name for part in parts for name in part[0]]
        right = np.concatenate([part[1] for part in parts])
        alone = {
            name: np.concatenate([part[2][name] for part in parts])
            for name in parts[0][2]
        }
        lines += [
            f"{about}, {words} ({', '.join(names)}): "
            f"{verdict(right, alone, groups)}",
            "",
        ]
    return "\n".join(lines)


def _row(name, results, ends, groups, gain=None, time=None, concat=None):
    right = table.pooled(results.values())
    step = "-"
    if time:
        step = f"{time['ratio']:.2f} ({time['low']:.2f} to {time['high']:.2f})"
    size = statistics.median(r["parameters"] for r in results.values())
    return [
        name,
        table.score(right, groups),
        gain or "-",
        _whole(ends, concat) if ends else "-",
        f"{int(size):,}",
        step,
    ]


def _whole(ends, concat):
    """Accuracy end to end; on how many problems; points over `concat` there."""
    accuracy = {name: table.hits(r).mean() for name, r in ends.items()}
    text = f"{np.mean(list(accuracy.values())):.3f} ({len(ends)})"
    if concat is None or concat == ends:
        return text
    gains = [a - table.hits(concat[n]).mean() for n, a in accuracy.items()]
    return f"{text}, {100 * np.mean(gains):+.1f}"
