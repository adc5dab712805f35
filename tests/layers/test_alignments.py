"""What is special about each layer of alignment."""

import numpy as np
import pytest
from keras import ops

from mmfusion import layers
from mmfusion.ops import contrastive, cosine_similarity, deep_cca, l2_normalize


def _floats(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def _numpy(x):
    return ops.convert_to_numpy(x)


def test_a_projection_is_w_x_plus_b_on_rows_and_steps():
    layer = layers.Projection(3)
    x = _floats(2, 5, 4)
    z = _numpy(layer(x))
    kernel, bias = (np.array(w) for w in layer.weights)
    layer.linear.bias.assign(bias + 1)
    np.testing.assert_allclose(_numpy(layer(x)), x @ kernel + 1, atol=1e-5)
    np.testing.assert_allclose(_numpy(layer(x[:, 0])), z[:, 0] + 1, atol=1e-5)
    unit = layers.Projection(3, normalize=True)
    lengths = np.linalg.norm(_numpy(unit(x)), axis=-1)
    np.testing.assert_allclose(lengths, np.ones((2, 5)), atol=1e-5)
    assert len(layers.Projection(3, use_bias=False)(x).shape) == 3


def test_the_shared_map_is_one_and_the_adapters_are_many():
    x = {"a": _floats(2, 4), "b": _floats(2, 3, 4, seed=1)}
    layer = layers.SharedProjectionAlignment(3, activation="tanh")
    z = layer(x)
    kernel, _ = (np.array(w) for w in layer.weights)
    for name in x:
        np.testing.assert_allclose(
            _numpy(z[name]), np.tanh(x[name] @ kernel), atol=1e-5
        )
    wide = {**x, "b": _floats(2, 3, 6)}
    with pytest.raises(ValueError, match=r"'a': 4, 'b': 6.*Give `width=`"):
        layers.SharedProjectionAlignment(3)(wide)
    layer = layers.SharedProjectionAlignment(3, width=5, normalize=True)
    z = layer(wide)
    # 5 * (4 + 6 + 2) for the adapters, 3 * (5 + 1) for what is shared.
    assert layer.count_params() == 60 + 18
    inner = x["a"] @ np.array(layer.adapters["a"].linear.kernel)
    expected = l2_normalize(inner @ np.array(layer.shared.kernel))
    np.testing.assert_allclose(_numpy(z["a"]), _numpy(expected), atol=1e-5)


def test_targets_take_the_mean_of_the_sources_that_are_there():
    x = {name: _floats(3, 2, 4, seed=i) for i, name in enumerate("abc")}
    here = {
        "b": np.array([True, False, False]),
        "c": np.array([True, True, False]),
    }
    layer = layers.CrossAttentionAlignment(2, pairs=[["a", "b"], ["a", "c"]])
    y = _numpy(layer(x, here)["a"])
    from_b, from_c = (
        _numpy(layer.blocks[f"a_from_{s}_0"](x["a"], x[s])) for s in "bc"
    )
    np.testing.assert_allclose(y[0], (from_b[0] + from_c[0]) / 2, atol=1e-5)
    np.testing.assert_allclose(y[1], from_c[1], atol=1e-5)
    np.testing.assert_array_equal(y[2], x["a"][2])
    wide = layers.CrossAttentionAlignment(2, merge="concat")
    parts = wide(x, here)
    assert {name: p.shape[-1] for name, p in parts.items()} == dict(
        a=8, b=8, c=8
    )
    # An absent source leaves the target in its place.
    np.testing.assert_array_equal(_numpy(parts["a"])[1, :, :4], x["a"][1])
    shapes = wide.compute_output_shape({n: v.shape for n, v in x.items()})
    assert shapes == {n: tuple(p.shape) for n, p in parts.items()}


def test_pairs_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="`pairs`.*'a', 'b'.*'text'"):
        layers.CrossAttentionAlignment(2, pairs=[["a", "text"]])(
            {"a": _floats(2, 4), "b": _floats(2, 4)}
        )
    with pytest.raises(ValueError, match="different pairs"):
        layers.CrossAttentionAlignment(2, pairs=[["a", "a"]])


@pytest.mark.parametrize(
    "layer",
    [
        layers.ContrastiveAlignment(learn_temperature=True),
        layers.CrossAttentionAlignment(2, pairs=[["a", "b"]]),
        layers.CrossAttentionAlignment(2, merge="concat"),
        layers.DeepCCAAlignment(),
    ],
)
def test_with_one_modality_there_is_nothing_to_align_to(layer):
    x = _floats(3, 4)
    y = layer({"a": x}, training=True)
    np.testing.assert_array_equal(_numpy(y["a"]), x)
    assert layer.weights == [] and layer.losses == []


@pytest.mark.parametrize("pool,width", [(None, 4), ("mean", 4), ("concat", 8)])
def test_resampled_sequences_of_a_dict(pool, width):
    x = {"a": _floats(2, 5, 4), "b": _floats(2, 3)}
    layer = layers.ResamplerAlignment(2, num_heads=2, pool=pool)
    y = layer(x, masks={"a": np.arange(5) < np.array([[5], [0]])})
    steps = (2,) if pool is None else ()
    assert tuple(y["a"].shape) == (2, *steps, width)
    assert not _numpy(y["a"])[1].any()
    np.testing.assert_array_equal(_numpy(y["b"]), x["b"])
    assert layer.compute_output_shape({k: v.shape for k, v in x.items()}) == {
        k: tuple(v.shape) for k, v in y.items()
    }


def test_losses_are_of_pairs_of_pooled_views_in_training_only():
    x = {
        "a": _floats(9, 2),
        "b": _floats(9, 3, 2, seed=1),
        "c": _floats(9, 2, seed=2),
    }
    mask = np.arange(3) < np.array([3, 1, 2, 3, 0, 1, 2, 3, 3])[:, None]
    flag = np.arange(9) != 2
    kept = np.where(mask[..., None], x["b"], 0).sum(1)
    pooled = {**x, "b": kept / np.maximum(mask.sum(1), 1)[:, None]}
    x["b"][~mask] = np.nan
    x["c"][~flag] = np.nan
    here = {"a": flag | True, "b": mask.any(1), "c": flag}

    def mean_over_pairs(loss):
        pairs = (("a", "b"), ("a", "c"), ("b", "c"))
        rows = [here[m] & here[n] for m, n in pairs]
        return np.mean(
            [
                float(loss(pooled[m][k], pooled[n][k]))
                for (m, n), k in zip(pairs, rows, strict=True)
            ]
        )

    cases = [
        (
            layers.DeepCCAAlignment(0.5, 0.01, 1),
            mean_over_pairs(lambda a, b: deep_cca(a, b, None, 0.01, 1)),
        ),
        (
            layers.ContrastiveAlignment(0.5, 0.3),
            mean_over_pairs(
                lambda a, b: ops.mean(
                    contrastive(cosine_similarity(a, b), temperature=0.3)
                )
            ),
        ),
    ]
    for layer, expected in cases:
        y = layer(x, {"c": flag}, {"b": mask}, training=True)
        np.testing.assert_allclose(
            float(layer.losses[0]), 0.5 * expected, rtol=1e-4
        )
        np.testing.assert_array_equal(_numpy(y["a"]), x["a"])
        layer(x, {"c": flag}, {"b": mask})
        assert layer.losses == []


def test_a_contrast_of_different_widths_names_the_way_out():
    with pytest.raises(ValueError, match="one width.*ProjectionAlignment"):
        layers.ContrastiveAlignment()({"a": _floats(2, 3), "b": _floats(2, 4)})
