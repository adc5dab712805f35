"""A small data set of TensorFlow Datasets, by the builder below."""

import numpy as np
import tensorflow_datasets as tfds

# Files of more rows than are read from one at a time by default, 16.
ROWS = {"train": 40, "extra": 3, "test": 2}


class TinyPets(tfds.core.GeneratorBasedBuilder):
    """A picture, a text, a sound, numbers, and what no column can hold."""

    VERSION = tfds.core.Version("1.0.0")

    def _info(self):
        types = tfds.features
        return tfds.core.DatasetInfo(
            builder=self,
            features=types.FeaturesDict(
                {
                    "key": np.int32,
                    "photo": types.Image(shape=(None, None, 3)),
                    "title": types.Text(),
                    "sound": types.Audio(sample_rate=8000),
                    "noise": types.Audio(),
                    "kind": types.ClassLabel(names=["cat", "dog"]),
                    "facts": {"age": np.float32, "good": np.bool_},
                    "tags": types.Sequence(types.Text()),
                    "vector": types.Tensor(shape=(2,), dtype=np.float32),
                    "boxes": types.Sequence({"at": types.BBoxFeature()}),
                }
            ),
        )

    def _split_generators(self, manager):
        return {
            name: self._generate_examples(name, rows)
            for name, rows in ROWS.items()
        }

    def _generate_examples(self, split, rows):
        for row in range(rows):
            yield row, example(split, row)


def example(split, row):
    return {
        "key": row,
        "photo": pixels(row),
        "title": f"Grüße {split} {row}",
        "sound": np.arange(5) * 100 - row,
        "noise": np.arange(5),
        "kind": -1 if split == "test" else row % 2,
        "facts": {"age": row / 2, "good": row > 1},
        "tags": ["tag"] * (row % 3),
        "vector": np.array([row, 0.5], "float32"),
        "boxes": [],
    }


def pixels(row):
    return np.full((3, 4, 3), [row, 10 * row, 255], "uint8")


def prepare(folder):
    """Writes the data set below a folder, each split in two files."""
    builder = TinyPets(data_dir=str(folder))
    builder.download_and_prepare(
        file_format="tfrecord",
        download_config=tfds.download.DownloadConfig(num_shards=2),
    )
