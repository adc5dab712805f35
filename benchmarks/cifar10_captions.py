"""`python -m benchmarks.cifar10_captions`: the recipe, several seeds.

Each seed draws images, captions, weights and order anew. Does the text reach
its computed ceiling, and do both together beat each? Writes
`cifar10_captions.md` beside this file. Needs `cifar10`, prepared by TensorFlow
Datasets; about four minutes a seed on two cores.
"""

import argparse
import pathlib
import statistics
import tempfile

from benchmarks import tables
from mmfusion import files, recipe

HERE = pathlib.Path(__file__).parent
SCORES = (
    ("image alone", lambda s: s["alone"]["image"]),
    ("text alone", lambda s: s["alone"]["text"]),
    ("fused", lambda s: s["fused"]),
)


def measure(seed, folder):
    """The metrics of one run of the recipe."""
    plan = recipe.load(
        HERE.parent / "recipes/cifar10_captions.yaml",
        [f"training.seed={seed}", f"data.dataset.seed={seed}"],
    )
    return plan.train(folder / f"run-{seed}").metrics


def line(seed, metrics):
    """The cells of one seed."""
    scores = metrics["outputs"]["label"]
    found = [get(scores) for _, get in SCORES]
    ceiling = scores["ceiling"]["text"]
    cells = [
        f"{s['value']:.3f} ({s['low']:.3f} to {s['high']:.3f})" for s in found
    ]
    met = "yes" if found[1]["low"] <= ceiling <= found[1]["high"] else "no"
    above = found[2]["low"] > max(found[0]["high"], found[1]["high"])
    seconds = metrics["seconds"]
    return [
        seed,
        *cells,
        f"{ceiling:.4f}",
        met,
        "yes" if above else "no",
        f"{seconds['fused']:.0f} + {seconds['alone']:.0f}",
    ]


def mean(measured):
    """The cells of all seeds together."""
    scores = [metrics["outputs"]["label"] for metrics in measured.values()]
    cells = []
    for _, get in SCORES:
        values = [get(s)["value"] for s in scores]
        cells.append(f"{statistics.mean(values):.3f}")
        if len(values) > 1:
            cells[-1] += f" (deviation {statistics.stdev(values):.3f})"
    return ["mean", *cells, "", "", "", ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(parser.parse_args().seeds):
            measured[seed] = measure(seed, pathlib.Path(folder))
            print(line(seed, measured[seed]), flush=True)
    head = ["seed", *(name for name, _ in SCORES)]
    head += ["ceiling of the text", "in its interval", "fused above both"]
    head += ["fused + both alone, s"]
    lines = [line(seed, metrics) for seed, metrics in measured.items()]
    table = tables.markdown(head, [*lines, mean(measured)])
    interval = measured[0]["interval"]
    text = f"""# CIFAR-10 and captions

Written by `python -m benchmarks.cifar10_captions` from
`recipes/cifar10_captions.yaml`: 12,000 of the 50,000 training images, captions
of which 30 % tell the kind of thing only. Accuracy on
{measured[0]["rows"]:,} of the 10,000 test images; epochs are chosen on 2,000
others from training.

{table}

Intervals of {interval["level"]:.0%}, bootstrap over {interval["unit"]}s. The
ceiling of the text is computed from the probabilities of its generator, for
the captions of the very rows; a measured accuracy scatters about it. "Fused
above both": its interval lies above both others.

{tables.versions()}
"""
    files.write_text(HERE / "cifar10_captions.md", text)
    print(text)


if __name__ == "__main__":
    main()
