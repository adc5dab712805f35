import importlib
import pathlib

import numpy as np
import pytest
from sklearn.decomposition import PCA

from mmfusion.data.datasets import recordings
from mmfusion.data.datasets.recordings import Recording
from mmfusion.errors import ArgumentError, DataError
from tests.helpers import SHARED_DATASETS, needs_dataset

# In the package the name stands for the function.
module = importlib.import_module("mmfusion.data.datasets.av_mnist")
SPLITS = ("train", "validation", "test")


def _tiny(snr=-10.0, variance=0.9, seed=0):
    """Two digits, 12 recordings of each, images of one grey each."""
    rng = np.random.default_rng(0)
    spoken = [
        Recording(
            f"{digit}_ann_{index}",
            digit,
            "ann",
            index,
            rng.uniform(-0.5, 0.5, 1500).astype("float32"),
        )
        for digit in range(2)
        for index in range(12)
    ]
    pools = {}
    for part, count in {"train": 400, "test": 200}.items():
        labels = rng.integers(2, size=count)
        images = (
            rng.integers(100, size=(count, 5, 4)) + 100 * labels[:, None, None]
        )
        pools[part] = images.astype("uint8"), labels
    splits = recordings.split_by_recording(spoken)
    return module.paired(snr, variance, seed, splits, pools), spoken, pools


def _of(rows, name):
    return rows["split"] == name


def _images(rows, name):
    """Such as `train00012`: which images the rows of a split show."""
    return [key.split("+")[1] for key in rows["id"][_of(rows, name)]]


def test_each_recording_meets_as_many_images_as_its_split_says():
    rows, _, _ = _tiny()
    for name, times in {"train": 10, "validation": 12, "test": 12}.items():
        _, counts = np.unique(
            rows["recording"][_of(rows, name)], return_counts=True
        )
        assert set(counts) == {times}


def test_pairs_agree_on_the_digit():
    rows, _, pools = _tiny()
    for key, label in zip(rows["id"], rows["label"], strict=True):
        recording, image = key.split("+")
        part = image.rstrip("0123456789")
        assert int(recording[0]) == label
        assert pools[part][1][int(image.removeprefix(part))] == label


def test_splits_share_nothing():
    rows, _, _ = _tiny()
    heard = [set(rows["recording"][_of(rows, name)]) for name in SPLITS]
    seen = [_images(rows, name) for name in SPLITS]
    assert all(len(set(images)) == len(images) for images in seen)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not heard[one] & heard[other]
        assert not set(seen[one]) & set(seen[other])
    assert all(image.startswith("train") for image in seen[0] + seen[1])
    assert all(image.startswith("test") for image in seen[2])


def test_noise_is_fixed_by_seed_split_and_row():
    rows, spoken, _ = _tiny()
    again, _, _ = _tiny()
    other, _, _ = _tiny(seed=1)
    for name, column in rows.items():
        np.testing.assert_array_equal(column, again[name])
    assert not np.array_equal(rows["sound"], other["sound"])
    # Row 3 of validation, made by hand from nothing but its number.
    at = np.flatnonzero(_of(rows, "validation"))[3]
    by_name = {recording.name: recording.samples for recording in spoken}
    samples = by_name[rows["recording"][at]]
    gain = module.gain_for(list(by_name.values()), -10.0)
    rng = np.random.default_rng([0, 1, 3])
    expected = module.under_noise(samples, 8000, -10.0, gain, rng)
    np.testing.assert_array_equal(rows["sound"][at], expected)


def test_noise_differs_between_rows_of_one_recording():
    rows, _, _ = _tiny()
    same = rows["recording"] == rows["recording"][0]
    assert len(np.unique(rows["sound"][same], axis=0)) == same.sum() == 10


def test_components_are_fitted_to_the_training_rows_only():
    rows, _, pools = _tiny(variance=0.3)
    changed = {**pools, "test": (255 - pools["test"][0], pools["test"][1])}
    splits = {
        name: [
            Recording(key, int(key[0]), "ann", 0, np.ones(9, "float32"))
            for key in np.unique(rows["recording"][_of(rows, name)])
        ]
        for name in SPLITS
    }
    one = module.paired(0.0, 0.3, 0, splits, pools)
    two = module.paired(0.0, 0.3, 0, splits, changed)
    train, test = _of(one, "train"), _of(one, "test")
    np.testing.assert_array_equal(one["image"][train], two["image"][train])
    assert not np.array_equal(one["image"][test], two["image"][test])


def test_whole_variance_and_no_noise_leave_everything_as_it_is():
    rows, spoken, pools = _tiny(snr=float("inf"), variance=1.0)
    images = np.concatenate([pools["train"][0], pools["test"][0]])
    number = {"train": 0, "test": len(pools["train"][0])}
    by_name = {recording.name: recording.samples for recording in spoken}
    loudest = max(np.abs(samples).max() for samples in by_name.values())
    for at in (0, 100, -1):
        recording, image = rows["id"][at].split("+")
        part = image.rstrip("0123456789")
        index = number[part] + int(image.removeprefix(part))
        np.testing.assert_array_equal(rows["image"][at], images[index])
        heard = rows["sound"][at].astype("float64") / 32767 * loudest
        np.testing.assert_allclose(heard[:1500], by_name[recording], atol=1e-4)
        assert not heard[1500:].any()


