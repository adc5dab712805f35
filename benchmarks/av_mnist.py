"""`python -m benchmarks.av_mnist`: the recipe on real data, several seeds.

Each seed draws pairs, noise, weights and order anew. Writes `av_mnist.md`
beside this file. Needs `mnist` and `spoken_digit`, prepared by TensorFlow
Datasets; about ten minutes a seed on two cores.
"""

import argparse
import pathlib
import platform
import statistics
import tempfile

import keras
import tensorflow as tf

import mmfusion as mm
from mmfusion import files, recipe

HERE = pathlib.Path(__file__).parent
SCORES = (
    ("image alone", lambda s: s["alone"]["image"]),
    ("sound alone", lambda s: s["alone"]["sound"]),
    ("fused", lambda s: s["fused"]),
)


def measure(seed, folder):
    """The metrics of one run of the recipe."""
    plan = recipe.load(
        HERE.parent / "recipes/av_mnist.yaml",
        [f"training.seed={seed}", f"data.dataset.seed={seed}"],
    )
    return plan.train(folder / f"run-{seed}").metrics


def row(metrics):
    """Scores, the ratio of the errors, and seconds."""
    scores = metrics["outputs"]["label"]
    values = [get(scores)["value"] for _, get in SCORES]
    ratio = (1 - values[-1]) / (1 - max(values[:-1]))
    seconds = metrics["seconds"]
    return [*values, ratio, seconds["fused"], seconds["alone"]]


def table(measured):
    """The table as Markdown: a line a seed, then mean and deviation."""
    rows = {seed: row(metrics) for seed, metrics in measured.items()}
    head = [
        "seed",
        *(name for name, _ in SCORES),
        "fused error / best single error",
        "fused, s",
        "both alone, s",
    ]
    columns = list(zip(*rows.values(), strict=True))
    rows["mean"] = [statistics.mean(column) for column in columns]
    if len(measured) > 1:
        rows["deviation"] = [statistics.stdev(column) for column in columns]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, values in rows.items():
        cells = [f"{v:.3f}" for v in values[:4]]
        cells += [f"{v:.0f}" for v in values[4:]]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def intervals(measured):
    """The interval of every score, seed by seed, as Markdown."""
    lines = []
    for seed, metrics in measured.items():
        scores = metrics["outputs"]["label"]
        parts = [
            f"{name} {get(scores)['low']:.3f} to {get(scores)['high']:.3f}"
            for name, get in SCORES
        ]
        lines.append(f"- seed {seed}: {', '.join(parts)}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = range(parser.parse_args().seeds)
    with tempfile.TemporaryDirectory() as folder:
        measured = {}
        for seed in seeds:
            measured[seed] = measure(seed, pathlib.Path(folder))
            print(table({seed: measured[seed]}), flush=True)
    first = measured[0]["interval"]
    text = f"""# av_mnist

Written by `python -m benchmarks.av_mnist` from `recipes/av_mnist.yaml`: blurred
MNIST digits and spoken digits under white noise at -10 dB. Accuracy on the test
split, {measured[0]["rows"]:,} rows of {first["units"]} recordings.

{table(measured)}

{first["level"]:.0%} intervals, bootstrap clustered by {first["unit"]}:

{intervals(measured)}

mmfusion {mm.__version__}, Keras {keras.__version__}, TensorFlow
{tf.__version__}, Python {platform.python_version()}, two CPU cores
({platform.machine()}).
"""
    files.write_text(HERE / "av_mnist.md", text)
    print(text)


if __name__ == "__main__":
    main()
