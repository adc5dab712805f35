"""`python -m benchmarks.input_pipeline`: reading and batching, rows a second.

Against pipelines of plain `tf.data` as one writes them by hand, which give the
same tensors: reading all files once, then epochs of what was decoded; what
the cache on disk and the reduction of large JPEGs bring; and how much of a
training step is spent waiting for its batch. Writes `input_pipeline.md` beside
this file.
"""

import argparse
import os
import pathlib
import statistics
import tempfile
import time

import numpy as np
import tensorflow as tf

import mmfusion as mm
from benchmarks import pipelines, tables
from mmfusion import files

HERE = pathlib.Path(__file__).parent
BATCH = 64
STEPS = 8  # Of each turn of training.
PARTS = (("image",), ("audio",), ("text",), ("image", "audio", "text"))


def ours(folder, names, cache=None):
    """Reads a table with some of its modalities."""
    inputs = {name: pipelines.modality(name) for name in names}
    return mm.data.read(
        folder / "table.csv", inputs, "label", split={}, cache=cache
    )


def clocks():
    """Seconds by the clock, and those of the processor, of all threads."""
    return np.array([time.perf_counter(), time.process_time()])


def consumed(dataset):
    """Seconds that one pass takes, of both clocks, and its rows."""
    begin, rows = clocks(), 0
    for x, _ in dataset:
        rows += len(next(iter(x.values())))
    return clocks() - begin, rows


def timed(function, *arguments):
    begin = clocks()
    outcome = function(*arguments)
    return clocks() - begin, outcome


def compared(folder, rows, rounds):
    """Rows of the table: both sides, reading and later epochs."""
    lines = []
    for names in PARTS:
        read, epoch = {"ours": [], "plain": []}, {"ours": [], "plain": []}
        for turn in range(rounds + 1):
            order = ("ours", "plain") if turn % 2 else ("plain", "ours")
            for side in order:
                if side == "ours":
                    seconds, data = timed(ours, folder, names)
                    dataset = data.train.batches(BATCH)
                else:
                    # Its first pass decodes, and fills the cache.
                    seconds, dataset = timed(pipelines.plain, folder, names)
                    more, _ = consumed(dataset)
                    seconds += more
                again = [consumed(dataset)[0] for _ in range(3)]
                again = np.median(again, axis=0)
                if turn:  # The first turn warms up.
                    read[side].append(seconds)
                    epoch[side].append(again)
        for what, times in {"read": read, "later epochs": epoch}.items():
            lines.append([" + ".join(names), what, *cells(times, rows)])
    return lines


def cells(times, rows):
    """Samples a second of both sides, and ratios of both clocks."""
    ours, plain = np.array(times["ours"]), np.array(times["plain"])
    return [
        f"{rows / statistics.median(ours[:, 0]):,.0f}",
        f"{rows / statistics.median(plain[:, 0]):,.0f}",
        *(
            f"{statistics.median(found):.2f} ({min(found):.2f} to "
            f"{max(found):.2f})"
            for found in (plain / ours).T
        ),
    ]


def cached(folder, rows, rounds):
    """Rows of the table: what the cache on disk costs and brings."""
    names = PARTS[-1]
    times = {name: [] for name in ("memory", "first", "again", "m", "d")}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            seconds, data = timed(ours, folder, names)
            times["memory"].append(seconds[0])
            times["m"].append(consumed(data.train.batches(BATCH))[0][0])
            times["first"].append(timed(ours, folder, names, cache)[0][0])
            seconds, data = timed(ours, folder, names, cache)
            times["again"].append(seconds[0])
            times["d"].append(consumed(data.train.batches(BATCH))[0][0])
    what = {
        "memory": "read into memory",
        "first": "read into an empty cache",
        "again": "read again with the cache",
        "m": "an epoch from memory",
        "d": "an epoch from the cache",
    }
    return [[what[k], f"{rows / statistics.median(t):,.0f}",
             f"{rows / max(t):,.0f} to {rows / min(t):,.0f}"]
            for k, t in times.items()]  # fmt: skip


