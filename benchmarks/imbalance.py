"""`python -m benchmarks.imbalance`: rare classes, and what is done for them.

`shapes`, of whose six classes the rarest has a hundredth of the rows of the
most frequent in training and validation; the test split is even. Macro F1 of
each tool against none. Writes `imbalance.md` beside this file.
"""

import argparse
import functools
import pathlib

import keras
import numpy as np
from scipy import stats
from sklearn.metrics import f1_score

import mmfusion as mm
from benchmarks import tables
from benchmarks.kept import kept
from mmfusion import explain, files, training
from mmfusion.data.joined import Parts

HERE = pathlib.Path(__file__).parent
RATIO, MOST = 100, 1500
TOOLS = {
    "none": ({}, None),
    "class weights, balanced": ({"class_weights": "balanced"}, None),
    "class weights, effective": ({"class_weights": "effective"}, None),
    "balanced epochs": ({"balanced": "label"}, None),
    "focal loss": ({"loss": {"name": "focal"}}, None),
    "logit adjustment": ({"loss": {"name": "logit_adjusted"}}, None),
    "feature mixup": ({}, {"name": "feature_mixup"}),
}
ENCODERS = {
    "caption": {"units": 32},
    "image": {"units": 32, "hidden": [12, 24, 32], "pool": "max"},
    "sound": {"units": 32, "hidden": [12, 24, 32]},
}


def uneven(split, most):
    """Rows of a split whose classes fall from `most` to a hundredth of it."""
    labels = split.targets["label"]
    classes = labels.max() + 1
    counts = np.round(most * RATIO ** (-np.arange(classes) / (classes - 1)))
    rows = [
        np.flatnonzero(labels == label)[: max(1, int(count))]
        for label, count in enumerate(counts)
    ]
    return split.take(np.sort(np.concatenate(rows)))


def measure(seed):
    """Rows of each class; macro F1, accuracy and rarest recall by tool."""
    rows = {"train": 7 * MOST, "validation": 7 * MOST // 5, "test": 2400}
    data = mm.registry.get("dataset", "shapes")(rows=rows, seed=seed)
    some = Parts(uneven(data.train, MOST), uneven(data.validation, MOST // 5))
    truth = data.test.targets["label"]
    found = {}
    for name, (settings, method) in TOOLS.items():
        rules = training.Rules(
            epochs=20,
            batch_size=64,
            optimizer={"name": "adam", "learning_rate": 3e-3},
            schedule="cosine",
            patience=None,
            seed=seed,
            **settings,
        )
        keras.utils.set_random_seed(seed)
        model = mm.models.from_schema(
            data.schema, mm.fusion.ConcatFusion(32), encoders=dict(ENCODERS)
        )
        training.fit(model, some, rules, method=method)
        answers = explain.predict_split(model, data.test)["label"].argmax(1)
        found[name] = [
            f1_score(truth, answers, average="macro"),
            float((answers == truth).mean()),
            float((answers == truth)[truth == truth.max()].mean()),
        ]
    return {"rows": np.bincount(some.train.targets["label"]), "scores": found}


def spread(values):
    """Mean and the 95 % t-interval over seeds, as text."""
    mean = np.mean(values)
    if len(values) < 2:
        return f"{mean:.3f}"
    half = stats.sem(values) * stats.t.ppf(0.975, len(values) - 1)
    return f"{mean:.3f} ({mean - half:.3f} to {mean + half:.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--folder", help="keeps results, to go on after a stop")
    options = parser.parse_args()
    measured = []
    for seed in range(options.seeds):
        found = kept(
            options.folder,
            f"imbalance-{seed}",
            functools.partial(measure, seed),
        )
        counts, found = found["rows"], found["scores"]
        measured.append(found)
        print(seed, {n: round(v[0], 3) for n, v in found.items()}, flush=True)
    scores = {
        name: np.array([found[name] for found in measured]) for name in TOOLS
    }
    gains = {
        name: score[:, 0] - scores["none"][:, 0]
        for name, score in scores.items()
        if name != "none"
    }
    adjusted = {}
    if len(measured) > 1:
        adjusted = explain.holm(
            {n: stats.ttest_1samp(gain, 0).pvalue for n, gain in gains.items()}
        )
    rows = [
        [
            name,
            spread(score[:, 0]),
            spread(gains[name]) if name in gains else "",
            f"{adjusted[name]:.2g}" if name in adjusted else "",
            f"{score[:, 1].mean():.3f}",
            f"{score[:, 2].mean():.3f}",
        ]
        for name, score in scores.items()
    ]
    head = [
        "",
        "macro F1",
        "gain",
        "p (Holm)",
        "accuracy",
        "recall of the rarest",
    ]
    text = f"""# Imbalance

Written by `python -m benchmarks.imbalance`: `shapes` with
{", ".join(map(str, counts))} training rows of its classes, as uneven in
validation, which chooses the epoch; the test split is even. Means over
{options.seeds} seeds, with 95 % t-intervals and paired t-tests over them.

{tables.markdown(head, rows)}

{tables.versions()}
"""
    files.write_text(HERE / "imbalance.md", text)
    print(text)


if __name__ == "__main__":
    main()
