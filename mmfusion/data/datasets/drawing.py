"""Pictures of a few simple shapes, no two alike."""

import numpy as np

SHAPES = ("circle", "square", "triangle", "cross")

_BLOCK = 512  # Pictures at a time: keeps the scratch memory small.


def _circle(x, y):
    return np.hypot(x, y) - 1.0


def _square(x, y):
    return np.maximum(np.abs(x), np.abs(y)) - 0.85


def _triangle(x, y):
    # Three half-planes; y grows downwards, so the tip is up.
    side = np.sqrt(3) / 2 * np.abs(x) - y / 2
    return np.maximum(side, y) - 0.6


def _cross(x, y):
    x, y = np.abs(x), np.abs(y)
    return np.minimum(
        np.maximum(x - 1.0, y - 0.33), np.maximum(x - 0.33, y - 1.0)
    )


_OUTLINES = (_circle, _square, _triangle, _cross)


def draw(symbols, size, rng):
    """Draws one shape a picture, at a random place, size, tilt and colour.

    Edges are soft over one pixel. Shape and ground differ by at least a
    quarter of the range in every colour channel; over both lies noise.

    Args:
        symbols: int array `(rows,)`, indices into `SHAPES`.
        size: tuple `(height, width)`.
        rng: `numpy.random.Generator`.

    Returns:
        uint8 array `(rows, height, width, 3)`.

    Example:

    >>> draw(np.array([0, 1]), (24, 32), np.random.default_rng(0)).shape
    (2, 24, 32, 3)
    """
    pictures = np.empty((len(symbols), *size, 3), "uint8")
    for start in range(0, len(symbols), _BLOCK):
        block = slice(start, start + _BLOCK)
        pictures[block] = _draw(symbols[block], size, rng)
    return pictures


def _draw(symbols, size, rng):
    def uniform(low, high):
        return rng.uniform(low, high, (len(symbols), 1, 1)).astype("float32")

    # All lengths are in pixels; the whole shape, tilted or not, stays inside.
    height, width = size
    radius = uniform(0.26, 0.40) * min(size)
    tilt = uniform(-0.25, 0.25)  # About 14 degrees either way.
    centre_y = radius + uniform(0, 1) * (height - 2 * radius)
    centre_x = radius + uniform(0, 1) * (width - 2 * radius)
    y = np.arange(0.5, height, dtype="float32")[:, None] - centre_y
    x = np.arange(0.5, width, dtype="float32")[None, :] - centre_x
    cos, sin = np.cos(tilt) / radius, np.sin(tilt) / radius
    x, y = x * cos + y * sin, y * cos - x * sin

    cover = np.empty((len(symbols), height, width), "float32")
    for symbol, outline in enumerate(_OUTLINES):
        chosen = symbols == symbol
        distance = outline(x[chosen], y[chosen]) * radius[chosen]
        cover[chosen] = np.clip(0.5 - distance, 0.0, 1.0)

    ground, paint = _colours(len(symbols), rng)
    pictures = ground + cover[..., None] * (paint - ground)
    noise = rng.standard_normal(pictures.shape, "float32")
    pictures += noise * uniform(2.0, 16.0)[..., None]
    return np.clip(np.rint(pictures), 0, 255).astype("uint8")


def _colours(rows, rng):
    """Ground and paint, `(rows, 1, 1, 3)` each, at least 64 of 255 apart."""
    shape = (rows, 1, 1, 3)
    dark = rng.uniform(0, 160, shape)
    light = rng.uniform(dark + 64, 255)
    # One for all three channels: red on green of equal brightness would be
    # hard to see.
    swap = rng.random((rows, 1, 1, 1)) < 0.5
    ground, paint = np.where(swap, light, dark), np.where(swap, dark, light)
    return ground.astype("float32"), paint.astype("float32")
