"""Augmentations of pictures, against NumPy and Pillow."""

import numpy as np
import PIL.Image
import PIL.ImageEnhance
import PIL.ImageOps
import pytest
import tensorflow as tf

from mmfusion.data import augment
from mmfusion.data.augment import geometry, image_augmentation, pixels

SEED = (1, 2)


def _pictures(rows=4, height=9, width=9, seed=0):
    """Whole numbers, so that Pillow can have them, too."""
    random = np.random.default_rng(seed)
    low = random.integers(0, 256, (rows, 3, 3, 3)).astype("float32")
    images = tf.image.resize(low, (height, width)).numpy()
    noise = random.normal(0, 6, images.shape)
    return np.clip(np.round(images + noise), 0, 255).astype("float32")


def test_flips_are_those_of_numpy_in_about_half_of_the_rows():
    x = _pictures(64)
    y = augment.Flip(vertical=True)(x, SEED).numpy()
    kinds = []
    for before, after in zip(x, y, strict=True):
        forms = (
            before,
            before[:, ::-1],
            before[::-1],
            before[::-1, ::-1],
        )
        kinds.append([np.array_equal(form, after) for form in forms].index(1))
    counts = np.bincount(kinds, minlength=4)
    assert counts.sum() == 64 and counts.min() >= 6
    only = augment.Flip(chance=1.0)(x, SEED)
    np.testing.assert_array_equal(only, x[:, :, ::-1])


def test_shifts_are_by_whole_pixels_in_all_directions():
    x = _pictures(40, 8, 12)
    for fill, mode in (
        ("zero", {"mode": "constant"}),
        ("edge", {"mode": "edge"}),
    ):
        y = augment.Shift(0.25, fill)(x, SEED).numpy()
        seen = set()
        for before, after in zip(x, y, strict=True):
            wide = np.pad(before, ((2, 2), (3, 3), (0, 0)), **mode)
            found = [
                (2 - top, 3 - left)
                for top in range(5)
                for left in range(7)
                if np.array_equal(wide[top : top + 8, left : left + 12], after)
            ]
            assert len(found) == 1
            seen.add(found[0])
        down, right = zip(*seen, strict=True)
        assert set(down) == set(range(-2, 3))
        assert set(right) == set(range(-3, 4))


def test_positive_shifts_go_down_and_right():
    x = _pictures(1)
    y = geometry.moved(x, tf.constant([2]), tf.constant([1]), "zero").numpy()
    np.testing.assert_array_equal(y[:, 2:, 1:], x[:, :-2, :-1])
    assert not y[:, :2].any() and not y[:, :, :1].any()


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_are_those_of_numpy(turns):
    x = _pictures(2, 8, 8)
    degrees = tf.fill([2], 90.0 * turns)
    y = geometry.rotated(x, degrees, "edge").numpy()
    np.testing.assert_allclose(y, np.rot90(x, turns, (1, 2)), atol=0.02)


def test_rotation_fills_with_what_was_asked_for():
    x = np.full((8, 20, 20, 3), 200, "float32")
    edge = augment.Rotate(45)(x, SEED).numpy()
    np.testing.assert_allclose(edge, 200, rtol=1e-6)
    zero = augment.Rotate(45, "zero")(x, SEED).numpy()
    assert zero.min() == 0 and zero[:, 10, 10].min() == 200


def test_shearing_moves_rows_by_their_distance_from_the_middle():
    x = _pictures(1, 9, 9)
    # From row 8, four below the middle: 0.5 * 4 = 2 pixels.
    y = geometry.sheared(x, tf.constant([0.5]), tf.constant([0.0]), "zero")
    np.testing.assert_allclose(y[0, 8, :7], x[0, 8, 2:], atol=1e-3)
    np.testing.assert_allclose(y[0, 4], x[0, 4], atol=1e-3)
    y = geometry.sheared(x, tf.constant([0.0]), tf.constant([0.5]), "zero")
    np.testing.assert_allclose(y[0, :7, 8], x[0, 2:, 8], atol=1e-3)


