"""`python -m benchmarks.fusion_zoo`: every fusion and decision on real data.

Two data sets: `av_mnist` (three seeds; needs `mnist` and `spoken_digit`,
prepared by TensorFlow Datasets) and GRID, speaker 1 (digit and colour of 500
clips, five folds; needs its folder). Encoders are trained once for each seed
and fold; each fusion learns on what they give, and the best five on validation
rows, and `ConcatFusion`, end to end, too.

What is done is kept in `--folder` and not done again. Writes its tables into
`README.md` beside this file.
"""

import argparse
import pathlib
import re
import statistics

import numpy as np

import mmfusion as mm
from benchmarks import tables as table
from benchmarks.zoo import av_mnist, grid, steps
from benchmarks.zoo.cells import Cells
from mmfusion import files

HERE = pathlib.Path(__file__).parent
BEST = 5
CONCAT = ("fusion", "concat")
TASKS = ("digit", "color")


def measure(cells, problem):
    """All results of one problem, and who does best on its validation rows.

    Returns:
        Dict of key `(stage, kind, name, modality or None)` to result.
    """
    found = {}
    for name in sorted(problem.x):
        found["features", *CONCAT, name] = cells.on_features(
            problem, *CONCAT, only=name
        )
        found["end", *CONCAT, name] = cells.end_to_end(
            problem, *CONCAT, only=name
        )
    for which in table.every():
        found["features", *which, None] = cells.on_features(problem, *which)
    fused = {
        key[1:3]: result
        for key, result in found.items()
        if key[0] == "features" and key[3] is None
    }
    best = sorted(
        fused,
        key=lambda which: (
            -fused[which]["validation"][0],
            fused[which]["validation"][1],
        ),
    )[:BEST]
    for which in dict.fromkeys([*best, CONCAT]):
        found["end", *which, None] = cells.end_to_end(problem, *which)
    return found


def over(measured, stage, which, only=None):
    """The results of one cell over all problems; those that have it."""
    key = (stage, *which, only)
    return {
        name: cells[key] for name, cells in measured.items() if key in cells
    }


def chosen_hits(measured, stage):
    """Test rows answered by what each problem's validation rows choose."""
    names, right = [], []
    for cells in measured.values():
        fused = {
            key[1:3]: result
            for key, result in cells.items()
            if key[0] == stage and key[3] is None
        }
        name = table.chosen(fused)
        names.append(name[1])
        right.append(table.hits(fused[name]))
    return names, np.concatenate(right)


def section(title, measured, groups, times):
    """The text and table of one data set, or one task of it."""
    singles = sorted({key[3] for c in measured.values() for key in c} - {None})
    concat = table.pooled(over(measured, "features", CONCAT).values())
    others = {
        which[1]: table.pooled(over(measured, "features", which).values())
        for which in table.every()
    }
    gains = {
        name: table.against(right, {"concat": concat}, groups)["concat"]
        for name, right in others.items()
        if name != "concat" or right is not concat
    }
    adjusted = mm.explain.holm(
        {n: g.p for n, g in gains.items() if n != "concat"}
    )
    rows = []
    for name in singles:
        results = over(measured, "features", CONCAT, name)
        rows.append(
            _row(f"{name} alone", results, groups, None, None, measured)
        )
    for which in table.every():
        results = over(measured, "features", which)
        gain = gains.get(which[1]) if which != CONCAT else None
        shown = None
        if gain is not None:
            shown = (
                f"{100 * gain.gain.value:+.1f} ({100 * gain.gain.low:+.1f} to "
                f"{100 * gain.gain.high:+.1f}), {adjusted[which[1]]:.2g}"
            )
        rows.append(
            _row(
                which[1], results, groups, shown, times[which], measured, which
            )
        )
    head = [
        "",
        "accuracy on features (95 % interval)",
        "against `concat`, points, p (Holm)",
        "end to end (n)",
        "parameters",
        "step, times `concat`",
    ]
    lines = [f"### {title}", "", table.markdown(head, rows), ""]
    for stage, words in (("features", "on features"), ("end", "end to end")):
        names, right = chosen_hits(measured, stage)
        alone = {
            f"{name} alone": table.pooled(
                over(measured, stage, CONCAT, name).values()
            )
            for name in singles
        }
        found = table.against(right, alone, groups)
        told = "; ".join(
            f"against {name} {table.compared(c)}" for name, c in found.items()
        )
        lines.append(
            f"Chosen on validation rows, {words} ({', '.join(names)}): "
            f"{table.score(right, groups)}; {told}."
        )
        lines.append("")
    return "\n".join(lines), {
        stage: (
            chosen_hits(measured, stage)[1],
            {
                name: table.pooled(over(measured, stage, CONCAT, name).values())
                for name in singles
            },
        )
        for stage in ("features", "end")
    }


