"""What every modality promises, over one table."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from mmfusion import data, registry
from mmfusion.errors import ArgumentError
from tests.data.cases import MODALITIES
from tests.data.every import every_decoding, every_modality, raw_tensor


def _same(left, right):
    """Equality of canonical values: arrays, strings, arrays of strings."""
    left, right = np.asarray(left), np.asarray(right)
    if left.dtype.kind in "OSU":
        as_bytes = np.vectorize(
            lambda x: x if isinstance(x, bytes) else x.encode(), otypes="O"
        )
        left, right = as_bytes(left), as_bytes(right)
    assert left.dtype == right.dtype
    np.testing.assert_array_equal(left, right)


def test_every_registered_modality_has_a_case():
    assert registry.names("modality") == sorted(
        {case.kind for case in MODALITIES}
    )


@every_decoding
def test_read_equals_decode(case):
    modality = case.ready()
    for value in case.raw:
        raw, array = raw_tensor(modality, value), modality.read(value)
        assert modality.check(raw) == ""
        if modality.element is modality:
            _same(array, modality.decode(raw).numpy())
        tensor, mask = modality.from_raw(raw)
        np.testing.assert_array_equal(tensor, modality.transform(array))
        assert (mask is None) == (modality.steps is None)
        if mask is not None:
            np.testing.assert_array_equal(mask, modality.mask(array))


@every_decoding
def test_transform_is_the_same_in_a_dataset_of_unknown_length(case):
    modality = case.ready()
    raws = tf.data.Dataset.from_tensor_slices(
        np.array(case.raw, "O" if modality.raw_spec.dtype == "string" else None)
    )
    mapped = raws.filter(lambda raw: True).map(
        lambda raw: modality.from_raw(raw)[0]
    )
    _check_mapped(case, mapped)


@every_modality
def test_many_at_once_are_transformed_as_one_by_one(case):
    modality = case.ready()
    if modality.transform_batch is None:
        pytest.skip("it transforms one by one")
    arrays = [modality.read(raw) for raw in case.raw]
    expected = [modality.transform(array) for array in arrays]
    np.testing.assert_array_equal(modality.transform_batch(arrays), expected)


def test_who_changes_transform_does_not_inherit_a_batch_of_the_old_one():
    class Shouting(data.Text):
        def transform(self, array):
            return super().transform("word")

    class Same(data.Text):
        pass

    assert data.Text.transform_batch is Same.transform_batch is not None
    assert Shouting.transform_batch is None
    text = Shouting(vocabulary_size=4, length=1)
    text.adapt(["word", "other"])
    texts, splits = ["other", "other", "word"], {"train": range(3)}
    read = data.from_arrays(
        {"text": texts}, {"y": [0, 1, 0]}, {"text": text}, splits
    )
    known = text.vocabulary.index("word") + 2
    assert read.train.arrays()[0]["text"].tolist() == [[known]] * 3


@pytest.mark.parametrize(
    "case",
    [case for case in MODALITIES if not case.decodes],
    ids=lambda case: case.name,
)
def test_what_is_sent_as_a_tensor_is_the_same_in_a_dataset(case):
    modality = case.ready()
    arrays = tf.data.Dataset.from_tensor_slices(np.stack(case.raw))
    mapped = arrays.filter(lambda raw: True).map(modality.transform)
    _check_mapped(case, mapped)
    for value in case.raw:
        assert tf.constant(value).dtype == modality.raw_spec.dtype
        sent = modality.encode(modality.read(value))
        assert modality.raw_spec.is_compatible_with(tf.constant(sent))


def _check_mapped(case, mapped):
    modality = case.ready()
    assert mapped.element_spec == tf.TensorSpec(modality.shape, modality.dtype)
    batched = list(mapped.batch(len(case.raw)).as_numpy_iterator())[0]
    for value, tensor, row in zip(case.raw, mapped, batched, strict=True):
        expected = modality.transform(modality.read(value))
        np.testing.assert_array_equal(tensor, expected)
        np.testing.assert_array_equal(row, expected)


@pytest.mark.parametrize(
    "case",
    [c for c in MODALITIES if c.kind in ("several", "video") or not c.decodes],
    ids=lambda case: case.name,
)
def test_steps_are_the_first_axis_and_have_a_mask(case):
    modality = case.ready()
    assert modality.steps == modality.shape[0]
    assert modality.describe().masked
    value = modality.read(case.raw[0])
    for count in range(1, len(value) + 1):
        mask = modality.mask(value[:count]).numpy()
        assert mask.dtype == bool and mask.shape == (modality.steps,)
        assert mask.tolist() == [step < count for step in range(len(mask))]
        tensor = modality.transform(value[:count]).numpy()
        assert not tensor[count:].any()


@every_modality
def test_shape_dtype_and_storage_are_as_promised(case):
    modality = case.ready()
    for value in case.raw:
        tensor = modality.transform(modality.read(value))
        assert tuple(tensor.shape) == modality.shape
        assert tensor.dtype == modality.dtype
        assert np.all(np.isfinite(tensor))
        stored = tensor.numpy().astype(modality.storage)
        np.testing.assert_array_equal(stored.astype(modality.dtype), tensor)


@every_modality
def test_saved_and_loaded_it_transforms_alike(case, tmp_path):
    modality = case.ready()
    data.save_inputs({"thing": modality}, tmp_path)
    twin = data.load_inputs(tmp_path)["thing"]
    assert type(twin) is type(modality)
    assert twin.settings() == modality.settings()
    assert twin.describe() == modality.describe()
    assert twin.columns == modality.columns
    for value in case.raw:
        np.testing.assert_array_equal(
            twin.transform(twin.read(value)),
            modality.transform(modality.read(value)),
        )


@every_modality
def test_where_it_must_adapt_it_says_so(case):
    modality = case.create()
    if not modality.adaptive:
        modality.transform(modality.read(case.raw[0]))
        return
    with pytest.raises(ArgumentError, match="Call `adapt`"):
        modality.transform(modality.read(case.raw[0]))


@every_decoding
def test_encode_is_the_inverse_of_decode(case):
    modality = case.ready()
    for value in case.raw:
        array = modality.read(value)
        encoded = modality.encode(array)
        raw, elements = raw_tensor(modality, encoded), modality.elements(array)
        if modality.element is modality:
            _same(modality.decode(raw).numpy(), array)
        again = modality.elements(modality.read(encoded))
        for one, other in zip(again, elements, strict=True):
            _same(one, other)


@every_decoding
def test_loaded_and_exported_it_needs_no_python(case, tmp_path):
    data.save_inputs({"thing": case.ready()}, tmp_path)
    modality = data.load_inputs(tmp_path)["thing"]  # It has served nothing.
    spec = modality.raw_spec

    def serve(raw):
        return tf.map_fn(
            lambda one: modality.from_raw(one)[0],
            raw,
            fn_output_signature=tf.TensorSpec(modality.shape, modality.dtype),
        )

    archive = keras.export.ExportArchive()
    for layer in modality.layers:
        archive.track(layer)
    archive.add_endpoint(
        "serve",
        serve,
        input_signature=[tf.TensorSpec((None, *spec.shape), spec.dtype)],
    )
    archive.write_out(str(tmp_path / "model"), verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "model"))
    values = np.array(case.raw, "O" if spec.dtype == "string" else None)
    expected = [
        case.ready().transform(case.ready().read(raw)) for raw in case.raw
    ]
    np.testing.assert_array_equal(
        loaded.serve(tf.constant(values, spec.dtype)), np.stack(expected)
    )


@every_modality
def test_its_default_encoder_takes_it(case):
    modality = case.ready()
    described = modality.describe()
    encoder = registry.get("encoder", described.encoder)(
        **described.arguments, **case.settings()
    )
    array = modality.read(case.raw[0])
    value = modality.transform(array)[None]
    if modality.steps is not None:
        (name,) = {tensor.name for tensor in encoder.inputs} - {"mask"}
        value = {name: value, "mask": modality.mask(array)[None]}
    assert encoder(value).shape[0] == 1


@every_modality
def test_optional_is_kept(case):
    modality = case.ready()
    assert modality.describe().optional is False
    arguments = {**modality.arguments(), "optional": True}
    assert type(modality).from_arguments(arguments).optional is True
    with pytest.raises(ArgumentError, match="`optional`"):
        type(modality).from_arguments({**arguments, "optional": "yes"})