def test_crops_lie_inside_and_have_the_area_and_aspect_asked_for():
    drawn = augment.Crop(0.3, 2.0).draw(500, (8, 8), SEED)
    top, left, bottom, right = drawn["box"].numpy().T
    assert min(top.min(), left.min()) >= 0
    assert max(bottom.max(), right.max()) <= 1 + 1e-6
    height, width = bottom - top, right - left
    free = (height < 1) & (width < 1)
    area, aspect = (height * width)[free], (width / height)[free]
    assert 0.29 < area.min() < 0.35 and area.max() <= 1
    assert 0.5 - 1e-6 <= aspect.min() < 0.55 and 1.8 < aspect.max() <= 2.0
    # A picture in which a pixel is its place tells what was taken.
    rows, columns = np.mgrid[:9, :9] / 8.0
    x = np.stack([rows, columns, rows], -1)[None].astype("float32")
    y = augment.Crop(0.3).apply(x, {"box": drawn["box"][:1]}).numpy()[0]
    box = drawn["box"].numpy()[0]
    np.testing.assert_allclose(y[0, 0, :2], box[:2], atol=1e-5)
    np.testing.assert_allclose(y[-1, -1, :2], box[2:], atol=1e-5)


ENHANCE = {
    "brightness": PIL.ImageEnhance.Brightness,
    "contrast": PIL.ImageEnhance.Contrast,
    "saturation": PIL.ImageEnhance.Color,
    "sharpness": PIL.ImageEnhance.Sharpness,
}


def _by_pillow(x, change):
    images = [PIL.Image.fromarray(row.astype("uint8")) for row in x]
    return np.stack([np.asarray(change(image), "float32") for image in images])


@pytest.mark.parametrize("factor", [0.3, 1.0, 1.7])
@pytest.mark.parametrize("name", ENHANCE)
def test_colours_are_those_of_pillow(name, factor):
    x = _pictures()
    y = getattr(pixels, name)(x, tf.fill([4], factor))
    expected = _by_pillow(x, lambda image: ENHANCE[name](image).enhance(factor))
    # Pillow rounds in between, up to one grey twice.
    np.testing.assert_allclose(np.clip(y, 0, 255), expected, atol=2.0)


def test_each_row_has_its_own_factor():
    x = _pictures(2)
    y = pixels.brightness(x, tf.constant([0.5, 1.0]))
    np.testing.assert_allclose(y, x * [[[[0.5]]], [[[1.0]]]])


def test_tables_are_those_of_pillow():
    x = np.concatenate([_pictures(), np.full((1, 9, 9, 3), 7, "float32")])
    np.testing.assert_array_equal(
        pixels.equalize(x), _by_pillow(x, PIL.ImageOps.equalize)
    )
    large = _pictures(2, 40, 50)  # Whose steps are above one.
    np.testing.assert_array_equal(
        pixels.equalize(large), _by_pillow(large, PIL.ImageOps.equalize)
    )
    large[:, 20:] = 240  # Half of all in the last one.
    np.testing.assert_array_equal(
        pixels.equalize(large), _by_pillow(large, PIL.ImageOps.equalize)
    )
    np.testing.assert_allclose(
        pixels.auto_contrast(x),
        _by_pillow(x, PIL.ImageOps.autocontrast),
        atol=1.0,
    )
    np.testing.assert_array_equal(
        pixels.solarize(x, tf.fill([5], 100.0)),
        _by_pillow(x, lambda image: PIL.ImageOps.solarize(image, 100)),
    )
    np.testing.assert_array_equal(
        pixels.posterize(x, tf.fill([5], 3.0)),
        _by_pillow(x, lambda image: PIL.ImageOps.posterize(image, 3)),
    )


