"""`python -m benchmarks.missing_modality`: one model, with or without sound.

`av_mnist`, image and sound optional, modality dropout in training: the fused
model without a modality against a model that never had it, trained by the same
rules. Writes `missing_modality.md` beside this file. Needs `mnist` and
`spoken_digit`, prepared by TensorFlow Datasets.
"""

import argparse
import functools
import pathlib

import keras
import numpy as np

import mmfusion as mm
from benchmarks import tables
from benchmarks.kept import kept
from mmfusion import explain, files, recipe, training

HERE = pathlib.Path(__file__).parent
NAMES = ("image", "sound")


def measure(seed, dropouts):
    """Right answers on the test split, by who answered, and curves.

    Returns:
        Dict of `right`, by dropout a dict of name to bool `(rows,)`, those of
        models of one modality in all of them; `curves`, of `metrics.json`, one
        for each dropout; `groups`, the recordings.
    """
    found, curves, alone = [], [], {}
    for dropout in dropouts:
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
        right = {"both": _right(model, data.test)}
        for name, other in (NAMES, NAMES[::-1]):
            right[f"{name}, {other} absent"] = _right(model, data.test, [other])
            if name not in alone:
                keras.utils.set_random_seed(seed)
                single = mm.models.alone(model, name)
                training.fit(single, data, plan.rules)
                alone[name] = _right(single, data.test)
            right[f"{name} alone"] = alone[name]
        found.append(right)
        scores = explain.evaluate(model, data.test)
        curves.append(scores["outputs"]["label"]["missing"])
        print(
            f"seed {seed}, dropout {dropout:g}:",
            {
                name: round(float(hits.mean()), 3)
                for name, hits in right.items()
            },
            flush=True,
        )
    groups = np.asarray(data.test.groups).astype(str)
    return {"right": found, "curves": curves, "groups": groups}


def _right(model, split, absent=()):
    p = explain.predict_split(model, split, absent)["label"]
    return p.argmax(1) == split.targets["label"]


def curve(name, points):
    """The row of a table: a curve, averaged over seeds."""
    values = np.mean([[p["value"] for p in seed] for seed in points], axis=0)
    return [name, *(f"{value:.3f}" for value in values)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", help="keeps results, to go on after a stop")
    parser.add_argument("--dropout", type=float, nargs="+", default=[0.0, 0.5])
    options = parser.parse_args()
    measured = [
        kept(
            options.folder,
            "-".join(["missing", str(seed), *map(str, options.dropout)]),
            functools.partial(measure, seed, options.dropout),
        )
        for seed in range(options.seeds)
    ]
    groups = np.concatenate([part["groups"] for part in measured])
    lines = []
    for at, dropout in enumerate(options.dropout):
        right = {
            name: np.concatenate([part["right"][at][name] for part in measured])
            for name in measured[0]["right"][at]
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
        curves = [part["curves"][at] for part in measured]
        shares = [f"{p['share']:.0%}" for p in curves[0]["any"]]
        lines += [
            f"## Modality dropout {dropout:g}",
            "",
            tables.markdown(
                ["", "fused model", "model of it alone", "points"], rows
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
    text = f"""# Missing modalities

Written by `python -m benchmarks.missing_modality`: `av_mnist`,
{options.seeds} seeds, `recipes/av_mnist.yaml` with image and sound optional and
a head for each. Intervals are over recordings.

{chr(10).join(lines)}
{tables.versions()}
"""
    files.write_text(HERE / "missing_modality.md", text)
    print(text)


if __name__ == "__main__":
    main()
