"""Alignment between encoders and a fusion or a decision."""

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion import layers
from mmfusion.ops import canonical_correlations, cosine_similarity
from tests.conformance.cases import ALIGNMENTS

ROWS = 48
every_alignment = pytest.mark.parametrize(
    "case", [case for case in ALIGNMENTS if not case.variant], ids=str
)
NAMES = ("audio", "image", "text")


def _model(alignment, decision=False, optional=("audio", "text"), names=NAMES):
    keras.utils.set_random_seed(0)
    encoders = {
        name: mm.encoders.vector_mlp(3, units=4, hidden=(), name=name)
        for name in names
    }
    task = mm.tasks.Classification(2)
    options = {"optional": optional, "alignment": alignment}
    if decision:
        decision = mm.decision.AverageDecision()
        model = mm.models.late_fusion_model(encoders, decision, task, **options)
    else:
        fusion = mm.fusion.ConcatFusion(3)
        model = mm.models.fusion_model(encoders, fusion, task, **options)
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def _data(names=NAMES):
    """Three views of one hidden vector, with noise of their own."""
    random = np.random.default_rng(0)
    hidden = random.normal(size=(ROWS, 2))
    x = {}
    for name in names:
        mixed = hidden @ random.normal(size=(2, 3))
        x[name] = (mixed + 0.5 * random.normal(size=(ROWS, 3))).astype("f")
    return x, {"label": (hidden[:, 0] > 0).astype("int32")}


def _answer(model, x):
    x = keras.tree.map_structure(keras.ops.convert_to_tensor, x)
    return keras.ops.convert_to_numpy(model(x)["label"])


@pytest.mark.variant
@every_alignment
def test_absence_files_and_single_modalities(case, tmp_path):
    model = _model(case.create(), decision=case.name == "projection")
    x, y = _data()
    flags = {
        "audio_present": np.arange(ROWS) % 2 == 0,
        "text_present": np.arange(ROWS) % 3 == 0,
    }
    broken = {name: value.copy() for name, value in x.items()}
    for name in ("audio", "text"):
        broken[name][~flags[f"{name}_present"]] = np.nan
    loss = model.fit({**broken, **flags}, y, verbose=0).history["loss"]
    assert np.isfinite(loss).all()
    for weight in model.get_weights():
        assert np.isfinite(weight).all()
    # What is absent changes nothing, and leaving it out is the same.
    mixed = _answer(model, {**x, **flags})
    np.testing.assert_array_equal(_answer(model, {**broken, **flags}), mixed)
    alone = _answer(model, {"image": x["image"]})
    np.testing.assert_allclose(mixed[1], alone[1], atol=1e-6)
    # A file keeps it all.
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    assert again.alignment == model.alignment
    np.testing.assert_array_equal(_answer(again, {**x, **flags}), mixed)
    # One modality alone has the same layers, as far as they take one.
    single = mm.models.alone(model, "image")
    assert single.alignment == model.alignment
    assert _answer(single, {"image": x["image"]}).shape == (ROWS, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "create,measure",
    [
        (
            lambda: layers.DeepCCAAlignment(1.0, 0.01),
            lambda a, b: canonical_correlations(a, b, None, 0.01),
        ),
        (
            lambda: layers.ContrastiveAlignment(1.0, 0.5, True),
            lambda a, b: np.diag(cosine_similarity(a, b)),
        ),
    ],
    ids=["deep_cca", "contrastive"],
)
def test_training_raises_what_the_loss_measures(create, measure):
    x, y = _data(("image", "text"))

    def fitted(weight, epochs=25, xla=False):
        aligner = create()
        aligner.weight = weight
        model = _model(aligner, optional=(), names=("image", "text"))
        model.compile(
            keras.optimizers.Adam(0.03),
            jit_compile=xla,
            **mm.tasks.compile_arguments(model),
        )
        history = model.fit(
            x, y, batch_size=ROWS, epochs=epochs, shuffle=False, verbose=0
        )
        towers = [
            model.get_layer(f"{name}_encoder")(x[name])
            for name in ("image", "text")
        ]
        score = np.mean(keras.ops.convert_to_numpy(measure(*towers)))
        return model, history.history["loss"], score

    model, with_loss, after = fitted(1.0)
    _, without, before = fitted(0.0)
    assert after > before + 0.1
    # In the first step the weights are the same: the difference is the loss.
    assert abs(with_loss[0] - without[0]) > 0.1
    assert with_loss[-1] < with_loss[0]
    # XLA takes the same steps.
    _, compiled, _ = fitted(1.0, epochs=3, xla=True)
    np.testing.assert_allclose(compiled, with_loss[:3], rtol=1e-3)
    # It belongs to training, not to the answer.
    task = keras.losses.SparseCategoricalCrossentropy()(
        y["label"], _answer(model, x)
    )
    found = model.evaluate(x, y, verbose=0, return_dict=True)["loss"]
    np.testing.assert_allclose(found, float(task), rtol=1e-4)