def test_a_missing_data_set_is_said_before_anything_is_read(tmp_path):
    with pytest.raises(DataError, match="Data sets are missing") as caught:
        module.av_mnist(data_dir=tmp_path)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"snr": float("nan")}, "`snr` to be between"),
        ({"variance": 1.5}, "`variance` to be between 0 and 1"),
        ({"by": "digit"}, "'recording', 'speaker'"),
        ({"speakers": {"test": ["theo"]}}, "`by='speaker'`"),
    ],
)
def test_arguments_that_cannot_be(arguments, message):
    with pytest.raises(ArgumentError, match=message):
        module.av_mnist(**arguments)


@pytest.fixture(scope="module")
def real():
    return module.av_mnist(data_dir=SHARED_DATASETS)


def _modified():
    """When each file of the prepared copies was changed, and its size."""
    root = pathlib.Path(SHARED_DATASETS)
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_size)
        for name in ("mnist", "spoken_digit")
        for path in (root / name).rglob("*")
    }


@pytest.mark.slow
@needs_dataset("mnist", "spoken_digit")
def test_the_real_data_set(real):
    before = _modified()
    for name, rows, units in (
        ("train", 20_000, 2000),
        ("validation", 3000, 250),
        ("test", 3000, 250),
    ):
        split = getattr(real, name)
        assert split.rows == rows
        assert split.unit == "recording"
        assert len(np.unique(split.groups)) == units
        counts = np.bincount(split.targets["label"])
        assert set(counts) == {rows // 10}
    assert real.train.classes["label"] == list(range(10))
    images = [
        {key.split("+")[1] for key in getattr(real, name).ids()}
        for name in SPLITS
    ]
    assert [len(part) for part in images] == [20_000, 3000, 3000]
    assert not images[0] & images[1] and not images[2] & (images[0] | images[1])
    indices = [
        {int(key.split("_")[2]) for key in getattr(real, name).groups}
        for name in SPLITS
    ]
    assert indices[0] == set(range(10, 50))
    assert (indices[1], indices[2]) == (set(range(5, 10)), set(range(5)))
    assert _modified() == before


@pytest.mark.slow
@needs_dataset("mnist", "spoken_digit")
def test_four_components_hold_a_quarter_of_real_digits(real):
    pixels, _ = module._digits_to_see("train", SHARED_DATASETS)
    rows = [int(key.split("+train")[1]) for key in real.train.ids()]
    original = pixels[rows].reshape(20_000, -1)
    fitted = module.PrincipalComponents(original, 0.25)
    theirs = PCA(4, svd_solver="covariance_eigh").fit(original)
    assert len(fitted.components) == 4
    assert theirs.explained_variance_ratio_[:3].sum() < 0.25 <= fitted.held
    # What the model gets is what scikit-learn makes of it, rounded.
    few = np.arange(0, 20_000, 400)
    theirs = theirs.inverse_transform(theirs.transform(original[few]))
    shown = real.train.arrays(few)[0]["image"]
    assert (shown[..., 0] == shown[..., 2]).all()
    np.testing.assert_allclose(
        shown[..., 0].reshape(len(few), -1), np.clip(theirs, 0, 255), atol=0.51
    )


@pytest.mark.slow
@needs_dataset("mnist", "spoken_digit")
def test_real_sounds_have_the_ratio_they_should(real):
    clean = {r.name: r.samples for r in recordings.load(SHARED_DATASETS)}
    gain = module.gain_for(list(clean.values()), -10.0)
    rows = np.arange(0, 3000, 150)
    ratios = []
    for row, raw in zip(rows, real.test.raw(rows)["sound"], strict=True):
        heard = real.inputs["sound"].read(raw) / gain * 32768 / 32767
        assert heard.shape == (8000,)
        samples = clean[real.test.groups[row]].astype("float64")
        heard[: len(samples)] -= samples[:8000]
        ratio = np.mean(samples**2) / np.mean(heard.astype("float64") ** 2)
        ratios.append(10 * np.log10(ratio))
    np.testing.assert_allclose(ratios, -10.0, atol=0.3)


@pytest.mark.slow
@needs_dataset("mnist", "spoken_digit")
def test_speakers_left_out():
    spoken = recordings.load(SHARED_DATASETS)
    pools = {
        part: module._digits_to_see(part, SHARED_DATASETS)
        for part in ("train", "test")
    }
    splits = recordings.split_by_speaker(spoken, **module._SPEAKERS)
    rows = module.paired(-10.0, 0.25, 0, splits, pools)
    speakers = {
        name: {key.split("_")[1] for key in rows["recording"][_of(rows, name)]}
        for name in SPLITS
    }
    assert speakers == {
        "train": {"george", "jackson", "nicolas"},
        "validation": {"theo"},
        "test": {"yweweler"},
    }
    assert [_of(rows, name).sum() for name in SPLITS] == [15_000, 6000, 6000]
