import importlib

import numpy as np
import pytest
import soundfile

from mmfusion import models, tasks
from mmfusion.data.datasets import clips as corpus
from mmfusion.data.datasets import noise
from mmfusion.errors import ArgumentError, DataError
from tests.data.datasets import folders

# In the package the name stands for the function.
module = importlib.import_module("mmfusion.data.datasets.grid")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grid")
    return folder, folders.clips(folder)


@pytest.fixture(scope="module")
def loaded(small):
    return corpus.load(small[0])


def test_clips_are_matched_by_id(small, loaded):
    folder, rows = small
    assert [clip.id for clip in loaded] == [row["id"] for row in rows[::-1]]
    for clip in loaded:
        row = next(row for row in rows if row["id"] == clip.id)
        assert clip.words["digit"] == row["digit"]
        assert (clip.mouth[:, 0, 0] == int(clip.id[1:])).all()
        theirs, rate = soundfile.read(folder / row["wav"], dtype="int16")
        np.testing.assert_array_equal(clip.wave, theirs)
        assert rate == corpus.RATE


def test_windows_are_around_the_word(loaded):
    """The fifth word is between frames 48 and 57: 52.5, 2.1 seconds."""
    clip = loaded[3]
    assert clip.middle("digit") == pytest.approx(2.1)
    frames = clip.frames_around(2.1, 16)
    assert frames[:, 1, 1].tolist() == list(range(44, 60))
    sound = clip.sound_around(2.1, 16)
    start = round(2.1 * 8000) - 16 * 320 // 2
    np.testing.assert_array_equal(sound, clip.wave[start : start + 5120])


def test_windows_stay_within_the_clip(loaded):
    clip = loaded[0]
    assert clip.frames_around(0.0, 16)[:, 1, 1].tolist() == list(range(16))
    assert clip.frames_around(3.0, 16)[:, 1, 1].tolist() == list(range(59, 75))
    np.testing.assert_array_equal(clip.sound_around(3.0, 16), clip.wave[-5120:])
    np.testing.assert_array_equal(clip.sound_around(1.5, 75), clip.wave)


@pytest.mark.parametrize("target", corpus.WORDS)
def test_any_word_is_a_target(small, target):
    data = module.grid(small[0], target, frames=4)
    rows = {row["id"]: row for row in small[1]}
    assert data.train.classes["label"] == sorted(folders.WORDS[target])
    for split in (data.train, data.validation, data.test):
        for key, y in zip(split.ids(), split.targets["label"], strict=True):
            assert rows[key][target] == split.classes["label"][y]
            assert (rows[key]["split"] == "test") == (split is data.test)
    assert (data.train.rows, data.validation.rows, data.test.rows) == (12, 4, 4)


def test_without_noise_a_window_is_the_sound_at_another_volume(loaded):
    _, sounds = module.windows(loaded, "digit", 16, float("inf"), 0)
    clean = [c.sound_around(c.middle("digit"), 16) / 32768 for c in loaded]
    loudest = max(np.abs(sound).max() for sound in clean)
    np.testing.assert_allclose(
        sounds / 32767 * loudest, np.stack(clean), atol=2e-5
    )


def test_noise_has_its_ratio_and_depends_on_seed_and_row(loaded):
    _, one = module.windows(loaded, "digit", 16, -10.0, 0)
    _, again = module.windows(loaded, "digit", 16, -10.0, 0)
    _, other = module.windows(loaded, "digit", 16, -10.0, 1)
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
    clean = [c.sound_around(c.middle("digit"), 16) / 32768 for c in loaded]
    gain = noise.gain_for(clean, -10.0)
    for heard, sound in zip(one, clean, strict=True):
        rest = heard / 32767 / gain - sound
        ratio = 10 * np.log10((sound**2).mean() / (rest**2).mean())
        assert ratio == pytest.approx(-10.0, abs=0.3)


def test_mouths_are_clips_that_the_default_encoder_takes(small, loaded):
    data = module.grid(small[0], frames=4, optional=True)
    clip = data.inputs["mouth"]
    assert (clip.content, clip.shape) == ("clip", (4, 3, 4, 3))
    assert clip.optional
    arrays, targets = data.test.arrays()
    by_id = {clip.id: clip for clip in loaded}
    grey = [
        by_id[key].frames_around(by_id[key].middle("digit"), 4)
        for key in data.test.ids()
    ]
    np.testing.assert_array_equal(
        arrays["mouth"], np.stack([grey] * 3, axis=-1)
    )
    assert arrays["mouth_mask"].all()
    model = models.from_schema(
        data.schema, encoders={"sound": {"hidden": [4], "units": 4}}
    )
    model.compile("adam", **tasks.compile_arguments(model))
    encoder = model.get_layer(model.modalities["mouth"]["encoder"])
    before = encoder.get_weights()
    model.fit(data.train.batches(4), epochs=1, verbose=0)
    after = encoder.get_weights()
    assert not any(map(np.array_equal, before, after))
    assert np.isfinite(model.predict(arrays, verbose=0)["label"]).all()


def test_the_whole_clip(small, loaded):
    data = module.grid(small[0], frames=None)
    assert data.inputs["sound"].seconds == 3.0
    mouths, sounds = module.windows(loaded, "digit", None, float("inf"), 0)
    assert mouths.shape == (20, 75, 3, 4) and sounds.shape == (20, 24_000)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "colour"}, "`target` to be one of 'command'"),
        ({"frames": 76}, "`frames` to be between 2 and 75"),
        ({"frames": 2.5}, "`frames`"),
        ({"snr": float("nan")}, "`snr`"),
        ({"validation": 0}, "`validation`"),
    ],
)
def test_arguments_that_cannot_be(arguments, message, tmp_path):
    with pytest.raises(ArgumentError, match=message):
        module.grid(tmp_path, **arguments)


def test_what_is_broken_is_named(tmp_path):
    folders.clips(tmp_path, count=5)
    sound = tmp_path / "wav/c3.wav"
    whole = sound.read_bytes()
    for data, message in (
        (whole[:20], "c3.wav: cannot be read"),
        (whole[:-4000], "c3.wav: expects one channel of 16 bits"),
    ):
        sound.write_bytes(data)
        with pytest.raises(DataError, match=message):
            module.grid(tmp_path)
    sound.write_bytes(whole)
    mouths = tmp_path / "mouth_25fps.npz"
    with np.load(mouths) as stored:
        given = dict(stored)
    np.savez(mouths, mouth=given["mouth"][:, :70], id=given["id"])
    with pytest.raises(DataError, match=r"uint8 mouths \(5, 75, height"):
        module.grid(tmp_path)
    np.savez(mouths, mouth=given["mouth"], id=["x", *given["id"][1:]])
    with pytest.raises(ValueError, match="clip of .*'x'"):
        module.grid(tmp_path)
    mouths.write_bytes(b"PK")
    with pytest.raises(DataError, match="mouth_25fps.npz: cannot be read"):
        module.grid(tmp_path)


def test_a_word_that_is_not_in_the_alignment(tmp_path):
    rows = folders.clips(tmp_path, count=5)
    rows[2]["align"] = rows[2]["align"].replace(rows[2]["digit"], "six")
    folders.write_csv(tmp_path / "grid_s1.csv", rows)
    with pytest.raises(DataError, match="clip 'c2' expects the word"):
        module.grid(tmp_path)
