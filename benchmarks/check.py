"""`check` on a long table: does it find every planted fault, and how fast?

    python -m benchmarks.check --folder /tmp/planted

writes `benchmarks/check.md`. 100,000 rows over 2,000 small real files, and
faults of 20 kinds, 10 of each, planted in rows of their own.
"""

import argparse
import json
import pathlib
import re
import resource
import subprocess
import sys
import time

from benchmarks.planted import FAULTS, RATE, plant

_PAGE = pathlib.Path(__file__).with_suffix(".md")
_PLACE = re.compile(r"table\.csv:(\d+)(?::([a-z]+))?: ")
_RUNS = 3


def inputs():
    """The modality objects of the planted table."""
    import mmfusion as mm

    return {
        "photo": mm.data.Image("photo", size=(32, 32)),
        "sound": mm.data.Audio("sound", sample_rate=RATE, seconds=0.25),
        "title": mm.data.Text("title", length=8, optional=True),
        "facts": mm.data.Tabular(numbers=["price"], categories=["brand"]),
    }


def found(problems):
    """Where problems are: a set of `(line, column)`."""
    places = (_PLACE.search(line) for line in problems)
    return [(int(x.group(1)), x.group(2)) for x in places]


def one_run(path):
    """Checks a table in this process; prints what it took as JSON."""
    import mmfusion as mm

    start = time.perf_counter()
    checkup = mm.data.check(path, inputs(), "label", id="sku")
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    said = {"seconds": seconds, "peak": peak, "problems": checkup.problems}
    print(json.dumps(said))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--one-run", action="store_true")
    options = parser.parse_args()
    if options.one_run:
        return one_run(options.folder / "table.csv")
    options.folder.mkdir(parents=True)
    planted = plant(options.folder, options.rows, options.files, options.each)
    command = [sys.executable, "-m", "benchmarks.check", "--one-run"]
    command += ["--folder", str(options.folder)]
    runs = [
        json.loads(
            subprocess.run(command, check=True, capture_output=True).stdout
        )
        for _ in range(_RUNS)
    ]
    places = found(runs[0]["problems"])
    seconds = sorted(run["seconds"] for run in runs)
    text = f"""\
# `check` on a long table

`python -m benchmarks.check` wrote this page: {options.rows:,} rows over
{options.files:,} small files (pictures of 64 x 48, sounds of 0.25 s), with
{len(planted)} planted faults of {len(FAULTS)} kinds, each in a row of its own;
each run in a process of its own, its memory with TensorFlow's.

| | |
|---|---|
| planted faults that were found | {len(set(planted) & set(places))} of {len(planted)} |
| other problems that were told | {len(set(places) - set(planted))} |
| problems told twice | {len(places) - len(set(places))} |
| seconds, median of {_RUNS} runs (least to most) | {seconds[_RUNS // 2]:.1f} ({seconds[0]:.1f} to {seconds[-1]:.1f}) |
| peak memory, GiB | {max(run["peak"] for run in runs):.2f} |
"""  # noqa: E501
    _PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
