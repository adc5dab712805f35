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
import subprocess
import sys

import numpy as np
import tensorflow as tf

from benchmarks import tables as table
from benchmarks.zoo import av_mnist, grid, steps
from benchmarks.zoo.cells import Cells
from benchmarks.zoo.page import CONCAT, section, verdicts
from mmfusion import files

HERE = pathlib.Path(__file__).parent
BEST = 5


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


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", default="runs/fusion_zoo")
    parser.add_argument("--grid", help="folder of GRID speaker 1")
    parser.add_argument(
        "--av-mnist", action="store_true", help="measure `av_mnist`, too"
    )
    parser.add_argument(
        "--processes", type=int, default=2, help="how many side by side"
    )
    parser.add_argument(
        "--problem", help="one seed or fold by its name; no table is written"
    )
    options = parser.parse_args()
    cells = Cells(options.folder)
    grids = grid.problems(options.grid) if options.grid else {}
    seeds = av_mnist.problems() if options.av_mnist else []
    # The longest first, so that no process is left waiting.
    problems = {p.name: p for p in [*seeds, *sum(grids.values(), [])]}
    if options.problem:
        # More threads of one process mostly wait for each other.
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        cells.units(problems[options.problem])
        measure(cells, problems[options.problem])
        return
    side_by_side(problems, sys.argv[1:], options.processes)
    if grids:
        write("grid", grid_tables(cells, grids), cells)
    if seeds:
        times = step_times(cells, seeds[-1])
        text = section("av_mnist", *measured(cells, seeds), times)
        write("av_mnist", text, cells)


def side_by_side(problems, arguments, processes):
    """Measures all problems, each in a process with the same arguments."""

    def run(name):
        command = [sys.executable, "-m", "benchmarks.fusion_zoo", *arguments]
        subprocess.run([*command, "--problem", name], check=True)

    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        list(pool.map(run, problems))  # An error of one is raised here.


def measured(cells, problems):
    """Results by problem and key; the unit of each test row of them all."""
    units = np.concatenate([cells.units(problem) for problem in problems])
    return {p.name: measure(cells, p) for p in problems}, units


def step_times(cells, problem):
    """The time of a step of every fusion and decision, on such features."""
    shapes = {
        name: {key: values.shape[1:] for key, values in parts.items()}
        for name, parts in cells.features(problem)[0].items()
    }
    return {
        which: cells.get(
            f"steps-{problem.name}-{'-'.join(which)}",
            lambda w=which: steps.ratio(*w, shapes, problem.batch),
        )
        for which in table.every()
    }


def grid_tables(cells, grids):
    """A table for each task of GRID; what both show together."""
    texts = [
        section(
            f"GRID, speaker 1: {task}",
            *measured(cells, folds),
            step_times(cells, folds[-1]),
        )
        for task, folds in grids.items()
    ]
    for about, first in (
        ("Both tasks", 0),
        ("Both tasks without fold 0, which was seen before", 1),
    ):
        some = [folds[first:] for folds in grids.values()]
        tasks, units = zip(*(measured(cells, f) for f in some), strict=True)
        texts.append(verdicts(about, tasks, np.concatenate(units)))
    return "\n".join(texts)


def write(name, text, cells):
    """Puts tables between their marks in the README of the benchmarks."""
    seconds = sum(
        files.read_json(path)["seconds"]
        for path in cells.folder.glob(f"*{name}*.json")
    )
    about = (
        "Written by `python -m benchmarks.fusion_zoo`, from "
        f"{seconds / 60:.0f} minutes of processes of one thread:\n"
        f"{table.versions()}"
    )
    marks = f"<!-- fusion_zoo {name} -->", f"<!-- end of {name} -->"
    path = HERE / "README.md"
    page = path.read_text(encoding="utf-8")
    body = f"{marks[0]}\n\n{about}\n\n{text}\n{marks[1]}"
    pattern = re.compile(f"{marks[0]}.*{marks[1]}", re.DOTALL)
    files.write_text(path, pattern.sub(lambda _: body, page))
    print(body)


if __name__ == "__main__":
    main()
