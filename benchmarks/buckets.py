"""`python -m benchmarks.buckets`: what batches of like lengths save.

Seconds of a training epoch on generated texts whose lengths spread like those
of reviews, padded to the full length and with `buckets`, in turns in one
process. Writes `buckets.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics
import time

import keras
import numpy as np

import mmfusion as mm
from benchmarks import tables
from benchmarks.turns import ratio
from mmfusion import files

HERE = pathlib.Path(__file__).parent
ENCODERS = ("text_gru", "text_cnn", "text_transformer")
SIDES = ("padded", "buckets")
LENGTH, MEDIAN, SPREAD, BATCH, WORDS = 96, 20, 0.8, 64, 2000


def texts(rows):
    """Texts of a log-normal number of words, and one of two labels each."""
    random = np.random.default_rng(0)
    lengths = np.exp(random.normal(np.log(MEDIAN), SPREAD, rows))
    lengths = np.clip(lengths.round().astype(int), 1, 4 * LENGTH)
    # Words of rank r are about 1 / r as frequent as the first.
    ranks = np.exp(random.uniform(0, np.log(WORDS), lengths.sum()))
    words = np.split([f"w{int(rank)}" for rank in ranks], lengths.cumsum()[:-1])
    return [" ".join(row) for row in words], random.integers(0, 2, rows)


def data_of(rows):
    values, labels = texts(rows)
    return mm.data.from_arrays(
        {"text": values},
        {"label": labels.tolist()},
        modalities={"text": mm.data.Text(vocabulary_size=WORDS, length=LENGTH)},
        splits={"train": np.arange(rows)},
    )


def model_of(data, encoder, xla):
    keras.utils.set_random_seed(0)
    model = mm.models.from_schema(
        data.schema, encoders={"text": {"name": encoder}}
    )
    losses = mm.tasks.compile_arguments(model)
    model.compile("adam", jit_compile=xla, **losses)
    return model


def measured(data, encoder, count, rounds, xla):
    """Seconds of each epoch by side, after one that nobody counts."""
    train = {
        "padded": data.train.batches(BATCH),
        "buckets": data.train.batches(BATCH, buckets={"text": count}),
    }
    models = {side: model_of(data, encoder, xla) for side in SIDES}
    seconds = {side: [] for side in SIDES}
    for turn in range(rounds + 1):
        for side in SIDES[:: 1 if turn % 2 else -1]:
            begin = time.perf_counter()
            models[side].fit(train[side], verbose=0)
            seconds[side].append(time.perf_counter() - begin)
    return {side: times[1:] for side, times in seconds.items()}


def shown(values, digits):
    middle = statistics.median(values)
    return (
        f"{middle:.{digits}f} ({min(values):.{digits}f} to "
        f"{max(values):.{digits}f})"
    )


def positions(data, count):
    """Boundaries; what part of all places batches have, and what words fill."""
    train = data.train.batches(BATCH, buckets={"text": count})
    places = sum(x["text"].shape[0] * x["text"].shape[1] for x, _ in train)
    ids = data.train.arrays()[0]["text"]
    return train.buckets["text"], places / ids.size, np.mean(ids != 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2048)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=4)
    parser.add_argument("--xla", action="store_true")
    options = parser.parse_args()
    data = data_of(options.rows)
    boundaries, places, words = positions(data, options.count)
    rows = []
    for encoder in ENCODERS:
        times = measured(
            data, encoder, options.count, options.rounds, options.xla
        )
        middle, least, most = ratio(times, "buckets", "padded")
        rows.append(
            [
                f"`{encoder}`",
                *(shown(times[side], 2) for side in SIDES),
                f"{middle:.2f} ({least:.2f} to {most:.2f})",
            ]
        )
    table = tables.markdown(
        ["encoder", "padded, s", "buckets, s", "times as fast"], rows
    )
    xla = "on" if options.xla else "off"
    text = f"""# What batches of like lengths save

`python -m benchmarks.buckets` wrote this page: a training epoch of
{options.rows:,} generated texts in batches of {BATCH}, XLA {xla}. Their lengths
are log-normal with a median of {MEDIAN} words, cut at {LENGTH}. `buckets:
{{text: {options.count}}}` makes it {boundaries}. Batches then have
{places:.0%} of the places of padded ones; words fill {words:.0%}.
Medians of {options.rounds} epochs (least to most), both sides in turns.

{table}

{tables.versions()}
"""
    files.write_text(HERE / "buckets.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
