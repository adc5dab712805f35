"""Faults of texts."""

import json

import numpy as np
import pytest

from mmfusion.data.checkup import check
from mmfusion.data.modality import BadValue
from mmfusion.data.storage import load_inputs, save_inputs
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError


def learned(**options):
    text = Text(vocabulary_size=6, length=4, **options)
    text.adapt(["red wine", "red car"])
    return text


@pytest.mark.parametrize("raw", [b"caf\xe9", b"\xff\xfea\0", b"\xc0\xaf"])
def test_fault_23_what_is_not_utf_8_is_refused_alike_everywhere(raw):
    text = learned()
    with pytest.raises(BadValue, match="not UTF-8 at byte"):
        text.read(raw)
    assert text.check(raw).numpy() == b"cannot be decoded"


@pytest.mark.parametrize("value", ["", " \t\n", "\0", None, float("nan"), b""])
def test_fault_24_nothing_is_missing_and_never_a_word(value):
    assert learned().is_missing(value)


@pytest.mark.parametrize("word", ["nan", "None", "NA", "null"])
def test_fault_24_a_word_is_a_word_whatever_it_says(word):
    text = learned()
    assert not text.is_missing(word) and text.read(word) == word


@pytest.mark.parametrize(
    "given, cleaned",
    [
        ("red\0wine", "red wine"),
        ("red\x07\x1b wine", "red   wine"),
        ("\u202ered\u202c wine", "\u202ered\u202c wine"),
        ("😀 red", "😀 red"),
        ("e\u0301te\u0301", "e\u0301te\u0301"),
    ],
)
def test_fault_25_odd_characters_do_no_harm(given, cleaned):
    text = learned()
    assert text.read(given) == cleaned
    host = text.transform(text.read(given)).numpy()
    np.testing.assert_array_equal(text.transform(text.decode(given)), host)


def test_fault_25_a_text_has_a_cap_before_it_is_split():
    text = learned(max_bytes=100)
    with pytest.raises(BadValue, match="101 bytes, more than `max_bytes=100`"):
        text.read("a" * 101)
    assert text.check("é" * 51).numpy() == b"too large"
    assert len(learned().read("word " * 200_000)) == 999_999


def test_fault_25_what_is_cut_is_counted(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{'long ' * row}text {row},{row % 2}" for row in range(8)]
    path.write_text("\n".join(["text,label", *rows]))
    found = check(path, {"t": Text("text", length=5)}, "label", split={})
    (line,) = found.inputs["t"].findings
    assert line.startswith("4 of 8 texts of train are longer than `length=5`")


def test_fault_26_the_rate_of_unknown_words_is_told():
    text = learned()
    assert text.out_of_vocabulary_rate(["blue boat"]) == 1.0
    assert text.out_of_vocabulary_rate(["red boat", "wine"]) == 1 / 3
    (line,) = text.findings({"train": ["red wine"], "test": ["blue boat"]})
    assert line.startswith("100.0 % of the words of test are unknown; is it")


def test_fault_27_a_vocabulary_is_there_once_or_refused(tmp_path):
    save_inputs({"t": learned()}, tmp_path)
    path = tmp_path / "t.json"
    content = json.loads(path.read_text())
    content["state"]["vocabulary"][1] = content["state"]["vocabulary"][0]
    path.write_text(json.dumps(content))
    with pytest.raises(
        ArgumentError, match="state that is damaged.*repeated term"
    ):
        load_inputs(tmp_path)
    path.unlink()
    with pytest.raises(ArgumentError, match="holds no modality object"):
        load_inputs(tmp_path)
