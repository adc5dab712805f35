"""Gradient modulation: the dominant encoder is slowed by the formula."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.training import GradientModulation, Method
from tests.training import small


def _coefficients(model, x, y, alpha):
    p = small.probabilities(model, x)
    at = np.arange(small.ROWS), y["label"]
    a = p["label_a"][at].mean()
    b = p["label_b"][at][x["b_present"]].mean()
    ratios = {"a": a / b, "b": b / a}
    return {
        name: 1 - np.tanh(alpha * ratio) if ratio > 1 else 1.0
        for name, ratio in ratios.items()
    }


def _step(method, x, y):
    """By how much one step of SGD moved each weight, by path."""
    model = method.model
    before = {v.path: np.array(v) for v in model.trainable_variables}
    method.compile(keras.optimizers.SGD(0.5))
    method.fit(x, y, batch_size=small.ROWS, shuffle=False, verbose=0)
    return {
        v.path: np.array(v) - before[v.path] for v in model.trainable_variables
    }


def test_encoders_move_by_their_coefficient_heads_in_full():
    x, y, _ = small.rows()
    k = _coefficients(small.model(), x, y, alpha=0.5)
    assert min(k.values()) < 1.0 == max(k.values())
    plain = _step(Method(small.model()), x, y)
    method = GradientModulation(small.model(), 0.5, noise=False)
    slowed = _step(method, x, y)
    owners = {
        variable.path: name
        for name in "ab"
        for variable in method.model.get_layer(f"{name}_tower_encoder").weights
    }
    assert len(owners) == 8 < len(slowed)
    for (path, moved), full in zip(slowed.items(), plain.values(), strict=True):
        factor = k.get(owners.get(path), 1.0)
        np.testing.assert_allclose(
            moved, factor * full, rtol=1e-4, atol=1e-6, err_msg=path
        )


def test_dense_layers_get_no_noise():
    x, y, _ = small.rows()
    moved = [
        _step(GradientModulation(small.model(), noise=noise, seed=3), x, y)
        for noise in (False, True)
    ]
    for one, other in zip(*(m.values() for m in moved), strict=True):
        np.testing.assert_array_equal(one, other)


def _with_pictures():
    keras.utils.set_random_seed(0)
    return mm.models.fusion_model(
        {
            "a": mm.encoders.image_cnn((8, 8, 1), units=4, hidden=(3, 5)),
            "b": mm.encoders.vector_mlp(2, units=4, hidden=()),
        },
        mm.fusion.ConcatFusion(6),
        mm.tasks.Classification(small.CLASSES),
        auxiliary=True,
    )


def test_convolutions_get_seeded_noise_of_their_gradients_deviation():
    x, y, _ = small.rows()
    random = np.random.default_rng(0)
    x = {
        "a": 255 * random.random((small.ROWS, 8, 8, 1), "float32"),
        "b": x["b"],
    }
    quiet, noisy, same, other = (
        _step(GradientModulation(_with_pictures(), noise=n, seed=s), x, y)
        for n, s in ((False, 1), (True, 1), (True, 1), (True, 2))
    )
    plain = _step(Method(_with_pictures()), x, y)
    kernels = 0
    # A copy of the model has other names, in the same order.
    for moved in zip(
        *(m.values() for m in (quiet, noisy, same, other, plain)), strict=True
    ):
        without, noise, again, by_other_seed, full = moved
        np.testing.assert_array_equal(noise, again)
        if noise.ndim < 4:
            np.testing.assert_array_equal(noise, without)
            continue
        kernels += 1
        assert np.abs(noise - by_other_seed).max() > 1e-6
        # Of the gradient as it was, not as it is slowed.
        assert 0.6 < (noise - without).std() / full.std() < 1.5
    assert kernels == 2


def test_two_targets_and_rows_without_a_modality_count_alike():
    x, y, _ = small.rows()
    keras.utils.set_random_seed(1)
    model = mm.models.fusion_model(
        {
            "a": mm.encoders.vector_mlp(3, units=4),
            "b": mm.encoders.vector_mlp(2, units=4),
        },
        mm.fusion.ConcatFusion(6),
        [mm.tasks.Classification(3, name=n) for n in ("colour", "size")],
        optional=["b"],
        auxiliary=True,
    )
    labels = {"colour": y["label"], "size": (y["label"] + 1) % 3}
    p = small.probabilities(model, x)
    here = {"a": np.ones(small.ROWS, bool), "b": x["b_present"]}
    rows = np.arange(small.ROWS)
    scores = {
        m: sum(p[f"{t}_{m}"][rows, labels[t]][here[m]].mean() for t in labels)
        for m in "ab"
    }
    ratios = {"a": scores["a"] / scores["b"], "b": scores["b"] / scores["a"]}
    expected = {m: 1 - np.tanh(0.5 * max(r, 1)) for m, r in ratios.items()}
    method = GradientModulation(model, 0.5)
    given = {f"{t}{end}": labels[t] for t in labels for end in ("", "_a", "_b")}
    found = method.coefficients(x, given, method(x, training=True))
    for m, ratio in ratios.items():
        want = expected[m] if ratio > 1 else 1.0
        assert float(found[m]) == pytest.approx(want, rel=1e-5)


def test_it_needs_heads_of_several_modalities():
    with pytest.raises(ArgumentError, match="auxiliary=True"):
        GradientModulation(small.model(auxiliary=False))
