"""What `benchmarks.input_pipeline` reads, and how one would by hand."""

import csv
import io
import wave

import keras
import numpy as np
import PIL.Image
import tensorflow as tf

import mmfusion as mm

SIZE, RATE, WORDS, LENGTH = (224, 224), 16000, 2000, 32


def modality(name):
    """The modality object that reads a column of the table."""
    if name == "image":
        return mm.data.Image("photo", size=SIZE)
    if name == "audio":
        return mm.data.Audio("sound", sample_rate=RATE, seconds=1.0)
    return mm.data.Text("title", vocabulary_size=WORDS, length=LENGTH)


def write(folder, rows):
    """Pictures, sounds and a table that names them."""
    random = np.random.default_rng(0)
    lines = [["photo", "sound", "title", "label"]]
    for row in range(rows):
        _picture(random, (512, 384)).save(folder / f"{row}.jpg", quality=85)
        with wave.open(str(folder / f"{row}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(random.integers(-9000, 9000, RATE, "int16"))
        chosen = np.minimum(random.zipf(1.3, random.integers(10, 30)), 5000)
        title = " ".join(f"word{number}" for number in chosen)
        lines.append([f"{row}.jpg", f"{row}.wav", title, "ab"[row % 2]])
    with open(folder / "table.csv", "w", newline="") as file:
        csv.writer(file).writerows(lines)


def photos(count):
    """JPEGs of 12 million pixels, as a phone takes them."""
    random, found = np.random.default_rng(0), []
    for _ in range(count):
        file = io.BytesIO()
        _picture(random, (4032, 3024)).save(file, "JPEG", quality=90)
        found.append(file.getvalue())
    return found


def _picture(random, size):
    """Smooth colours with some grain, which compress as photographs do."""
    coarse = random.integers(0, 255, (24, 32, 3), "uint8")
    smooth = PIL.Image.fromarray(coarse).resize(size, PIL.Image.BICUBIC)
    grain = random.integers(-6, 7, (size[1], size[0], 1))
    pixels = np.clip(np.asarray(smooth, "int16") + grain, 0, 255)
    return PIL.Image.fromarray(pixels.astype("uint8"))


def plain(folder, names):
    """The same tensors by `tf.data`, as one writes it by hand."""
    with open(folder / "table.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([row["label"] == "b" for row in rows], "int32")
    columns, maps = {}, {}
    if "image" in names:
        columns["image"] = [str(folder / row["photo"]) for row in rows]
        maps["image"] = _image
    if "audio" in names:
        columns["audio"] = [str(folder / row["sound"]) for row in rows]
        maps["audio"] = _audio()
    if "text" in names:
        columns["text"] = [row["title"] for row in rows]
        layer = keras.layers.TextVectorization(
            WORDS, output_sequence_length=LENGTH
        )
        layer.adapt(
            tf.data.Dataset.from_tensor_slices(columns["text"]).batch(256)
        )
        maps["text"] = lambda text: tf.cast(layer(text[None])[0], "int32")

    def load(values, label):
        return {name: maps[name](x) for name, x in values.items()}, label

    def finished(values, label):
        if "image" in values:
            values = {**values, "image": tf.cast(values["image"], "float32")}
        return values, {"label": label}

    dataset = tf.data.Dataset.from_tensor_slices((columns, labels))
    dataset = dataset.map(load, num_parallel_calls=tf.data.AUTOTUNE).cache()
    dataset = dataset.shuffle(len(rows)).batch(64)
    return dataset.map(finished, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def _image(path):
    image = tf.io.decode_jpeg(
        tf.io.read_file(path), channels=3, dct_method="INTEGER_ACCURATE"
    )
    image = tf.image.resize(image, SIZE, antialias=True)
    return tf.cast(tf.clip_by_value(tf.round(image), 0, 255), "uint8")


def _audio():
    filters = tf.signal.linear_to_mel_weight_matrix(64, 257, RATE, 20.0, 8000.0)

    def load(path):
        sound, _ = tf.audio.decode_wav(
            tf.io.read_file(path), desired_channels=1, desired_samples=RATE
        )
        spectrum = tf.signal.stft(sound[:, 0], 400, 160, 512)
        power = tf.square(tf.abs(spectrum))
        return tf.math.log(tf.matmul(power, filters) + 1e-6)

    return load


def check_equal(folder, split):
    """Both sides make the same pictures and sounds of the first rows."""
    expected, _ = split.arrays(range(8))
    with open(folder / "table.csv", newline="") as file:
        rows = list(csv.DictReader(file))[:8]
    audio = _audio()
    for row, image, sound in zip(
        rows, expected["image"], expected["audio"], strict=True
    ):
        np.testing.assert_array_equal(_image(str(folder / row["photo"])), image)
        np.testing.assert_allclose(
            audio(str(folder / row["sound"])), sound, rtol=1e-4, atol=1e-4
        )


def model(schema):
    """The default encoders of some modalities, `concat`, and a softmax."""
    made = mm.models.from_schema(schema)
    made.compile("adam", **mm.tasks.compile_arguments(made))
    return made
