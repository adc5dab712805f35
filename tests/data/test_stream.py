import itertools

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.arrays import from_arrays
from mmfusion.data.stream import stream


def _graph(dataset):
    return tf.raw_ops.DatasetToGraphV2(
        input_dataset=dataset._variant_tensor, external_state_policy=1
    ).numpy()


@pytest.mark.parametrize(
    ("values", "spec"),
    [
        ([[1, 2], [], [3]], tf.TensorSpec((None,), "int32")),
        ([np.eye(2), np.ones((2, 2))], tf.TensorSpec((2, 2), "float32")),
        ([[b"a", b""], [b"\xff"]], tf.TensorSpec((None,), "string")),
        ([b"a", b"b"], tf.TensorSpec((), "string")),
        ([], tf.TensorSpec((None, 3), "float32")),
    ],
)
def test_every_value_arrives_in_order(values, spec):
    dataset = stream(iter(values), spec)
    assert dataset.element_spec == spec
    found = list(dataset.as_numpy_iterator())
    assert len(found) == len(values)
    for given, expected in zip(found, values, strict=True):
        assert np.asarray(given).tolist() == np.asarray(expected).tolist()


def test_what_has_no_end_can_be_looked_into():
    dataset = stream(itertools.count(), tf.TensorSpec((), "int64"))
    assert [int(x) for x in dataset.take(3)] == [0, 1, 2]


def test_a_value_of_another_shape_is_refused():
    dataset = stream([[1.0, 2.0]], tf.TensorSpec((3,), "float32"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="shape"):
        list(dataset)


def test_no_batch_comes_from_the_operation_that_changes_malloc():
    spec = tf.TensorSpec((), "int32")
    generated = tf.data.Dataset.from_generator(
        lambda: [1], output_signature=spec
    )
    assert b"GeneratorDataset" in _graph(generated)
    assert b"GeneratorDataset" not in _graph(stream([1], spec))
    data = from_arrays({"a": np.ones((8, 1), "float32")}, {"b": [0, 1] * 4})
    assert b"GeneratorDataset" not in _graph(data.train.batches(2))
