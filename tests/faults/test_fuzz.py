"""Damaged tables, files and settings, 5,000 of them: nothing but our errors.

`pytest -m fuzz tests/faults/test_fuzz.py` runs all of `CASES`, and says what
came of them; other runs take one in forty.
"""

import functools

import hypothesis.strategies as st
import pytest

from mmfusion.data.audio import Audio
from mmfusion.data.image import Image
from mmfusion.data.storage import load_inputs
from mmfusion.data.tabular import Tabular
from mmfusion.data.text import Text
from mmfusion.data.vector import Vector
from mmfusion.data.video import Video
from mmfusion.errors import MmfusionError
from mmfusion.schema import Schema
from tests.faults.fuzz import files, settings, tables
from tests.faults.fuzz.bounded import run
from tests.faults.fuzz.mutations import damaged
from tests.faults.fuzz.promises import check_file, check_table

# How many of each kind.
CASES = {
    "tables": {
        "csv": 500,
        "tsv": 300,
        "json_lines": 500,
        "metadata_csv": 150,
        "metadata_jsonl": 150,
    },
    "pictures": {
        "jpeg": 500,
        "png": 500,
        "gif": 150,
        "bmp": 150,
        "webp": 150,
        "tiff": 250,
    },
    "sounds": {
        "wav_16": 250,
        "wav_24": 100,
        "wav_float": 100,
        "flac": 150,
        "ogg": 150,
    },
    "clips": {"mp4": 150, "mkv": 150, "avi": 100},
    "settings": {"inputs_json": 400, "schema_json": 150},
}
PART = 40  # Of which an ordinary run takes one.
# The processes that decode clips are shared.
pytestmark = pytest.mark.xdist_group("video")


def test_there_are_five_thousand_cases():
    assert sum(sum(counts.values()) for counts in CASES.values()) == 5000


def every(group):
    """A part of the cases of each kind, and, marked, all of them."""
    counts = CASES[group].items()
    parts = [pytest.param(kind, -(-n // PART), id=kind) for kind, n in counts]
    whole = [
        pytest.param(kind, n, id=f"{kind}-all", marks=pytest.mark.fuzz)
        for kind, n in counts
    ]
    return pytest.mark.parametrize("kind, count", parts + whole)


@pytest.fixture
def tell(capsys, request):
    """Prints what became of all cases of a kind."""

    def tell(tally, count):
        assert tally.cases >= count
        if request.node.get_closest_marker("fuzz"):
            with capsys.disabled():
                print(f"\n{tally}", end=" ")

    return tell


# Each has a graph, which is made once.
IMAGE = Image(size=(6, 8), max_pixels=1_000_000)
AUDIO = Audio(sample_rate=files.RATE, seconds=0.1, num_mels=8, timeout=30)
VIDEO = Video(size=(8, 8), frames=4, timeout=30)


@every("pictures")
def test_a_damaged_picture_is_a_picture_or_a_bad_value(kind, count, tell):
    mend = files.mend_png if kind == "png" else None
    magic = {"png": 8, "gif": 6, "webp": 12}.get(kind, 4)
    cases = damaged(files.files_of(kind), magic, mend=mend)
    holds = functools.partial(check_file, IMAGE)
    tell(run(kind, cases, holds, count), count)


@every("sounds")
def test_a_damaged_sound_is_a_sound_or_a_bad_value(kind, count, tell):
    mend = files.mend_ogg if kind == "ogg" else None
    magic = 12 if kind.startswith("wav") else 4
    cases = damaged(files.files_of(kind), magic, header=64, mend=mend)
    holds = functools.partial(check_file, AUDIO)
    tell(run(kind, cases, holds, count), count)


@every("clips")
def test_a_damaged_clip_is_a_clip_or_a_bad_value(kind, count, tell):
    def holds(data):
        heard = check_file(AUDIO, data)
        return check_file(VIDEO, data) or heard

    cases = damaged(files.files_of(kind), magic=12, header=400)
    tell(run(kind, cases, holds, count), count)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Of tables, with the files that they name."""
    folder = tmp_path_factory.mktemp("fuzz")
    tables.write_files(folder)
    return folder


PHOTO = Image("file_name", size=(6, 8), optional=True)
PRICE = Vector("price", dim=1, optional=True)


def fresh():
    """Modality objects, new where they learn from the table."""
    return {
        "photo": PHOTO,
        "price": PRICE,
        "facts": Tabular(numbers=["stock"], categories=["brand"]),
        "words": Text("words", length=3),
    }


@functools.cache
def learned():
    """Modality objects that have learned from the table as it should be."""
    found = fresh()
    rows = [dict(zip(tables.HEADER, row, strict=True)) for row in tables.ROWS]
    found["facts"].adapt([found["facts"].read(row) for row in rows])
    found["words"].adapt([row["words"] for row in rows])
    return found


@every("tables")
def test_a_damaged_table_loses_no_row_or_is_refused(kind, count, folder, tell):
    policies = st.sampled_from(["error", "mask", "skip", "predict", "check"])
    # One of the two that take longest.
    beside = st.sampled_from(["photo", "words"])
    table = {
        "csv": tables.delimited("t.csv"),
        "tsv": tables.delimited("t.tsv", "\t"),
        "json_lines": tables.json_lines("t.jsonl"),
        "metadata_csv": tables.delimited("metadata.csv"),
        "metadata_jsonl": tables.json_lines("metadata.jsonl"),
    }[kind]

    def holds(given):
        case, policy, other = given
        inputs = learned() if policy == "predict" else fresh()
        inputs = {name: inputs[name] for name in ("price", "facts", other)}
        path = folder / case.name
        path.write_bytes(case.data)
        whole = folder if kind.startswith("metadata") else path
        try:
            return check_table(whole, case, inputs, policy)
        finally:
            path.unlink()

    cases = st.tuples(table, policies, beside)
    tell(run(kind, cases, holds, count), count)


@every("settings")
def test_damaged_settings_are_loaded_or_refused(kind, count, tmp_path, tell):
    cases = settings.damaged_json(settings.files_of(kind))

    def holds(data):
        (tmp_path / "thing.json").write_bytes(data)
        try:
            if kind == "schema_json":
                Schema.load(tmp_path / "thing.json").to_dict()
            else:
                for modality in load_inputs(tmp_path).values():
                    modality.settings()
                    modality.describe()
        except MmfusionError as error:
            assert str(error)
            return False
        return True

    tell(run(kind, cases, holds, count), count)
