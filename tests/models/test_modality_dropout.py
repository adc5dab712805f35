"""Modality dropout in a model: as if a row had come without, in training."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError

BUILD = {
    "fusion": lambda *args, **kw: mm.models.fusion_model(
        args[0], mm.fusion.ConcatFusion(4), args[1], **kw
    ),
    "decision": lambda *args, **kw: mm.models.late_fusion_model(
        args[0], mm.decision.AverageDecision(), args[1], **kw
    ),
}
every_kind = pytest.mark.parametrize("kind", BUILD)


def _model(kind, optional=("a", "b"), **options):
    keras.utils.set_random_seed(0)
    encoders = {
        name: mm.encoders.vector_mlp(3, units=4, hidden=(5,)) for name in "ab"
    }
    task = mm.tasks.Classification(3)
    return BUILD[kind](encoders, task, optional=optional, **options)


def _rows(rows=200):
    random = np.random.default_rng(0)
    x = {n: random.normal(size=(rows, 3)).astype("float32") for n in "ab"}
    return x | {f"{n}_present": np.ones(rows, "bool") for n in "ab"}


def _copy(source, target):
    for own, theirs in zip(
        target.trainable_variables, source.trainable_variables, strict=True
    ):
        own.assign(np.array(theirs))


@every_kind
def test_a_row_in_training_is_one_that_came_with_less(kind):
    model, x = _model(kind, modality_dropout=0.4), _rows()
    off = np.zeros(200, "bool")
    possible = np.stack(
        [
            model(flags, training=False)["label"]
            for flags in (x, {**x, "a_present": off}, {**x, "b_present": off})
        ]
    )
    seen = np.asarray(model(x, training=True)["label"])
    near = np.abs(possible - seen).max(-1).argmin(0)
    np.testing.assert_allclose(
        possible[near, np.arange(200)], seen, rtol=1e-5, atol=1e-6
    )
    assert set(near) == {0, 1, 2}
    plain = _model(kind)
    _copy(model, plain)
    np.testing.assert_array_equal(
        *(part.predict(x, verbose=0)["label"] for part in (model, plain))
    )


@every_kind
def test_what_a_row_must_have_never_goes(kind):
    model, x = _model(kind, optional=("b",), modality_dropout=0.9), _rows()
    x.pop("a_present")
    alone = model({**x, "b_present": np.zeros(200, "bool")})["label"]
    seen = np.asarray(model(x, training=True)["label"])
    gone = np.abs(seen - np.asarray(alone)).max(1) < 1e-6
    assert 0.8 < gone.mean() < 1.0


@every_kind
def test_the_own_head_learns_from_every_row_that_has_its_modality(kind):
    x, y = _rows(), {"label": np.arange(200) % 3}
    x["b_present"][:50] = False
    plain, dropped = (
        _model(kind, auxiliary=True, modality_dropout=rate)
        for rate in (0.0, 0.9)
    )
    _copy(plain, dropped)
    before = plain.predict(x, verbose=0)["label_b"]
    weights = {name: float(name == "label_b") for name in plain.output}
    for model in (plain, dropped):
        arguments = mm.tasks.compile_arguments(model, weights)
        model.compile(keras.optimizers.SGD(1.0), **arguments)
        model.fit(x, y, batch_size=200, verbose=0)
    own, theirs = (m.predict(x, verbose=0)["label_b"] for m in (plain, dropped))
    assert not np.allclose(own, before, atol=1e-3)
    np.testing.assert_allclose(theirs, own, atol=1e-6)


@every_kind
def test_it_survives_a_file(kind, tmp_path):
    model, x = _model(kind, modality_dropout=0.4), _rows()
    model.save(tmp_path / "m.keras")
    again = mm.load_model(tmp_path / "m.keras")
    assert again.get_layer("modality_dropout").rate == 0.4
    assert not np.array_equal(
        again(x, training=True)["label"], again(x)["label"]
    )


def test_nothing_optional_cannot_go():
    with pytest.raises(ArgumentError, match="no modality is `optional`"):
        _model("fusion", optional=(), modality_dropout=0.5)