def _sequence(name):
    """A stand-in for an encoder of sequences."""
    x = keras.Input((5, 3), name=name)
    mask = keras.Input((5,), dtype="bool", name="mask")
    kept = mm.layers.KeepPresent()(x, mask)
    sequence = keras.layers.Dense(4)(kept)
    return keras.Model(
        {name: x, "mask": mask},
        {"sequence": sequence, "mask": mask},
        name=f"{name}_encoder",
    )


def test_sequences_meet_and_are_pooled_for_any_fusion():
    encoders = {
        "image": mm.encoders.vector_mlp(3, units=4),
        "sound": _sequence("sound"),
        "words": _sequence("words"),
    }
    model = mm.models.fusion_model(
        encoders,
        mm.fusion.GatedFusion(3),
        mm.tasks.Classification(2),
        optional=("sound",),
        alignment=[
            layers.ProjectionAlignment(4),
            layers.CrossAttentionAlignment(
                2, hidden=3, pairs=[["words", "sound"], ["sound", "image"]]
            ),
            layers.ResamplerAlignment(2, num_heads=2, pool="mean"),
        ],
    )
    random = np.random.default_rng(0)
    x = {
        "image": random.normal(size=(4, 3)).astype("f"),
        "sound": random.normal(size=(4, 5, 3)).astype("f"),
        "sound_mask": np.arange(5) < np.array([[5], [3], [0], [1]]),
        "words": random.normal(size=(4, 5, 3)).astype("f"),
        "words_mask": np.arange(5) < np.array([[2], [5], [1], [0]]),
    }
    expected = _answer(model, x)
    broken = {
        **x,
        "sound": np.where(x["sound_mask"][..., None], x["sound"], np.nan),
        "words": np.where(x["words_mask"][..., None], x["words"], np.nan),
    }
    np.testing.assert_array_equal(_answer(model, broken), expected)
    # Nothing of the sound counts in row 2, and with the flag in none.
    silent = {k: v for k, v in x.items() if not k.startswith("sound")}
    close = np.isclose(_answer(model, silent), expected).all(axis=1)
    assert close.tolist()[:2] == [False, False]
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    model.fit(broken, {"label": np.array([0, 1, 1, 0])}, verbose=0)
    for weight in model.get_weights():
        assert np.isfinite(weight).all()


def test_what_cannot_align_is_refused_with_a_reason():
    with pytest.raises(ValueError, match="ProjectionAlignment.*: Dense"):
        _model(keras.layers.Dense(3))
    with pytest.raises(ValueError, match="Received: projection"):
        _model(["projection"])
    twice = layers.ProjectionAlignment(3)
    with pytest.raises(ValueError, match="twice: alignment, alignment"):
        _model([twice, twice])
    with pytest.raises(ValueError, match="'label' twice: alignment, task"):
        _model(layers.ProjectionAlignment(3, name="label"))


@pytest.mark.variant
@pytest.mark.parametrize("fusion", ["concat", "decision"])
def test_sequences_with_masks_align_without_a_warning(fusion):
    masked = {
        "concat": mm.encoders.text_transformer(
            9, length=4, units=8, embedding=8, num_heads=2, pool=None
        ),
        "decision": mm.encoders.text_gru(
            9, length=4, units=8, embedding=4, pool=None
        ),
    }
    encoders = {
        "image": mm.encoders.image_vit(
            (8, 8, 3), units=8, patch=(4, 4), num_layers=1
        ),
        "text": masked[fusion],
    }
    alignment = [
        layers.ProjectionAlignment(8),
        layers.CrossAttentionAlignment(num_heads=2),
        layers.ResamplerAlignment(2, num_heads=2, pool="mean"),
    ]
    task = mm.tasks.Classification(2)
    if fusion == "concat":
        model = mm.models.fusion_model(
            encoders, mm.fusion.ConcatFusion(3), task, alignment=alignment
        )
    else:
        model = mm.models.late_fusion_model(
            encoders, mm.decision.AverageDecision(), task, alignment=alignment
        )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    x = {
        "image": np.ones((2, 8, 8, 3), "float32"),
        "text": np.array([[1, 2, 0, 0], [3, 4, 5, 6]], "int32"),
    }
    history = model.fit(x, {"label": np.array([0, 1])}, verbose=0).history
    assert np.isfinite(history["loss"]).all()
