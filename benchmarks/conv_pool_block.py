"""`python -m benchmarks.conv_pool_block`: equal accuracy, fused and plain.

The same network from the same weights, batches and seeds, its blocks fused or
plain; several seeds on `mnist`, prepared by TensorFlow Datasets. Writes
`conv_pool_block.md` beside this file.
"""

import argparse
import os
import pathlib
import statistics
import time

import keras
import numpy as np
import tensorflow_datasets as tfds

import mmfusion as mm
from mmfusion import files
from mmfusion.layers import ConvPoolBlock

HERE = pathlib.Path(__file__).parent
SIDES = ("fused", "plain", "Keras")


def block(x, filters, side):
    """One block: ours in both ways, or of Keras' own layers."""
    if side != "Keras":
        return ConvPoolBlock(filters, implementation=side)(x)
    x = keras.layers.Conv2D(
        filters,
        3,
        padding="same",
        use_bias=False,
        kernel_initializer="he_normal",
    )(x)
    x = keras.layers.BatchNormalization()(x)
    x = keras.layers.Activation("relu")(x)
    return keras.layers.MaxPooling2D(2, padding="same")(x)


def network(shape, side):
    inputs = keras.Input(shape)
    x = keras.layers.Rescaling(1 / 255)(inputs)
    for filters in (16, 32, 64):
        x = block(x, filters, side)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation="softmax")(x)
    return keras.Model(inputs, x)


def arrays(split, rows):
    data = tfds.as_numpy(
        tfds.load("mnist", split=f"{split}[:{rows}]", batch_size=-1)
    )
    return data["image"].astype("float32"), data["label"]


def measure(seed, side, train, test, epochs):
    """Test accuracy, last loss and seconds."""
    keras.utils.set_random_seed(seed)
    model = network(train[0].shape[1:], side)
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    begin = time.perf_counter()
    history = model.fit(*train, batch_size=64, epochs=epochs, verbose=0)
    seconds = time.perf_counter() - begin
    _, accuracy = model.evaluate(*test, batch_size=500, verbose=0)
    return accuracy, history.history["loss"][-1], seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rows", type=int, default=12800)
    options = parser.parse_args()
    train, test = arrays("train", options.rows), arrays("test", 10_000)
    found = {side: [] for side in SIDES}
    for seed in range(options.seeds):
        for side in SIDES:
            found[side].append(measure(seed, side, train, test, options.epochs))
    lines = [
        "| blocks | test accuracy, seed by seed | mean | last training loss "
        "| s |",
        "|---|---|---|---|---|",
    ]
    for side, runs in found.items():
        accuracy, loss, seconds = zip(*runs, strict=True)
        lines.append(
            f"| {side} | {', '.join(f'{100 * x:.2f} %' for x in accuracy)} "
            f"| {100 * statistics.mean(accuracy):.2f} % "
            f"| {', '.join(f'{x:.4f}' for x in loss)} "
            f"| {statistics.median(seconds):.0f} |"
        )
    spread = np.ptp([run[0] for runs in found.values() for run in runs])
    text = f"""# ConvPoolBlock: the same accuracy

Written by `python -m benchmarks.conv_pool_block`: three blocks (16, 32, 64
channels) on {len(train[0]):,} digits of `mnist`, {options.epochs} epochs of \
Adam, the whole test split.

{chr(10).join(lines)}

All runs lie within {100 * spread:.2f} points. mmfusion {mm.__version__}, \
Keras {keras.__version__}.
"""
    files.write_text(HERE / "conv_pool_block.md", text)
    print(text)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
