"""Names, sharing and clashes when a model is put together."""

import keras
import numpy as np
import pytest

import mmfusion as mm

TASK = ["a", "b"]


def _model(encoders, **options):
    return mm.models.fusion_model(
        encoders,
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(TASK),
        **options,
    )


def test_the_same_encoder_twice_shares_its_weights():
    shared = mm.encoders.vector_mlp(3, units=4)
    apart = mm.encoders.vector_mlp(3, units=4)
    both = _model({"left": shared, "right": shared})
    two = _model({"left": shared, "right": apart})
    assert both.count_params() == two.count_params() - apart.count_params()


def test_clashing_names_are_wrapped_and_survive_a_file(tmp_path):
    model = _model(
        {
            "left": mm.encoders.vector_mlp(3, units=4),
            "right": mm.encoders.vector_mlp(3, units=4),
        }
    )
    assert model.modalities["right"]["encoder"] == "right_encoder"
    x = {"left": np.ones((2, 3)), "right": np.zeros((2, 3))}
    model.save(tmp_path / "m.keras")
    again = mm.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(
        again.predict(x, verbose=0)["label"],
        model.predict(x, verbose=0)["label"],
    )


def test_a_shared_encoder_beside_another_of_its_name_survives_a_file(tmp_path):
    first, shared = (mm.encoders.vector_mlp(3, units=4) for _ in range(2))
    model = _model({"a": first, "b": shared, "c": shared})
    parts = model.modalities
    assert parts["b"]["encoder"] == parts["c"]["encoder"]
    x = {name: np.ones((2, 3)) for name in "abc"}
    model.save(tmp_path / "m.keras")
    again = mm.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(
        again.predict(x, verbose=0)["label"],
        model.predict(x, verbose=0)["label"],
    )


def _nested(frame):
    return {
        "clip": mm.encoders.several(frame, count=2, units=4),
        "image": frame,
    }


def _nested_twice(frame):
    return {
        name: mm.encoders.several(frame, count=2, units=4)
        for name in ("left", "right")
    }


@pytest.mark.parametrize("encoders", [_nested, _nested_twice])
def test_weights_in_two_encoders_are_refused(encoders):
    frame = mm.encoders.vector_mlp(3, units=4)
    with pytest.raises(ValueError, match=r"share weights \(.*clone_model"):
        _model(encoders(frame))


def test_several_inputs_of_one_encoder_hang_on_one_flag():
    a = keras.Input((3,), name="ids")
    b = keras.Input((3,), dtype="bool", name="mask")
    pooled = mm.layers.MeanPool()(keras.layers.Embedding(5, 4)(a), mask=b)
    encoder = keras.Model({"ids": a, "mask": b}, pooled, name="text_encoder")
    model = _model(
        {"text": encoder, "v": mm.encoders.vector_mlp(2, units=4)},
        optional=["text"],
    )
    assert sorted(model.input) == ["text", "text_mask", "text_present", "v"]
    v = np.ones((2, 2), "float32")
    p = model.predict({"v": v}, verbose=0)["label"]
    assert np.isfinite(p).all()
    ids = np.ones((2, 3), "float32")
    with pytest.raises(ValueError, match=r"\['text_mask'\] with the rest"):
        model.predict({"v": v, "text": ids}, verbose=0)


def test_several_values_of_one_encoder_have_names_of_their_own():
    ids = keras.Input((3,), name="ids")
    kinds = keras.Input((3,), name="kinds")
    mask = keras.Input((3,), dtype="bool", name="mask")
    words = keras.layers.Embedding(5, 4)
    pooled = mm.layers.MeanPool()(words(ids) + words(kinds), mask=mask)
    encoder = keras.Model(
        {"ids": ids, "kinds": kinds, "mask": mask}, pooled, name="words"
    )
    model = _model({"text": encoder})
    assert sorted(model.input) == ["text_ids", "text_kinds", "text_mask"]


def test_several_tasks_make_several_outputs():
    tasks = [
        mm.tasks.Classification(2, name="kind"),
        mm.tasks.Classification(3, name="colour"),
    ]
    encoders = {"v": mm.encoders.vector_mlp(2, units=4)}
    x, y = (
        {"v": np.ones((6, 2), "float32")},
        {"kind": np.zeros(6, int), "colour": np.ones(6, int)},
    )
    for model in (
        mm.models.fusion_model(encoders, mm.fusion.ConcatFusion(4), tasks),
        mm.models.late_fusion_model(
            encoders, mm.decision.AverageDecision(), tasks
        ),
    ):
        model.compile("sgd", **mm.tasks.compile_arguments(model))
        model.fit(x, y, verbose=0)
        answer = model.predict(x, verbose=0)
        assert {k: v.shape for k, v in answer.items()} == {
            "kind": (6, 2),
            "colour": (6, 3),
        }


@pytest.mark.parametrize(
    "name", ["Image", "2d", "my-image", "x_present", "x_mask", "mask", ""]
)
def test_names_that_break_later_are_refused(name):
    with pytest.raises(ValueError, match="[Mm]odality (name|must not)"):
        _model({name: mm.encoders.vector_mlp(2)})


def test_what_cannot_be_is_refused_with_a_reason():
    encoder = mm.encoders.vector_mlp(2)
    with pytest.raises(ValueError, match="`optional`.*'v'.*Received: 'w'"):
        _model({"v": encoder}, optional=["w"])
    with pytest.raises(ValueError, match="keras.Model"):
        _model({"v": keras.layers.Dense(2)})
    with pytest.raises(ValueError, match="dict of modality name"):
        _model([encoder])
    with pytest.raises(ValueError, match="different names"):
        mm.models.fusion_model(
            {"v": encoder},
            mm.fusion.ConcatFusion(4),
            [mm.tasks.Classification(2), mm.tasks.Classification(2)],
        )


def test_fusions_and_decisions_are_not_mixed_up():
    encoders = {"v": mm.encoders.vector_mlp(2, units=2)}
    task = mm.tasks.Classification(2)
    with pytest.raises(ValueError, match="AverageDecision.*late_fusion_model"):
        mm.models.fusion_model(encoders, mm.decision.AverageDecision(), task)
    with pytest.raises(ValueError, match="ConcatFusion.*`fusion_model`"):
        mm.models.late_fusion_model(encoders, mm.fusion.ConcatFusion(2), task)
    with pytest.raises(ValueError, match="Received: gated"):
        mm.models.fusion_model(encoders, "gated", task)


def test_names_that_collide_are_named():
    with pytest.raises(ValueError, match="'label' twice: input, task"):
        _model({"label": mm.encoders.vector_mlp(2)})
    encoders = {
        "v": mm.encoders.vector_mlp(2, name="w"),
        "w_encoder": mm.encoders.vector_mlp(2, name="x"),
    }
    with pytest.raises(ValueError, match="'w_encoder' twice: input, encoder"):
        _model(encoders)


@pytest.mark.parametrize("name", ["straße", "a b", "id", "status", "x_class"])
def test_names_of_tasks_that_break_later_are_refused(name):
    with pytest.raises(ValueError, match="task or target"):
        mm.tasks.Classification(2, name=name)
