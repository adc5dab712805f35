"""A `FusionModel` takes batches that are cut to their longest row."""

import keras
import numpy as np
import pytest
from keras import ops

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.models import fewer_steps

ROWS, LENGTH, STEPS, FEW = 6, 8, 5, 3


def _model(title=None, walk=None, **options):
    keras.utils.set_random_seed(0)
    encoders = {
        "title": title or mm.encoders.text_transformer(9, LENGTH, 4, 4),
        "walk": walk
        or mm.encoders.vector_sequence(
            (STEPS, 2), 4, (4,), "gru", masked=True, name="walk"
        ),
    }
    model = mm.models.fusion_model(
        encoders,
        mm.fusion.ConcatFusion(4),
        mm.tasks.Classification(3),
        **options,
    )
    model.compile("sgd", **mm.tasks.compile_arguments(model))
    return model


def _rows():
    random = np.random.default_rng(0)
    ends = np.resize([FEW, 1, 2], ROWS)[:, None]
    ids = random.integers(1, 9, (ROWS, LENGTH)) * (np.arange(LENGTH) < ends)
    mask = np.arange(STEPS) < ends
    x = {
        "title": ids.astype("int32"),
        "walk": random.normal(size=(ROWS, STEPS, 2)).astype("float32"),
        "walk_mask": mask,
    }
    return x, {"label": random.integers(0, 3, ROWS)}


def _cut(x, few=FEW):
    return {key: value[:, :few] for key, value in x.items()}


def _mean(_):
    """An encoder that counts padding."""
    inputs = keras.Input((LENGTH,), dtype="int32", name="title")
    y = ops.mean(keras.layers.Embedding(9, 4)(inputs), axis=1)
    return keras.Model(inputs, y, name="title_encoder")


def test_answers_and_losses_are_those_of_padded_rows():
    model = _model()
    x, y = _rows()
    for few in (FEW, FEW + 1):
        np.testing.assert_allclose(
            model.predict(_cut(x, few), verbose=0)["label"],
            model.predict(x, verbose=0)["label"],
            rtol=1e-5,
        )
    assert model.evaluate(_cut(x), y, verbose=0)[0] == pytest.approx(
        model.evaluate(x, y, verbose=0)[0], rel=1e-5
    )
    one = {**x, "title": x["title"][:, :FEW]}  # Each to its own length.
    assert np.isfinite(model.fit(one, y, verbose=0).history["loss"][0])


def test_inputs_keep_their_shapes():
    """So that what is exported is static."""
    model = _model()
    model(_cut(_rows()[0]))
    assert model.input["title"].shape == (None, LENGTH)
    assert model.input["walk"].shape == (None, STEPS, 2)
    assert model.input["walk_mask"].shape == (None, STEPS)


def test_a_clashing_name_and_a_loaded_model_take_fewer_too(tmp_path):
    texts = {name: mm.encoders.text_gru(9, LENGTH, 4, 4) for name in ("a", "b")}
    model = mm.models.fusion_model(
        texts, mm.fusion.ConcatFusion(4), mm.tasks.Classification(3)
    )
    ids = _rows()[0]["title"]
    x = {"a": ids, "b": ids}
    model.save(tmp_path / "model.keras")
    for again in (model, mm.load_model(tmp_path / "model.keras")):
        whole = again.predict(x, verbose=0)["label"]
        np.testing.assert_allclose(
            again.predict(_cut(x), verbose=0)["label"], whole, rtol=1e-5
        )


def test_more_steps_than_a_model_has_are_refused():
    model = _model()
    x, y = _rows()
    longer = np.concatenate([x["title"]] * 2, axis=1)
    with pytest.raises(ArgumentError, match=r"up to 8 steps of 'title'.*16"):
        model.predict({**x, "title": longer})
    for mask in (x["walk_mask"][:, :FEW], np.ones((ROWS, 9), bool)):
        with pytest.raises(ArgumentError, match=r"'walk_mask'.*`\(rows, 5\)`"):
            model.fit({**x, "walk_mask": mask}, y)


@pytest.mark.parametrize(
    ("name", "encoder", "reason"),
    [
        ("title", _mean, "counts what is behind the end"),
        (
            "title",
            lambda x: mm.encoders.text_gru(9, LENGTH, 4, 4, unroll=True),
            "its GRU is unrolled",
        ),
        (
            "walk",
            lambda x: mm.encoders.vector_mlp(2, units=4, name="walk"),
            "no mask of steps and takes no ids",
        ),
    ],
)
def test_an_encoder_that_would_answer_otherwise_is_refused(
    name, encoder, reason
):
    model = _model(**{name: encoder(None)})
    match = f"fewer steps of '{name}'.*{reason}.*`buckets`"
    with pytest.raises(ArgumentError, match=match):
        fewer_steps.check_fewer(model, [name, "other"])


def test_short_arrays_are_refused_where_padding_counts():
    model = _model(_mean(None))
    x, y = _rows()
    model.predict(x, verbose=0)
    for call in (model.predict, lambda x: model.fit(x, y)):
        with pytest.raises(ArgumentError, match="fewer steps of 'title'"):
            call({**x, "title": x["title"][:, :FEW]})


def test_a_file_whose_encoder_holds_its_number_of_steps_is_loaded(tmp_path):
    """As encoders of several values were saved before."""
    x = keras.Input((STEPS, 2), name="walk")
    mask = keras.Input((STEPS,), dtype="bool", name="mask")
    each = keras.layers.Dense(4)(ops.reshape(x, (-1, 2)))
    y = mm.layers.MeanPool()(ops.reshape(each, (-1, STEPS, 4)), mask=mask)
    model = _model(
        walk=keras.Model({"walk": x, "mask": mask}, y, name="walk_encoder")
    )
    model.save(tmp_path / "model.keras")
    again = mm.load_model(tmp_path / "model.keras")
    rows, _ = _rows()
    np.testing.assert_array_equal(
        again.predict(rows, verbose=0)["label"],
        model.predict(rows, verbose=0)["label"],
    )
    with pytest.raises(ArgumentError, match="'walk'.*its encoder fails"):
        fewer_steps.check_fewer(again, ["title", "walk"])
