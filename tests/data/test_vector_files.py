"""Files of word vectors: every format, and what is wrong with a file."""

import gzip
import struct

import numpy as np
import pytest

from mmfusion.data.vector_files import entries
from mmfusion.errors import DataError

WORDS = ["the", "naïve", "ice"]
TABLE = np.array([[1, 2], [-0.5, 1e-3], [0, 4]], "float32")
LINES = [
    " ".join([word, *map(repr, row)])
    for word, row in zip(WORDS, TABLE.tolist(), strict=True)
]


def _binary(words=WORDS, table=TABLE, end=b"\n", header=None):
    content = header or f"{len(words)} {table.shape[1]}\n".encode()
    for word, row in zip(words, table, strict=True):
        content += word.encode() + b" " + row.astype("<f4").tobytes() + end
    return content


def _npy(folder, table=TABLE, words=WORDS):
    np.save(folder / "v.npy", table)
    (folder / "v.txt").write_text("\n".join(words), encoding="utf-8")
    return folder / "v.npy"


def _read(path, wanted=lambda word: True, **options):
    return {word: v for _, word, v in entries(path, wanted, **options)}


def _write(folder, content, name="v.txt"):
    path = folder / name
    if isinstance(content, str):
        content = content.encode("utf-8")
    path.write_bytes(content)
    return path


TEXT = "\n".join(LINES)
GOOD = {
    "glove": ("v.txt", TEXT + "\n"),
    "glove-no-end": ("v.txt", TEXT),
    "word2vec": ("v.vec", f"3 2\n{TEXT} \n"),
    "windows": ("v.txt", "\ufeff" + TEXT.replace("\n", "\r\n")),
    "tabs": ("v.txt", TEXT.replace(" ", "\t")),
    "blank-end": ("v.txt", f"3 2\n{TEXT}\n\n\n"),
    "binary": ("v.bin", _binary()),
    "binary-no-break": ("v.bin", _binary(end=b"")),
    "text-gz": ("v.txt.gz", gzip.compress(TEXT.encode())),
    "binary-gz": ("v.bin.gz", gzip.compress(_binary())),
}


@pytest.mark.parametrize("name", GOOD)
def test_every_format_gives_the_same(name, tmp_path):
    file, content = GOOD[name]
    found = _read(_write(tmp_path, content, file))
    assert list(found) == WORDS
    for word, row in zip(WORDS, TABLE, strict=True):
        assert found[word].dtype == "float32"
        np.testing.assert_array_equal(found[word], row)


def test_arrays_have_their_words_beside_them(tmp_path):
    for dtype in ("float32", "float64"):
        path = _npy(tmp_path, TABLE.astype(dtype))
        found = _read(path)
        np.testing.assert_array_equal(np.stack(list(found.values())), TABLE)
        assert list(found) == WORDS
    (tmp_path / "v.txt").rename(tmp_path / "w.vocab")
    assert list(_read(path, words_path=tmp_path / "w.vocab")) == WORDS


def test_only_what_is_wanted_is_kept_from_a_large_file(tmp_path):
    dim, count = 300, 5000  # More than one piece of a binary file.
    table = np.arange(count * dim, dtype="float32").reshape(count, dim)
    words = [f"w{i}" for i in range(count)]
    path = _write(tmp_path, _binary(words, table), "v.bin")
    found = _read(path, {"w0", "w2500", "w4999"}.__contains__)
    assert list(found) == ["w0", "w2500", "w4999"]
    np.testing.assert_array_equal(found["w2500"], table[2500])
    found["w2500"][0] = 1.0  # A copy, not a piece of the file.


def test_words_with_blanks_and_blank_words_are_passed_over(tmp_path):
    text = "the 1.0 2.0\n. . . 1.0 2.0\nat a@b.c 1.0 2.0\n 1.0 2.0\nice 0 4\n"
    found = _read(_write(tmp_path, text))
    assert list(found) == ["the", ". . .", "at a@b.c", "ice"]


