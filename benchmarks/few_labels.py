"""`python -m benchmarks.few_labels`: ways to train where labels are few.

`av_mnist` of which 200 training rows keep their label: co-training (the other
rows have none), transfer (they have another target, whether the digit is odd),
mutual learning, and distillation into a model of one modality, each against
the same model without it. Writes `few_labels.md` beside this file. Needs
`mnist` and `spoken_digit`, prepared by TensorFlow Datasets.
"""

import argparse
import copy
import functools
import pathlib

import keras
import numpy as np

import mmfusion as mm
from benchmarks import tables
from benchmarks.kept import kept
from mmfusion import explain, files, training
from mmfusion.data.joined import Parts

HERE = pathlib.Path(__file__).parent
LABELLED, VALIDATED = 200, 200
ENCODERS = {
    "image": {"units": 64, "hidden": [8, 16], "pool": "flatten"},
    "sound": {"units": 64, "hidden": [12, 24, 48], "dropout": 0.3},
}
RULES = {
    "epochs": 60,
    "batch_size": 32,
    "optimizer": {"name": "adam", "learning_rate": 1e-3},
    "schedule": "cosine",
    "patience": None,
}


def measure(seed):
    """Right answers on the test split, by way of training; the recordings."""
    data = mm.registry.get("dataset", "av_mnist")(seed=seed)
    random = np.random.default_rng(seed)
    train = random.permutation(len(data.train))
    held = random.permutation(len(data.validation))[:VALIDATED]
    few = Parts(
        data.train.take(np.sort(train[:LABELLED])),
        data.validation.take(np.sort(held)),
    )
    rest = data.train.take(np.sort(train[LABELLED:]))
    odd = copy.copy(rest)
    odd.classes = {"odd": ("even", "odd")}
    odd.targets = {"odd": (rest.targets["label"] % 2).astype("int32")}
    rules = training.Rules(seed=seed, **RULES)
    truth = data.test.targets["label"]

    def learned(model, **method):
        training.fit(model, few, rules, method=method or None)
        p = explain.predict_split(model, data.test)["label"]
        return p.argmax(1) == truth

    def build(**options):
        keras.utils.set_random_seed(seed)
        return mm.models.from_schema(
            data.schema,
            mm.fusion.ConcatFusion(64),
            encoders=copy.deepcopy(ENCODERS),
            **options,
        )

    teacher = build()
    found = {"plain": learned(teacher)}
    found["co-training"] = learned(
        build(), name="co_training", unlabelled=rest, rounds=3, growth=0.5
    )
    found["transfer"] = learned(build(), name="transfer", source=odd)
    found["joint"] = learned(build(auxiliary=True))
    found["mutual learning"] = learned(build(auxiliary=True), name="mutual")
    for name in sorted(data.inputs):
        for way, method in (
            ("plain", {}),
            ("distillation", {"name": "distillation", "teacher": teacher}),
        ):
            keras.utils.set_random_seed(seed)
            student = mm.models.alone(teacher, name)
            found[f"{name} alone, {way}"] = learned(student, **method)
    groups = np.asarray(data.test.groups).astype(str)
    return {"right": found, "groups": groups}


COMPARED = (
    ("co-training", "plain"),
    ("transfer", "plain"),
    ("joint", "plain"),
    ("mutual learning", "plain"),
    ("mutual learning", "joint"),
    ("image alone, distillation", "image alone, plain"),
    ("sound alone, distillation", "sound alone, plain"),
)


def verdict(p, by_seed):
    """What may be said: of all rows together, and of each seed."""
    if p <= 0.05 and min(by_seed) > 0:
        return "helps"
    if p <= 0.05 and max(by_seed) < 0:
        return "hurts"
    return "no difference shown"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", help="keeps results, to go on after a stop")
    options = parser.parse_args()
    measured = []
    for seed in range(options.seeds):
        found = kept(
            options.folder,
            f"few_labels-{seed}",
            functools.partial(measure, seed),
        )
        right = {name: np.array(hits) for name, hits in found["right"].items()}
        measured.append((right, np.array(found["groups"])))
        means = {
            n: round(float(r.mean()), 3) for n, r in measured[-1][0].items()
        }
        print(seed, means, flush=True)
    groups = np.concatenate([part[1] for part in measured])
    right = {
        name: np.concatenate([part[0][name] for part in measured])
        for name in measured[0][0]
    }
    gaps = {
        (way, than): tables.against(right[way], {than: right[than]}, groups)
        for way, than in COMPARED
    }
    gaps = {pair: found[pair[1]] for pair, found in gaps.items()}
    adjusted = explain.holm({pair: gap.p for pair, gap in gaps.items()})
    rows = []
    for name, hits in right.items():
        spread = [part[0][name].mean() for part in measured]
        spread = ", ".join(f"{x:.3f}" for x in spread)
        rows.append([name, tables.score(hits, groups), spread])
    head = ["", "accuracy (95 % interval)", "by seed"]
    scores = tables.markdown(head, rows)
    rows = []
    for (way, than), gap in gaps.items():
        by_seed = [
            part[0][way].mean() - part[0][than].mean() for part in measured
        ]
        rows.append(
            [
                way,
                than,
                tables.compared(gap, adjusted[way, than]),
                ", ".join(f"{100 * x:+.1f}" for x in by_seed),
                verdict(adjusted[way, than], by_seed),
            ]
        )
    head = ["", "against", "points, p (Holm)", "by seed", ""]
    text = f"""# Few labels

Written by `python -m benchmarks.few_labels`: `av_mnist`, {LABELLED} labelled
training rows and {VALIDATED} for validation, {options.seeds} seeds. Co-training
has the other {20_000 - LABELLED:,} training rows without a label, transfer has
whether their digit is odd. Intervals and p-values are over recordings, and do
not cover which rows are labelled and how a training comes out: "helps" is said
of what does so in each seed, too.

{scores}

{tables.markdown(head, rows)}

{tables.versions()}
"""
    files.write_text(HERE / "few_labels.md", text)
    print(text)


if __name__ == "__main__":
    main()