def test_hue_goes_around_the_circle():
    red = np.array([[[[200, 0, 0]]]], "float32")
    third = pixels.hue(red, tf.constant([1 / 3]))
    np.testing.assert_allclose(third, [[[[0, 200, 0]]]], atol=1e-3)
    x = _pictures()
    around = pixels.hue(x, tf.fill([4], 1.0))
    np.testing.assert_allclose(around, x, atol=0.01)


def test_colour_draws_within_what_it_was_given():
    x = np.full((400, 1, 1, 3), 100, "float32")
    y = augment.Colour(0.3, 0, 0)(x, SEED).numpy()[:, 0, 0, 0] / 100
    assert 0.7 <= y.min() < 0.71 and 1.29 < y.max() <= 1.3
    # One option leaves the draws of the others.
    more = augment.Colour(0.3, 0, 0, hue=0.5)(x, SEED).numpy()[:, 0, 0, 0]
    np.testing.assert_allclose(more / 100, y, rtol=1e-5)


def test_cutout_is_one_rectangle_of_the_size_asked_for():
    x = np.ones((300, 20, 12, 3), "float32")
    y = augment.Cutout(0.5, "zero")(x, SEED).numpy()[..., 0]
    hole = y == 0
    heights, widths = hole.any(2).sum(1), hole.any(1).sum(1)
    np.testing.assert_array_equal(hole.sum((1, 2)), heights * widths)
    assert heights.max() == 10 and widths.max() == 6
    assert heights.min() < 10 and widths.min() < 6  # Some reach outside.
    inside = np.mean((heights == 10) & (widths == 6))
    assert 0.2 < inside < 0.45  # 11 of 20 rows, 7 of 12 columns: 0.32.
    x = _pictures(1)
    y = augment.Cutout(1.0)(x, SEED).numpy()[0]
    mean = np.broadcast_to(x[0].mean((0, 1)), y.shape)
    painted = np.isclose(y, mean, atol=1e-3).all(-1)
    assert painted.mean() > 0.2


def test_rand_augment_draws_for_each_row_and_from_all():
    drawn = augment.RandAugment(num_ops=2).draw(600, (8, 8), SEED)
    counts = np.bincount(drawn["op"].numpy().ravel(), minlength=14)
    assert len(counts) == 14 and counts.min() > 50
    x = _pictures(60, 12, 12)
    y = augment.RandAugment(num_ops=1, magnitude=30)(x, SEED).numpy()
    op = augment.RandAugment(num_ops=1).draw(60, (12, 12), SEED)["op"]
    op = op.numpy()[:, 0]
    np.testing.assert_array_equal(y[op == 0], x[op == 0])
    equalized = _by_pillow(x[op == 2], PIL.ImageOps.equalize)
    np.testing.assert_array_equal(y[op == 2], equalized)
    np.testing.assert_array_equal(y[op == 4], 255 - x[op == 4])
    unlike = [np.any(a != b) for a, b in zip(x[op > 2], y[op > 2], strict=True)]
    assert np.mean(unlike) == 1


def test_rand_augment_is_stronger_the_larger_its_magnitude():
    x = _pictures(80, 16, 16)
    still = [0, 1, 2]  # Identity, and two that know no magnitude.
    change = []
    for magnitude in (0, 5, 15, 30):
        thing = augment.RandAugment(1, magnitude)
        op = thing.draw(80, (16, 16), SEED)["op"].numpy()[:, 0]
        moving = ~np.isin(op, still)
        y = thing(x, SEED).numpy()
        change.append(np.abs(y - x)[moving].mean())
    assert change[0] < 0.01 and change == sorted(change)


def test_what_leaves_the_range_is_clipped():
    class Add(image_augmentation.ImageAugmentation):
        def draw(self, rows, size, seed):
            return {"more": tf.fill((rows, 1, 1, 1), 200.0)}

        def apply(self, images, drawn):
            return images + drawn["more"] * [1.0, -1.0, 0.0]

    x = np.full((2, 3, 2, 2, 3), 100, "float32")  # Clips of three frames.
    y = Add()(x, SEED).numpy()
    np.testing.assert_array_equal(y, x * 0 + [255, 0, 100])