def _row(name, results, groups, gain, time, measured, which=None):
    right = table.pooled(results.values())
    ends = over(measured, "end", which) if which else {}
    if which is None:
        ends = over(measured, "end", CONCAT, name.removesuffix(" alone"))
    end = "-"
    if ends:
        end = f"{np.mean([table.hits(r).mean() for r in ends.values()]):.3f}"
        end += f" ({len(ends)})"
    sizes = statistics.median(r["parameters"] for r in results.values())
    step = "-"
    if time:
        step = f"{time['ratio']:.2f} ({time['low']:.2f} to {time['high']:.2f})"
    return [
        name,
        table.score(right, groups),
        gain or "-",
        end,
        f"{int(sizes):,}",
        step,
    ]


def both_tasks(parts, groups):
    """GRID: digit and colour of a clip together, against each modality."""
    lines = []
    for stage, words in (("features", "on features"), ("end", "end to end")):
        right = np.concatenate([part[stage][0] for part in parts])
        alone = {
            f"{name} alone": np.concatenate(
                [part[stage][1][name] for part in parts]
            )
            for name in parts[0][stage][1]
        }
        found = table.against(right, alone, groups)
        told = "; ".join(
            f"against {name} {table.compared(c)}" for name, c in found.items()
        )
        lines.append(
            f"Both tasks, {words}, over clips: {table.score(right, groups)}; "
            f"{told}."
        )
    return "\n\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", default="runs/fusion_zoo")
    parser.add_argument(
        "--grid", required=True, help="folder of GRID speaker 1"
    )
    options = parser.parse_args()
    cells = Cells(options.folder)
    grids, folds = {task: {} for task in TASKS}, {task: [] for task in TASKS}
    clips = grid.Clips(options.grid)
    for task in TASKS:
        for fold in range(grid.FOLDS):
            problem = clips.problem(task, fold)
            grids[task][problem.name] = measure(cells, problem)
            folds[task].append(problem.groups[problem.parts["test"]])
    seeds, recordings = {}, []
    for seed in range(av_mnist.SEEDS):
        problem = av_mnist.problem(seed)
        seeds[problem.name] = measure(cells, problem)
        recordings.append(problem.groups[problem.parts["test"]])
    features, _ = cells.features(problem)
    shapes = {
        name: {key: values.shape[1:] for key, values in parts.items()}
        for name, parts in features.items()
    }
    times = {
        which: cells.get(
            f"steps-{'-'.join(which)}",
            lambda w=which: steps.ratio(*w, shapes, problem.batch),
        )
        for which in table.every()
    }
    texts, parts = [], []
    for task in TASKS:
        text, part = section(
            f"GRID, speaker 1: {task}",
            grids[task],
            np.concatenate(folds[task]),
            times,
        )
        texts.append(text)
        parts.append(part)
    groups = np.concatenate([g for task in TASKS for g in folds[task]])
    texts.append(both_tasks(parts, groups) + "\n")
    text, _ = section("av_mnist", seeds, np.concatenate(recordings), times)
    texts.append(text)
    seconds = sum(
        files.read_json(path)["seconds"] for path in cells.folder.glob("*.json")
    )
    write("\n".join(texts), seconds)


def write(text, seconds):
    """Puts the tables between their marks in the README of the benchmarks."""
    about = (
        "Written by `python -m benchmarks.fusion_zoo`, in "
        f"{seconds / 60:.0f} minutes: {table.versions()}"
    )
    marks = "<!-- fusion_zoo -->", "<!-- end of fusion_zoo -->"
    path = HERE / "README.md"
    page = path.read_text(encoding="utf-8")
    body = f"{marks[0]}\n\n{about}\n\n{text}\n{marks[1]}"
    pattern = re.compile(f"{marks[0]}.*{marks[1]}", re.DOTALL)
    files.write_text(path, pattern.sub(lambda _: body, page))
    print(body)


if __name__ == "__main__":
    main()
