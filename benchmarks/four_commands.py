"""`python -m benchmarks.four_commands --folder ...`: from a table to answers.

`mmfusion init`, `check`, `train` and `predict` on the reviews of
`clothing_reviews`, each in a process of its own, as one types them; then the
area under the ROC curve of what `predict` wrote, against a linear classifier of
scikit-learn. Writes `four_commands.md` beside this file; about five minutes.
"""

import argparse
import csv
import gzip
import json
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

from sklearn import __version__ as sklearn_version

import mmfusion as mm
from benchmarks import tables
from benchmarks.clothing_reviews import INPUTS, RIVALS, rival
from benchmarks.ranking import Samples, interval
from mmfusion import files

HERE = pathlib.Path(__file__).parent
TARGET = "Recommended IND"
# Of the setting that `benchmarks.clothing_reviews` chose on validation rows.
SETTINGS = (
    "training.batch_size=32",
    "training.optimizer={name: adam, learning_rate: 0.002}",
    "training.epochs=2",
)
COMMANDS = {
    "init": ["reviews.csv.gz", "--target", TARGET, "--without", "Rating",
             "--without", "Clothing ID"],
    "check": ["reviews.yaml"],
    "train": ["reviews.yaml"]
    + [word for setting in SETTINGS for word in ("--set", setting)],
    "predict": ["runs/reviews-1", "new.csv", "--out", "answers.csv"],
}  # fmt: skip
RIVAL = "words and pairs"
# What a model of the answer must not see.
HELD_BACK = ("split", "Rating", TARGET)


def run(folder):
    """What each command prints."""
    printed = {}
    for name, arguments in COMMANDS.items():
        start = time.perf_counter()
        done = subprocess.run(
            [pathlib.Path(sys.executable).with_name("mmfusion"), name]
            + arguments,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"mmfusion {name}: {done.stderr}{done.stdout}")
        printed[name] = done.stdout
        seconds = time.perf_counter() - start
        print(f"mmfusion {name}: {seconds:.0f} s", flush=True)
    return printed


def put(source, folder):
    """Copies the table; writes its test rows without the answers.

    Returns:
        List of int, the answers.
    """
    shutil.copy(source, folder / "reviews.csv.gz")
    with gzip.open(source, "rt", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"]
    names = [name for name in rows[0] if name not in HELD_BACK]
    with open(folder / "new.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, names, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return [int(row[TARGET]) for row in rows]


def answered(path):
    """The probability that a piece is recommended, of each row."""
    scores = []
    with open(path, newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if (row["id"], row["status"]) != (str(number), "ok"):
                raise SystemExit(f"{path}: row {number} is {row}")
            probability = float(row["label_probability"])
            scores.append(
                probability if row["label"] == "1" else 1 - probability
            )
    return scores


def also_in_training(text):
    """The lines in which `check` names what stands in training, too."""
    lines = [
        line
        for line in text.splitlines()
        if "of test have" in line and "of a training row" in line
    ]
    if not any("review_text" in line for line in lines):
        raise SystemExit("`check` names no test texts that stand in training.")
    # Its rows are named by those of the table; three are enough here.
    return "\n".join(line.split(":")[0] for line in lines)


def written(areas, signed=False):
    form = "+.4f" if signed else ".4f"
    value, low, high = (format(x, form) for x in interval(areas))
    return f"{value} ({low} to {high})"


def page(printed, scores, theirs, samples, metrics):
    """The whole page as Markdown."""
    commands = "\n".join(
        shlex.join(["mmfusion", name, *arguments])
        for name, arguments in COMMANDS.items()
    )
    ours, linear = samples.areas([scores]), samples.areas([theirs["test"]])
    alone = [
        [name, f"{found['value']:.3f} "
         f"({found['low']:.3f} to {found['high']:.3f})"]
        for name, found in metrics.items()
    ]  # fmt: skip
    return f"""# Four commands

Written by `python -m benchmarks.four_commands`: from the table of
`clothing_reviews` to answers for its {len(scores):,} test rows, which `predict`
is given without target and rating. Settings of the training are those that
[clothing_reviews.md](clothing_reviews.md) chose on validation rows; the rest is
as `init` writes it. One run.

```
{commands}
```

| | area under the ROC curve (95 % interval) |
|---|---|
| what `predict` wrote | {written(ours)} |
| scikit-learn: {RIVAL} | {written(linear)} |
| difference | {written(ours - linear, True)} |

Each row has one answer, in order. Intervals: bootstrap over test rows.

## What the report of `train` says

{tables.markdown(["accuracy on test rows", "(95 % interval)"], alone)}

## What `check` says of test rows that stand in training, too

```
{also_in_training(printed["check"])}
```

{tables.versions()} scikit-learn {sklearn_version}.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    source = pathlib.Path(parser.parse_args().folder)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        truth = put(source / "reviews.csv.gz", folder)
        printed = run(folder)
        scores = answered(folder / "answers.csv")
        path = folder / "runs/reviews-1/metrics.json"
        measured = json.loads(path.read_text())["outputs"]["label"]
    metrics = {"fused": measured["fused"]} | {
        f"{name} alone": found for name, found in measured["alone"].items()
    }
    data = mm.data.datasets.clothing_reviews(source, inputs=INPUTS)
    theirs = rival(data, *RIVALS[RIVAL])
    text = page(printed, scores, theirs, Samples(truth), metrics)
    files.write_text(HERE / "four_commands.md", text)
    print(text)


if __name__ == "__main__":
    main()
