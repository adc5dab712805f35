"""This side of the pairs of `benchmarks.encoders`, one process for each.

`python -m benchmarks.keras_pairs train lenets`, or `weights`, `convert`,
`serve`; the first and the last speak as `benchmarks.turns` says.
"""

import argparse
import os
import pathlib
import sys
import time

import numpy as np

BATCH = 64
FORMATS = ("float32", "dynamic range", "float16")


def lenets():
    """Two LeNets as in MultiBench's model of AV-MNIST, late fusion."""
    import keras

    import mmfusion as mm
    from mmfusion.encoders.blocks import conv_block

    def lenet(name, side, blocks):
        inputs = keras.Input((side, side, 1), name=name)
        x = inputs
        for i in range(blocks):
            x = conv_block(x, 6 * 2**i, "batch", 3 if i else 5)
        x = keras.layers.GlobalMaxPooling2D()(x)
        return keras.Model(inputs, x, name=f"{name}_encoder")

    return mm.models.fusion_model(
        {"audio": lenet("audio", 112, 6), "image": lenet("image", 28, 4)},
        mm.fusion.ConcatFusion(100),
        mm.tasks.Classification(10),
    )


def resnet_transformer():
    """ResNet-20 and a Transformer over 64 tokens, late fusion."""
    import mmfusion as mm

    encoders = {
        "image": mm.encoders.image_resnet((32, 32, 3), units=64),
        "text": mm.encoders.text_transformer(8000, length=64, dropout=0.0),
    }
    return mm.models.fusion_model(
        encoders, mm.fusion.ConcatFusion(64), mm.tasks.Classification(10)
    )


def data(pair, batch):
    """Arrays by name and labels, the same as on the other side."""
    random = np.random.default_rng(0)
    if pair == "lenets":
        image = random.normal(size=(batch, 28, 28, 1)).astype("float32")
        audio = random.normal(size=(batch, 112, 112, 1)).astype("float32")
        x = {"image": image, "audio": audio}
    else:
        image = random.uniform(0, 255, (batch, 32, 32, 3)).astype("float32")
        text = random.integers(1, 8000, (batch, 64)).astype("int32")
        x = {"image": image, "text": text}
    return x, {"label": random.integers(0, 10, batch)}


def build(options):
    import keras

    keras.utils.set_random_seed(0)
    keras.config.set_dtype_policy(
        "mixed_bfloat16" if options.bfloat16 else "float32"
    )
    return globals()[options.pair]()


def trainer(options):
    """A function that runs some steps of `fit` and gives the last loss."""
    import keras
    import tensorflow as tf

    import mmfusion as mm

    model = build(options)
    model.compile(
        keras.optimizers.SGD(0.01, momentum=0.9),
        loss=mm.tasks.compile_arguments(model)["loss"],
        jit_compile=options.xla,
    )
    batches = tf.data.Dataset.from_tensors(data(options.pair, BATCH))
    iterator = iter(batches.cache().repeat().prefetch(2))
    model.make_train_function()

    def run(steps):
        for _ in range(steps):
            # The mean of the losses so far, until it is reset.
            model.reset_metrics()
            logs = model.train_function(iterator)  # What `fit` calls.
        return float(logs["loss"])

    return run, model.count_params() - _statistics(model)


def _statistics(model):
    """Moving statistics, which PyTorch does not count as parameters."""
    return sum(int(np.prod(each.shape)) for each in model.non_trainable_weights)


def weights(options):
    """Writes what training begins with, in the order of the pair's layers."""
    model = build(options)
    arrays = [
        array
        for name in sorted(model.modalities)
        for layer in model.get_layer(f"{name}_encoder").layers
        for array in layer.get_weights()
    ]
    arrays += model.get_layer("label").get_weights()
    fused = [x for x in model.layers if type(x).__name__ == "ConcatFusion"]
    arrays[-2:-2] = fused[0].get_weights()
    path = pathlib.Path(options.folder) / f"{options.pair}.npz"
    np.savez(path, **{f"{i:03}": x for i, x in enumerate(arrays)})


def convert(options):
    """Writes LiteRT files for one row at a time."""
    import keras
    import tensorflow as tf

    model = build(options)
    x, _ = data(options.pair, 1)
    specs = {
        name: tf.TensorSpec(array.shape, array.dtype, name)
        for name, array in x.items()
    }
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint(
        "serving_default",
        lambda tensors: model(tensors, training=False),
        input_signature=[specs],
    )
    folder = pathlib.Path(options.folder)
    archive.write_out(str(folder / "saved"), verbose=False)
    for name in FORMATS:
        converter = tf.lite.TFLiteConverter.from_saved_model(
            str(folder / "saved")
        )
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        if name != "float32":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        if name == "float16":
            converter.target_spec.supported_types = [tf.float16]
        path = folder / f"{name.replace(' ', '_')}.tflite"
        path.write_bytes(converter.convert())


def server(options):
    """A function that answers some rows, one by one, from a LiteRT file."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(options.file, num_threads=options.threads)
    interpreter.allocate_tensors()
    x, _ = data(options.pair, 1)
    feed = [
        (each["index"], x[each["name"].split(":")[0].split("_")[-1]])
        for each in interpreter.get_input_details()
    ]
    (output,) = (each["index"] for each in interpreter.get_output_details())

    def run(steps):
        for _ in range(steps):
            for index, array in feed:
                interpreter.set_tensor(index, array)
            interpreter.invoke()
            answer = interpreter.get_tensor(output)
        return float(answer[0, 0])

    return run, pathlib.Path(options.file).stat().st_size


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", choices=("train", "weights", "convert", "serve")
    )
    parser.add_argument("pair", choices=("lenets", "resnet_transformer"))
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--xla", action="store_true")
    parser.add_argument("--folder")
    parser.add_argument("--file")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.what in ("weights", "convert"):
        {"weights": weights, "convert": convert}[options.what](options)
        return
    # What libraries print must not end up among the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    run, count = {"train": trainer, "serve": server}[options.what](options)
    print(f"ready {count} -", file=answers, flush=True)
    for line in sys.stdin:
        begin = time.perf_counter()
        value = run(int(line))
        seconds = time.perf_counter() - begin
        print(f"{seconds} {value}", file=answers, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