def large(rounds, count=6):
    """Rows of the table: photos of 12 million pixels, reduced and not."""
    photos = pipelines.photos(count)
    sides = {
        "reduced (the default)": mm.data.Image(),
        "`reducing_gap=None`": mm.data.Image().in_full(),
    }
    times = {name: [] for name in sides}
    seen = {}
    for turn in range(rounds + 1):
        for name, image in sides.items():
            begin = time.perf_counter()
            seen[name] = [image.transform(image.read(x)) for x in photos]
            if turn:
                times[name].append(time.perf_counter() - begin)
    far = np.abs(np.subtract(*map(np.array, seen.values())))
    lines = [
        [name, f"{count / statistics.median(t):.1f}",
         f"{count / max(t):.1f} to {count / min(t):.1f}"]
        for name, t in times.items()
    ]  # fmt: skip
    return lines, far.mean(), far.max()


def waiting(folder, rounds):
    """Rows of the table: how much of a step its batch was waited for."""
    lines = []
    for names in PARTS:
        data = ours(folder, names)
        split, model = data.train, pipelines.model(data.schema)
        shares, steps = [], []
        for turn in range(rounds + 1):
            waited = worked = 0.0
            batches = iter(split.batches(BATCH))
            for _ in range(STEPS):
                begin = time.perf_counter()
                batch = next(batches)
                there = time.perf_counter()
                model.train_on_batch(*batch)
                waited += there - begin
                worked += time.perf_counter() - there
            if turn:
                shares.append(waited / (waited + worked))
                steps.append(1e3 * (waited + worked) / STEPS)
        lines.append(
            [
                " + ".join(names),
                f"{statistics.median(steps):.1f}",
                f"{statistics.median(shares):.1%} ({min(shares):.1%} to "
                f"{max(shares):.1%})",
            ]
        )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows, rounds = options.rows, options.rounds
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pipelines.write(folder, rows)
        pipelines.check_equal(folder, ours(folder, PARTS[-1]).train)
        main_rows = compared(folder, rows, rounds)
        cache_rows = cached(folder, rows, rounds)
        wait_rows = waiting(folder, rounds)
    large_rows, mean, most = large(rounds)
    head = ["samples a second, median", f"of {rounds}"]
    text = f"""# The input pipeline

Written by `python -m benchmarks.input_pipeline`: {rows:,} rows of a JPEG of
512 x 384 (to 224 x 224), a WAV of one second (to a log-mel spectrogram) and a
text of about 20 words (to 32 ids); batches of {BATCH}; {rounds} rounds in one
process, both sides in turns; the files are in the system's memory.

## Against a pipeline written by hand

Plain `tf.data`: files mapped in parallel, `cache`, `shuffle`, `batch`,
`prefetch`; it checks nothing. `read` decodes all rows, of ours with every check
of every file; later epochs hand out what was decoded. Ratios are those of
ours to the plain one, with their range; above 1 is faster. By the clock, where
a process may get one core or two, and by processor time, of all threads.

{tables.markdown(["", "", "ours, samples/s", "plain, samples/s", "ratio by the clock", "by processor time"], main_rows)}

## Waiting for data

Training steps of the default encoders, `concat` and a softmax, without XLA.

{tables.markdown(["", "ms a step", "of it spent waiting for the batch"], wait_rows)}

## The cache on disk

{tables.markdown(["all three", *head], cache_rows)}

## Large photos

JPEGs of 4032 x 3024 to 224 x 224, one after the other. Reduced while they are
decoded they differ by {mean:.2f} of 255 in the mean and {most:.0f} at most.

{tables.markdown(["", *head], large_rows)}

{tables.versions()}
"""  # noqa: E501
    files.write_text(HERE / "input_pipeline.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    tf.get_logger().setLevel("ERROR")
    main()
