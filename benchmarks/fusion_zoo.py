"""`python -m benchmarks.fusion_zoo`: every fusion and decision on real data.

Two data sets: `av_mnist` (three seeds; needs `mnist` and `spoken_digit`,
prepared by TensorFlow Datasets) and GRID, speaker 1 (digit and colour of 500
clips, five folds; needs its folder). Encoders are trained once for each seed
and fold; each fusion learns on what they give, and the best five on validation
rows, and `ConcatFusion`, end to end, too.

Seeds and folds are measured side by side, in processes of one thread. What is
done is kept in `--folder` and not done again. Writes its tables into
`README.md` beside this file.
"""

import argparse
import concurrent.futures
import pathlib
import re
import statistics
import subprocess
import sys

import numpy as np
import tensorflow as tf

import mmfusion as mm
from benchmarks import tables as table
from benchmarks.zoo import av_mnist, grid, steps
from benchmarks.zoo.cells import Cells
from mmfusion import files

HERE = pathlib.Path(__file__).parent
BEST = 5
CONCAT = ("fusion", "concat")


def measure(cells, problem):
    """All results of one problem, and who does best on its validation rows.

    Returns:
        Dict of key `(stage, kind, name, modality or None)` to result.
    """
    found = {}
    for name in problem.modalities:
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


STAGES = {"features": "on features", "end": "end to end"}


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
        names.append(name[1])
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


def section(title, measured, groups, times):
    """The table of one data set, or of one task of it, and its verdicts."""
    concat = table.pooled(over(measured, "features", CONCAT).values())
    gains = {
        which[1]: table.against(
            table.pooled(over(measured, "features", which).values()),
            {"concat": concat},
            groups,
        )["concat"]
        for which in table.every()
        if which != CONCAT
    }
    adjusted = mm.explain.holm({name: gain.p for name, gain in gains.items()})
    rows = [
        _row(
            f"{name} alone",
            over(measured, "features", CONCAT, name),
            over(measured, "end", CONCAT, name),
            groups,
        )
        for name in singles(measured)
    ]
    for kind, name in table.every():
        gain = None
        if name in gains:
            gain = table.compared(gains[name], adjusted[name])
        rows.append(
            _row(
                name,
                over(measured, "features", (kind, name)),
                over(measured, "end", (kind, name)),
                groups,
                gain,
                times[kind, name],
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
    return "\n".join(
        [
            f"### {title}",
            "",
            table.markdown(head, rows),
            "",
            verdicts("Chosen on validation rows", [measured], groups),
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


def _row(name, results, ends, groups, gain=None, time=None):
    right = table.pooled(results.values())
    end = step = "-"
    if ends:
        end = f"{np.mean([table.hits(r).mean() for r in ends.values()]):.3f}"
        end += f" ({len(ends)})"
    if time:
        step = f"{time['ratio']:.2f} ({time['low']:.2f} to {time['high']:.2f})"
    size = statistics.median(r["parameters"] for r in results.values())
    return [
        name,
        table.score(right, groups),
        gain or "-",
        end,
        f"{int(size):,}",
        step,
    ]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", default="runs/fusion_zoo")
    parser.add_argument(
        "--grid", required=True, help="folder of GRID speaker 1"
    )
    parser.add_argument(
        "--processes", type=int, default=2, help="how many side by side"
    )
    parser.add_argument(
        "--problem", help="one seed or fold by its name; no table is written"
    )
    options = parser.parse_args()
    cells = Cells(options.folder)
    grids, seeds = grid.problems(options.grid), av_mnist.problems()
    # The longest first, so that no process is left waiting.
    problems = {p.name: p for p in [*seeds, *sum(grids.values(), [])]}
    if options.problem:
        # More threads of one process mostly wait for each other.
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        cells.units(problems[options.problem])
        measure(cells, problems[options.problem])
        return
    side_by_side(problems, options)
    texts = tables(cells, grids, seeds)
    seconds = sum(
        files.read_json(path)["seconds"] for path in cells.folder.glob("*.json")
    )
    write("\n".join(texts), seconds / options.processes)


def side_by_side(problems, options):
    """Measures all problems, each in a process."""

    def run(name):
        given = ("--folder", options.folder, "--grid", options.grid)
        command = [sys.executable, "-m", "benchmarks.fusion_zoo", *given]
        subprocess.run([*command, "--problem", name], check=True)

    with concurrent.futures.ThreadPoolExecutor(options.processes) as pool:
        list(pool.map(run, problems))  # An error of one is raised here.


def tables(cells, grids, seeds):
    """The text of all tables and verdicts, of what was measured."""
    shapes = {
        name: {key: values.shape[1:] for key, values in parts.items()}
        for name, parts in cells.features(seeds[-1])[0].items()
    }
    times = {
        which: cells.get(
            f"steps-{'-'.join(which)}",
            lambda w=which: steps.ratio(*w, shapes, seeds[-1].batch),
        )
        for which in table.every()
    }

    def units(problems):
        return np.concatenate([cells.units(p) for p in problems])

    def measured(problems):
        return {p.name: measure(cells, p) for p in problems}

    texts = [
        section(
            f"GRID, speaker 1: {task}", measured(folds), units(folds), times
        )
        for task, folds in grids.items()
    ]
    for about, first in (
        ("Both tasks", 0),
        ("Both tasks without fold 0, which was seen before", 1),
    ):
        some = [folds[first:] for folds in grids.values()]
        texts.append(
            verdicts(about, list(map(measured, some)), units(sum(some, [])))
        )
    return [*texts, section("av_mnist", measured(seeds), units(seeds), times)]


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