FAULTY = {
    "short": ("a 1 2\nb 1\n", "v.txt:2: has 1 numbers behind.*where 2 belong"),
    "long": ("a 1 2\nb 1 2 3\n", "v.txt:2: has 3 numbers"),
    "word": ("a 1 2\nb 1 x\n", "v.txt:2: 'x'.* is no number|b'x'"),
    "first": ("a 1 x\nb 1 2\n", "v.txt:1: has 2 numbers.*where some belong"),
    "header": ("3 2\na 1 2\nb 1 2\n", "holds 2 vectors.*says 3.*cut off"),
    "header-dim": ("2 3\na 1 2\nb 1 2\n", "v.txt:2: has 2 .*where 3"),
    "hole": ("a 1 2\n\nb 1 2\n", "v.txt:2: is empty"),
    "nothing": ("", "v.txt: holds no vector"),
    "only-header": ("0 2\n", "holds no vector"),
    "nan": ("a 1 nan\n", "v.txt:1: the vector of 'a' is not finite"),
    "large": ("a 1 1e39\n", "v.txt:1: the vector of 'a' is not finite"),
    "latin": (b"a 1 2\ncaf\xe9 1 2\n", "v.txt:2: the word .* is not UTF-8"),
    "one-line": (b"a" * 1_000_001, "v.txt:1: is too long for a line"),
    "binary": (_binary(), "v.txt:2: .*binary"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_faults_of_text_say_their_line(name, tmp_path):
    content, message = FAULTY[name]
    with pytest.raises(DataError, match=message) as caught:
        _read(_write(tmp_path, content))
    assert len(caught.value.problems) == 1


NAN = np.where(TABLE == 4, np.nan, TABLE)
CUT = {
    "header": (b"x y\n", ":1: is no line `count dim`"),
    "empty": (b"", ":1: is no line `count dim`"),
    "text": (TEXT.encode(), ":1: is no line `count dim`"),
    "vector": (_binary()[:-5], "word 3 of 3: is cut off"),
    "word": (_binary(end=b"")[:-11], "word 3 of 3: is cut off"),
    "count": (_binary(header=b"4 2\n"), "word 4 of 4: is cut off"),
    "more": (_binary(header=b"2 2\n"), "more than the 2 vectors"),
    "nan": (_binary(table=NAN), "word 3 of 3: .*not finite"),
    "latin": (b"1 1\n\xe9 " + struct.pack("<f", 1), "not UTF-8"),
    "no-word": (b"1 1\n" + b"x" * 20_000, "has no end"),
}


@pytest.mark.parametrize("name", CUT)
def test_faults_of_binary_say_which_word(name, tmp_path):
    content, message = CUT[name]
    with pytest.raises(DataError, match=message):
        _read(_write(tmp_path, content, "v.bin"))


def test_faults_of_arrays(tmp_path):
    path = _npy(tmp_path, words=WORDS[:2])
    with pytest.raises(DataError, match="v.txt: has 2 words, .* has 3 rows"):
        _read(path)
    path = _npy(tmp_path, words=["a", "", "b"])
    with pytest.raises(DataError, match="v.txt:2: is empty"):
        _read(path)
    path = _npy(tmp_path, NAN)
    with pytest.raises(DataError, match="v.txt:3: .*'ice' is not finite"):
        _read(path)
    for table in (TABLE[0], TABLE.astype("int32"), TABLE[None]):
        with pytest.raises(DataError, match="of shape"):
            _read(_npy(tmp_path, table))
    objects = np.array([[print]], dtype=object)
    np.save(path, objects, allow_pickle=True)
    with pytest.raises(DataError, match="cannot be read: .*[Oo]bject"):
        _read(path)
    _npy(tmp_path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DataError, match="cannot be read"):
        _read(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match="cannot be read"):
        _read(path)
    _npy(tmp_path)
    (tmp_path / "v.txt").unlink()
    with pytest.raises(DataError, match="v.txt: cannot be read: No such"):
        _read(path)


def test_files_that_are_not_there_and_cut_archives(tmp_path):
    for name in ("n.txt", "n.bin", "n.npy", "n.txt.gz"):
        with pytest.raises(DataError, match=f"{name}: cannot be read: No such"):
            _read(tmp_path / name)
    with pytest.raises(DataError, match="cannot be read"):
        _read(tmp_path)
    whole = gzip.compress(f"{TEXT}\n".encode() * 100)
    for content in (whole[:-20], b"no archive"):
        with pytest.raises(DataError, match="v.gz: cannot be read"):
            _read(_write(tmp_path, content, "v.gz"))
