"""Step time and latency of every registered encoder, at usual sizes."""

import statistics
import time

import keras
import numpy as np
import tensorflow as tf

import mmfusion as mm
from mmfusion import registry

BATCH = 64
_PHOTO = {"name": "image_cnn", "shape": (32, 32, 3)}
EXAMPLES = {
    "audio_cnn": ("98 x 64 log-mel", {"shape": (98, 64)}),
    "audio_transformer": ("98 x 64 log-mel", {"shape": (98, 64)}),
    "image_backbone": (
        "96 x 96 RGB, MobileNetV3Small",
        {"backbone": "MobileNetV3Small", "shape": (96, 96, 3)},
    ),
    "image_cnn": ("32 x 32 RGB", {"shape": (32, 32, 3)}),
    "image_resnet": ("32 x 32 RGB, depth 20", {"shape": (32, 32, 3)}),
    "image_vgg16": ("32 x 32 RGB", {"shape": (32, 32, 3)}),
    "image_vit": ("32 x 32 RGB", {"shape": (32, 32, 3)}),
    "several": ("5 of 32 x 32 RGB", {"encoder": _PHOTO, "count": 5}),
    "tabular_mlp": (
        "16 numbers, 4 categories",
        {"num_numbers": 16, "category_sizes": (9, 9, 9, 9)},
    ),
    "tabular_transformer": (
        "16 numbers, 4 categories",
        {"num_numbers": 16, "category_sizes": (9, 9, 9, 9)},
    ),
    "text_bag": ("8000 words", {"vocabulary_size": 8000}),
    "text_cnn": ("64 tokens", {"vocabulary_size": 8000, "length": 64}),
    "text_gru": ("64 tokens", {"vocabulary_size": 8000, "length": 64}),
    "text_transformer": (
        "64 tokens",
        {"vocabulary_size": 8000, "length": 64},
    ),
    "text_vectors": ("64 tokens", {"vocabulary_size": 8000, "length": 64}),
    "vector_mlp": ("512 numbers", {"dim": 512}),
    "vector_sequence": ("32 of 128 numbers", {"shape": (32, 128)}),
    "video_cnn3d": ("8 of 32 x 32 RGB", {"shape": (8, 32, 32, 3)}),
    "video_frames": ("8 of 32 x 32 RGB", {"shape": (8, 32, 32, 3)}),
    "waveform_cnn": ("8000 samples", {"length": 8000}),
}


def _arrays(encoder, batch):
    random = np.random.default_rng(0)

    def array(symbol):
        shape = (batch, *symbol.shape[1:])
        if symbol.dtype == "bool":
            return np.ones(shape, bool)
        if symbol.dtype == "int32":
            return random.integers(1, 100, shape).astype("int32")
        # Codes of categories are numbers, too.
        return random.integers(0, 9, shape).astype("float32")

    return keras.tree.map_structure(array, encoder.input)


def _median(call, seconds, least=5):
    """Milliseconds a call, after a warm-up, for about so many seconds."""
    call()
    times, begin = [], time.perf_counter()
    while len(times) < least or time.perf_counter() - begin < seconds:
        start = time.perf_counter()
        call()
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times)


def measure(name, seconds):
    """Parameters, milliseconds of a step and of one answer."""
    keras.utils.set_random_seed(0)
    encoder = registry.get("encoder", name)(**EXAMPLES[name][1])
    encoder.compile(keras.optimizers.SGD(0.01), loss="mse")
    encoder.make_train_function()
    pair = (_arrays(encoder, BATCH), np.zeros((BATCH, 64), "float32"))
    batches = tf.data.Dataset.from_tensors(pair)
    iterator = iter(batches.cache().repeat().prefetch(2))

    def step():
        logs = encoder.train_function(iterator)
        return float(logs["loss"])

    answer = tf.function(lambda x: encoder(x, training=False))
    one = keras.tree.map_structure(tf.constant, _arrays(encoder, 1))
    return (
        encoder.count_params(),
        _median(step, seconds),
        _median(lambda: answer(one).numpy(), seconds / 2, least=20),
    )


def table(seconds=1.5):
    """Markdown: a line for each encoder, and what was left out."""
    lines = [
        "| encoder | input | parameters | training, ms a batch of 64 "
        "| answer, ms a row |",
        "|---|---|---|---|---|",
    ]
    names = registry.names("encoder")
    for name in names:
        if name in EXAMPLES:
            count, step, answer = measure(name, seconds)
            lines.append(
                f"| `{name}` | {EXAMPLES[name][0]} | {count:,} | {step:.1f} "
                f"| {answer:.2f} |"
            )
            keras.backend.clear_session()
    without = [f"`{name}`" for name in names if name not in EXAMPLES]
    note = (
        "Not measured, since they are as large as the trained network they "
        f"are given: {', '.join(without)}."
    )
    return "\n".join([*lines, *(["", note] if without else [])])


def versions():
    return (
        f"mmfusion {mm.__version__}, Keras {keras.__version__}, "
        f"TensorFlow {tf.__version__}"
    )
