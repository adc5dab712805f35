"""`python -m benchmarks.missing_modality`: one model, with or without sound.

`av_mnist`, image and sound optional, modality dropout in training: the fused
model without a modality against a model that never had it, trained by the same
rules. Writes `missing_modality.md` beside this file. Needs `mnist` and
`spoken_digit`, prepared by TensorFlow Datasets.
"""

import argparse
import pathlib

import keras
import numpy as np

import mmfusion as mm
from benchmarks import tables
from mmfusion import explain, files, recipe, training

HERE = pathlib.Path(__file__).parent
NAMES = ("image", "sound")


def measure(seed, dropout):
    """Right answers on the test split, by who answered, and curves.

    Returns:
        Dict of name to bool `(rows,)`; the recordings; the curves of
        `metrics.json`.
    """
    plan = recipe.load(
        HERE.parent / "recipes/av_mnist.yaml",
        [
            f"training.seed={seed}",
            f"data.dataset.seed={seed}",
            "data.dataset.optional=true",
            f"model.modality_dropout={dropout}",
            "model.auxiliary=true",
        ],
    )
    data = plan.read()
    model = plan.build(data.schema)
    training.fit(model, data, plan.rules)
    truth = data.test.targets["label"]

    def right(model, absent=()):
        p = explain.predict_split(model, data.test, absent)["label"]
        return p.argmax(1) == truth

    found = {"both": right(model)}
    for name, other in (NAMES, NAMES[::-1]):
        found[f"{name}, {other} absent"] = right(model, [other])
        keras.utils.set_random_seed(seed)
        single = mm.models.alone(model, name)
        training.fit(single, data, plan.rules)
        found[f"{name} alone"] = right(single)
    curves = explain.evaluate(model, data.test)["outputs"]["label"]["missing"]
    return found, np.asarray(data.test.groups).astype(str), curves


def curve(name, points):
    """The row of a table: a curve, averaged over seeds."""
    values = np.mean([[p["value"] for p in seed] for seed in points], axis=0)
    return [name, *(f"{value:.3f}" for value in values)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--dropout", type=float, nargs="+", default=[0.0, 0.5])
    options = parser.parse_args()
    lines = []
    for dropout in options.dropout:
        measured = [measure(seed, dropout) for seed in range(options.seeds)]
        groups = np.concatenate([part[1] for part in measured])
        right = {
            name: np.concatenate([part[0][name] for part in measured])
            for name in measured[0][0]
        }
        rows = [["both", tables.score(right["both"], groups), "", ""]]
        for name, other in (NAMES, NAMES[::-1]):
            without = right[f"{name}, {other} absent"]
            alone = {"alone": right[f"{name} alone"]}
            gap = tables.against(without, alone, groups)["alone"].gain
            rows.append(
                [
                    f"{name}, {other} absent",
                    tables.score(without, groups),
                    tables.score(alone["alone"], groups),
                    f"{100 * gap.value:+.1f} ({100 * gap.low:+.1f} to "
                    f"{100 * gap.high:+.1f})",
                ]
            )
        curves = [part[2] for part in measured]
        shares = [f"{p['share']:.0%}" for p in curves[0]["any"]]
        lines += [
            f"## Modality dropout {dropout:g}",
            "",
            tables.markdown(
                ["", "fused model", f"{'model of it alone'}", "points"], rows
            ),
            "",
            "Accuracy by the share of the rows that go without:",
            "",
            tables.markdown(
                ["", *shares],
                [
                    *(
                        curve(f"no {n}", [c["each"][n] for c in curves])
                        for n in NAMES
                    ),
                    curve("each of them", [c["any"] for c in curves]),
                ],
            ),
            "",
        ]
        print("\n".join(lines), flush=True)
    text = f"""# Missing modalities

Written by `python -m benchmarks.missing_modality`: `av_mnist`,
{options.seeds} seeds, `recipes/av_mnist.yaml` with image and sound optional and
a head for each. Intervals are over recordings.

{chr(10).join(lines)}
{tables.versions()}
"""
    files.write_text(HERE / "missing_modality.md", text)


if __name__ == "__main__":
    main()
