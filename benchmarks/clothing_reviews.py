"""`python -m benchmarks.clothing_reviews --folder ...`: reviews of clothes.

Does a reviewer recommend the piece? Ours from the text alone and with the table
beside it, against linear classifiers of scikit-learn on the same rows; the area
under the ROC curve. Everything is chosen on validation rows; the test rows are
read once, by what was chosen. Writes `clothing_reviews.md` beside this file;
about ten minutes on two cores.
"""

import argparse
import pathlib
import time

import keras
import numpy as np
from scipy import sparse
from sklearn import __version__ as sklearn_version
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

import mmfusion as mm
from benchmarks import tables
from benchmarks.ranking import Samples, area, interval
from mmfusion import files, training

HERE = pathlib.Path(__file__).parent
BAG = {
    "type": "text",
    "kind": "tf_idf",
    "ngrams": 2,
    "sublinear": True,
    "normalize": True,
    "optional": True,
}
INPUTS = {
    "text": {**BAG, "column": "Title and Review Text", "vocabulary_size": 8000},
    "title": {**BAG, "column": "Title", "vocabulary_size": 3000},
    "facts": {
        "type": "tabular",
        "numbers": ["Age", "Positive Feedback Count"],
        "categories": ["Division Name", "Department Name", "Class Name"],
    },
}
TEXT = ("text", "title")
PARTS = {
    "text alone": TEXT,
    "fused with the table": (*TEXT, "facts"),
    "table alone": ("facts",),
}
# What is tried: rows of a batch, learning rate, epochs, dropout.
SETTINGS = {
    "64 rows, 0.003, 2 epochs": (64, 3e-3, 2, 0.5),
    "128 rows, 0.005, 3 epochs": (128, 5e-3, 3, 0.5),
    "32 rows, 0.002, 2 epochs": (32, 2e-3, 2, 0.5),
}
_PAIRS = {"ngram_range": (1, 2), "sublinear_tf": True}
# Columns, and how their words are counted.
RIVALS = {
    "words": (("text",), {}),
    "words and pairs": (("text",), _PAIRS),
    "words and pairs, the title twice": (TEXT, _PAIRS),
}
COSTS = (0.3, 1, 3, 10, 30)


def ours(data, names, setting, seed):
    """Scores of validation and test rows, best loss, and seconds."""
    size, rate, epochs, dropout = setting
    part = data.only(names)
    keras.utils.set_random_seed(seed)
    encoders = {name: {"units": 16} for name in TEXT if name in names}
    if "facts" in names:
        encoders["facts"] = {"units": 8, "hidden": [16]}
    model = mm.models.from_schema(
        part.schema,
        mm.fusion.ConcatFusion(32, dropout=dropout),
        encoders=encoders,
    )
    rules = training.Rules(
        epochs=epochs,
        batch_size=size,
        optimizer={"name": "adam", "learning_rate": rate},
        schedule="cosine",
        patience=epochs,
        seed=seed,
    )
    outcome = training.fit(model, part, rules)

    def scores(split):
        batches = split.batches(512)
        return model.predict(batches, verbose=0)["label"][:, 1]

    return {
        "validation": scores(part.validation),
        "test": lambda: scores(part.test),
        "seconds": outcome.seconds,
    }


def choose(data, seeds):
    """The setting of the best mean area of text alone on validation rows."""
    labels = data.validation.targets["label"]
    found = {}
    for name, setting in SETTINGS.items():
        runs = [ours(data, TEXT, setting, seed) for seed in range(seeds)]
        found[name] = [area(labels, run["validation"]) for run in runs]
        print(name, np.round(found[name], 4), flush=True)
    return max(found, key=lambda name: np.mean(found[name])), found


def rival(data, columns, options):
    """Scikit-learn's TF-IDF and logistic regression, `C` by validation.

    Returns:
        Dict of `"validation"` to an area, `"test"` to scores, `"cost"`,
        `"features"` and `"seconds"`.
    """
    splits = (data.train, data.validation, data.test)
    start = time.perf_counter()
    x = [[] for _ in splits]
    for column in columns:
        texts = [[t or "" for t in split.raw()[column]] for split in splits]
        words = TfidfVectorizer(**options).fit(texts[0])
        for into, given in zip(x, texts, strict=True):
            into.append(words.transform(given))
    x = [sparse.hstack(parts) for parts in x]
    y = [split.targets["label"] for split in splits]
    models = {
        cost: LogisticRegression(C=cost, max_iter=2000).fit(x[0], y[0])
        for cost in COSTS
    }
    reached = {
        cost: area(y[1], model.decision_function(x[1]))
        for cost, model in models.items()
    }
    cost = max(reached, key=reached.get)
    return {
        "validation": reached[cost],
        "test": models[cost].decision_function(x[2]),
        "cost": cost,
        "features": x[0].shape[1],
        "seconds": time.perf_counter() - start,
    }


