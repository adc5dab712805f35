"""text_cnn: windows stand on tokens, and padding does not count."""

import numpy as np
import pytest

from mmfusion.encoders import text_cnn
from mmfusion.errors import ArgumentError

SIZES = {"units": 4, "embedding": 3, "filters": 2, "widths": (2, 3)}


def _rows(*texts):
    return np.array(texts, "int32")


def test_it_is_the_formula():
    encoder = text_cnn(10, length=5, **SIZES)
    random = np.random.default_rng(0)
    weights = [random.normal(size=w.shape) for w in encoder.get_weights()]
    encoder.set_weights(weights)
    table, kernel_2, bias_2, kernel_3, bias_3, dense, shift = weights
    text = [4, 7, 2]
    parts = []
    for kernel, bias in ((kernel_2, bias_2), (kernel_3, bias_3)):
        width = len(kernel)
        before = (width - 1) // 2
        answers = []
        for place in range(len(text)):
            answer = bias.copy()
            for step in range(width):
                at = place - before + step
                if 0 <= at < len(text):
                    answer += table[text[at]] @ kernel[step]
            answers.append(np.maximum(answer, 0))
        parts.append(np.max(answers, axis=0))
    expected = np.maximum(np.concatenate(parts) @ dense + shift, 0)
    assert expected.max() > 0
    given = np.asarray(encoder(_rows([*text, 0, 0])))[0]
    np.testing.assert_allclose(given, expected, rtol=1e-4, atol=1e-5)


def test_padding_behind_the_text_changes_nothing():
    for pool in ("max", "mean", "attention"):
        short = text_cnn(10, length=3, pool=pool, **SIZES)
        long = text_cnn(10, length=7, pool=pool, **SIZES)
        # A large bias would win in every window that stands on padding.
        weights = [w + 0.5 * (w.ndim == 1) for w in short.get_weights()]
        short.set_weights(weights)
        long.set_weights(weights)
        np.testing.assert_allclose(
            np.asarray(long(_rows([2, 3, 4, 0, 0, 0, 0]))),
            np.asarray(short(_rows([2, 3, 4]))),
            atol=1e-6,
        )


def test_a_text_of_padding_alone_gives_one_constant():
    encoder = text_cnn(10, length=3, **SIZES)
    first, second = np.asarray(encoder(_rows([0, 0, 0], [0, 0, 0])))
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("widths", [(), 3, (3, 0), None])
def test_widths_are_checked(widths):
    with pytest.raises(ArgumentError, match="`widths`"):
        text_cnn(10, widths=widths)
