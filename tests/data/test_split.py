"""Splits and their batches."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from mmfusion.data.arrays import from_arrays
from mmfusion.data.vector import Vector
from mmfusion.errors import ArgumentError
from tests.data.tiny import Digits


def make(rows=20, test=4, seed=0, **options):
    """Rows whose first number is their place; every third has no `b`."""
    number = np.arange(rows, dtype="float32")
    b = [None if row % 3 == 0 else [1.0, row] for row in range(rows)]
    return from_arrays(
        {"a": np.stack([number, -number], 1), "b": b},
        {"label": [row % 2 for row in range(rows)]},
        modalities={"b": Vector(dim=2, optional=True)},
        splits={
            "train": np.arange(rows - test),
            "test": np.arange(rows - test, rows),
        },
        ids=[f"r{row}" for row in range(rows)],
        seed=seed,
        **options,
    )


def ids_of(x):
    return [f"r{int(number)}" for number in x["a"][:, 0]]


def passes(dataset, count):
    return [[ids_of(x) for x, *_ in dataset] for _ in range(count)]


def test_batches_have_the_shapes_that_were_promised():
    data = make()
    batches = data.train.batches(6)
    x, y = batches.element_spec
    assert {
        name: (s.shape.as_list(), s.dtype.name) for name, s in x.items()
    } == {
        "a": ([None, 2], "float32"),
        "b": ([None, 2], "float32"),
        "b_present": ([None], "bool"),
    }
    assert y["label"].shape.as_list() == [None] and y["label"].dtype == tf.int32
    assert int(batches.cardinality()) == 3
    assert [len(x["a"]) for x, _ in batches] == [6, 6, 4]


def test_ids_name_the_rows_of_every_batch():
    data = make()
    found = passes(data.train.batches(6), 3)
    for epoch, steps in enumerate(found):
        for step, ids in enumerate(steps):
            assert data.train.ids(epoch, step) == ids
            assert data.train.ids(epoch, step, batch_size=6) == ids
    assert found[0] != found[1] != found[2]


def test_targets_and_flags_belong_to_their_rows():
    data = make()
    for split in (data.train, data.test):
        for x, y in split.batches(5):
            number = x["a"][:, 0].numpy()
            np.testing.assert_array_equal(y["label"], number % 2)
            np.testing.assert_array_equal(x["b_present"], number % 3 != 0)
            expected = np.where(number % 3 == 0, 0, number)
            np.testing.assert_array_equal(x["b"][:, 1], expected)


@settings(max_examples=8, deadline=None)
@given(
    rows=st.integers(5, 30),
    size=st.integers(1, 31),
    epoch=st.integers(0, 10**6),
    seed=st.integers(0, 2**31),
)
def test_every_epoch_is_a_permutation(rows, size, epoch, seed):
    train = make(rows, test=2, seed=seed).train
    steps = -(-len(train) // size)
    named = [i for s in range(steps) for i in train.ids(epoch, s, size)]
    assert sorted(named) == sorted(train.ids())
    batches = train.batches(size, initial_epoch=epoch)
    assert [i for ids in passes(batches, 1)[0] for i in ids] == named


def test_the_seed_decides_the_order_and_initial_epoch_continues_it():
    assert passes(make(seed=1).train.batches(4), 2) != passes(
        make(seed=2).train.batches(4), 2
    )
    whole = passes(make().train.batches(4), 3)
    assert passes(make().train.batches(4, initial_epoch=1), 2) == whole[1:]


def test_held_out_rows_come_in_order_each_time():
    test = make().test
    assert passes(test.batches(3), 2) == [
        [["r16", "r17", "r18"], ["r19"]],
        [["r16", "r17", "r18"], ["r19"]],
    ]
    assert test.ids(7, 1) == ["r19"]
    assert passes(make().train.batches(20, shuffle=False), 1)[0][0] == (
        make().train.ids()
    )


@pytest.mark.parametrize("arguments", [{}, {"initial_epoch": 2}])
def test_fit_sees_one_pass_an_epoch(arguments):
    """Keras asks for more iterators than it reads; these are no passes."""
    data, seen = make(), []

    class Echo(keras.layers.Layer):
        def call(self, x):
            tf.py_function(
                lambda rows: seen.append(rows.numpy()), [x[:, 0]], []
            )
            return x

    a = keras.Input((2,), name="a")
    model = keras.Model({"a": a}, {"label": keras.layers.Dense(2)(Echo()(a))})
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", {"label": loss})
    first = arguments.get("initial_epoch", 0)
    train = data.train.batches(6, modalities=["a"], **arguments)
    model.fit(train, epochs=first + 3, verbose=0, shuffle=False, **arguments)
    expected = [
        data.train.ids(epoch, step)
        for epoch in range(first, first + 3)
        for step in range(3)
    ]
    assert [[f"r{int(n)}" for n in rows] for rows in seen] == expected


def test_augmentation_is_seeded_by_epoch_and_step():
    def jitter(x, seed):
        noise = tf.random.stateless_uniform(tf.shape(x)[:1], seed)
        return tf.stack([x[:, 0], noise], axis=1)

    def noise(data, **options):
        batches = data.train.batches(8, augment={"a": jitter}, **options)
        return [[x["a"][:, 1].numpy() for x, _ in batches] for _ in range(2)]

    once, again = noise(make()), noise(make())
    np.testing.assert_array_equal(once, again)
    assert len(np.unique(once)) == 32
    later = noise(make(), initial_epoch=1)
    np.testing.assert_array_equal(later[0], once[1])


def test_augmentation_is_for_training_and_keeps_the_shape():
    data = make()
    with pytest.raises(ArgumentError, match="'test'"):
        data.test.batches(4, augment={"a": lambda x, seed: x})
    with pytest.raises(ArgumentError, match="Did you mean 'a'"):
        data.train.batches(4, augment={"aa": lambda x, seed: x})
    with pytest.raises(ArgumentError, match="keep the shape"):
        data.train.batches(4, augment={"a": lambda x, seed: x[:, :1]})


def test_weights_are_the_third_element_and_belong_to_their_rows():
    data = make()
    weight = np.arange(16) / 2
    for x, _, w in data.train.batches(5, weight=weight):
        np.testing.assert_array_equal(w, x["a"][:, 0] / 2)
    with pytest.raises(ArgumentError, match=r"shape \(16,\)"):
        data.train.batches(5, weight=[1.0])


def test_arrays_are_the_rows_asked_for_in_the_dtypes_of_the_model():
    values = np.arange(40, dtype="uint8").reshape(20, 2)
    data = from_arrays(
        {"d": list(values)},
        {"label": [i % 2 for i in range(20)]},
        modalities={"d": Digits(optional=True)},
        splits={"train": np.arange(10), "test": np.arange(10, 20)},
    )
    x, y = data.test.arrays()
    np.testing.assert_array_equal(x["d"], values[10:])
    assert x["d"].dtype == "float32" and x["d_present"].all()
    x, y = data.test.arrays([3, 0])
    np.testing.assert_array_equal(x["d"], values[[13, 10]])
    np.testing.assert_array_equal(y["label"], [1, 0])
    assert data.test.raw([0])["d"] == [b"2021"]
    some = data.test.take([3, 0])
    assert some.ids() == ["13", "10"] and len(some) == some.rows == 2


def test_groups_unit_and_ceiling_are_carried():
    groups = np.repeat(np.arange(5), 4)
    data = make(groups=groups, unit="shop", ceilings={"test": {"fused": 0.9}})
    assert data.test.groups.tolist() == [4] * 4 and data.test.unit == "shop"
    assert data.test.ceiling == {"fused": 0.9} and data.train.ceiling is None
    assert make().test.groups is None and make().test.unit == "row"


def test_wrong_questions_are_refused():
    train = make().train
    with pytest.raises(ArgumentError, match="batch_size"):
        train.ids(0, 0)
    with pytest.raises(ArgumentError, match="`step` to be between 0 and 3"):
        train.ids(0, 4, batch_size=4)
    with pytest.raises(ArgumentError, match="`size` to be a positive"):
        train.batches(0)
    with pytest.raises(ArgumentError, match="Unknown modality 'c'"):
        train.batches(4, modalities=["c"])


def test_looking_at_the_rows_in_order_changes_no_order():
    train = make().train
    train.batches(6)
    before = train.ids(2, 1)
    train.batches(5, shuffle=False)  # As scoring does.
    assert train.ids(2, 1) == before
    assert train.batch_size == 6


def test_batches_say_how_they_were_made():
    train = make().train
    assert (train.batches(6).batch_size, train.batches(6).altered_by) == (6, "")
    weight = np.ones(len(train))
    assert train.batches(4, weight=weight).altered_by == "weight"
    changed = train.batches(4, weight=weight, augment={"a": lambda x, seed: x})
    assert changed.altered_by == "augment and weight"