def written(areas):
    value, low, high = interval(areas)
    return f"{value:.4f} ({low:.4f} to {high:.4f})"


def difference(areas):
    """The same with signs."""
    value, low, high = interval(areas)
    return f"{value:+.4f} ({low:+.4f} to {high:+.4f})"


def page(data, seeds, name, tried, rivals, measured):
    """The whole page as Markdown."""
    samples = Samples(data.test.targets["label"])
    theirs = {which: samples.areas([r["test"]]) for which, r in rivals.items()}
    own = {
        which: samples.areas([run["scores"] for run in runs])
        for which, runs in measured.items()
    }
    lines = []
    for which, found in rivals.items():
        lines.append(
            [
                f"scikit-learn: {which}",
                f"{found['validation']:.4f}",
                written(theirs[which]),
                "",
                f"{found['seconds']:.0f}",
            ]
        )
    validation = data.validation.targets["label"]
    for which, runs in measured.items():
        each = ", ".join(
            f"{area(samples.labels, run['scores']):.4f}" for run in runs
        )
        reached = [area(validation, run["validation"]) for run in runs]
        lines.append(
            [
                f"ours: {which}",
                f"{np.mean(reached):.4f}",
                written(own[which]),
                each,
                f"{np.mean([run['seconds'] for run in runs]):.0f}",
            ]
        )
    head = ["model", "validation", "test (95 % interval)", "each seed", "s"]
    text, fused = own["text alone"], own["fused with the table"]
    versus = [
        [which, difference(text - areas), difference(fused - areas)]
        for which, areas in theirs.items()
    ]
    costs = "\n".join(
        f"- {which}: C = {found['cost']:g}, {found['features']:,} features"
        for which, found in rivals.items()
    )
    choices = tables.markdown(
        ["rows of a batch, learning rate, epochs", "validation, each seed"],
        [
            [setting, ", ".join(f"{v:.4f}" for v in values)]
            for setting, values in tried.items()
        ],
    )
    return f"""# Reviews of clothes

Written by `python -m benchmarks.clothing_reviews`: whether a reviewer
recommends the piece, by `clothing_reviews`. Rows: {data.train.rows:,} for
training, {data.validation.rows:,} for validation, {data.test.rows:,} for test.
Area under the ROC curve. All models learn from the training rows alone; what is
to be chosen is chosen on validation rows; test rows were read once.

{tables.markdown(head, lines)}

Ours is the mean over {seeds} seeds, one model each and no ensemble: bags of
words and pairs of words (TF-IDF, damped, of length one) of title and review
together (8,000) and of the title (3,000), a dense layer of 16 units on each,
`concat` of 32 units with dropout. Intervals: bootstrap over test rows, models
as they are. Scikit-learn: `TfidfVectorizer` and `LogisticRegression`:

{costs}

## Ours against scikit-learn, on the same rows

{tables.markdown(["scikit-learn", "text alone", "fused"], versus)}

## What the table adds to the text

Two numbers (age, positive feedback) and three categories (division, department,
class) beside the text, minus the text alone, same rules and seeds:
{difference(fused - text)}.

## What was chosen on validation rows

{choices}

Chosen: {name}. Missing titles and reviews are absent modalities.

{tables.versions()} scikit-learn {sklearn_version}.
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    data = mm.data.datasets.clothing_reviews(options.folder, inputs=INPUTS)
    rivals = {name: rival(data, *how) for name, how in RIVALS.items()}
    name, tried = choose(data, options.seeds)
    measured = {}
    for which, names in PARTS.items():
        runs = [
            ours(data, names, SETTINGS[name], seed)
            for seed in range(options.seeds)
        ]
        measured[which] = [{**run, "scores": run["test"]()} for run in runs]
        print(which, "done", flush=True)
    text = page(data, options.seeds, name, tried, rivals, measured)
    files.write_text(HERE / "clothing_reviews.md", text)
    print(text)


if __name__ == "__main__":
    main()
