import numpy as np
import pytest

from mmfusion.data.datasets import clothing_reviews
from mmfusion.errors import ArgumentError, DataError
from tests.data.datasets import folders


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviews")
    return folder, folders.reviews(folder), clothing_reviews(folder)


def test_the_split_is_that_of_the_table_and_validation_is_of_training(small):
    _, rows, data = small
    test = [str(i) for i, row in enumerate(rows) if row["split"] == "test"]
    assert data.test.ids() == test
    assert (data.train.rows, data.validation.rows) == (44, 4)
    everything = data.train.ids() + data.validation.ids() + test
    assert sorted(everything, key=int) == [str(i) for i in range(60)]
    # Each class alike.
    assert data.validation.targets["label"].tolist().count(1) == 2


def test_labels_are_those_of_the_rows_and_gaps_are_real(small):
    _, rows, data = small
    for split in (data.train, data.validation, data.test):
        arrays, targets = split.arrays()
        for at, key in enumerate(split.ids()):
            row = rows[int(key)]
            assert str(targets["label"][at]) == row["Recommended IND"]
            assert arrays["title_present"][at] == bool(row["Title"])
            assert arrays["review_present"][at] == bool(row["Review Text"])
            assert not arrays["title"][at].any() or row["Title"]
    assert "facts_present" not in data.train.arrays()[0]
    assert data.inputs["facts"].columns == (
        "Age",
        "Positive Feedback Count",
        "Division Name",
        "Department Name",
        "Class Name",
    )
    assert "so good" in data.inputs["review"].vocabulary  # Pairs of words.
    raw = data.test.raw([1])
    assert raw["review"] == ["not so good, said I"]


def test_rating_as_the_target(small):
    folder, rows, _ = small
    data = clothing_reviews(
        folder,
        target="Rating",
        inputs={"age": {"type": "tabular", "numbers": ["Age"]}},
    )
    assert data.test.classes["label"] == ["1", "2", "3", "4", "5"]
    labels = data.test.targets["label"] + 1
    expected = [int(rows[int(key)]["Rating"]) for key in data.test.ids()]
    np.testing.assert_array_equal(labels, expected)


def test_both_as_targets_in_one_split(small):
    folder, rows, one = small
    inputs = {"age": {"type": "tabular", "numbers": ["Age"]}}
    target = {"label": "Recommended IND", "rating": "Rating"}
    data = clothing_reviews(folder, target, inputs=inputs)
    assert data.validation.ids() == one.validation.ids()
    found = data.test.targets
    for at, key in enumerate(data.test.ids()):
        assert str(found["label"][at]) == rows[int(key)]["Recommended IND"]
        assert str(found["rating"][at] + 1) == rows[int(key)]["Rating"]


def test_one_column_for_several_inputs_and_both_texts_in_one(small):
    folder, rows, _ = small
    text = {"type": "text", "column": "Title and Review Text"}
    inputs = {
        "bag": {**text, "kind": "count", "optional": True},
        "words": {**text, "kind": "ids", "length": 4, "optional": True},
    }
    data = clothing_reviews(folder, inputs=inputs)
    assert set(data.inputs) == {"bag", "words"}
    (one,) = data.test.raw([1])["words"]
    assert one == "nice 2 not so good, said I"
    (none,) = data.test.raw([0])["words"]  # Neither title nor text.
    assert none is None
    assert inputs["bag"]["type"] == "text"  # The caller's dict is as it was.


@pytest.mark.parametrize("target", ["Recommended IND", "Rating"])
@pytest.mark.parametrize("column", ["Recommended IND", "Rating"])
def test_fault_53_an_input_that_gives_the_answer_away(target, column, tmp_path):
    for settings in (
        {"type": "tabular", "categories": ["Class Name", column]},
        {"type": "text", "column": column},
    ):
        with pytest.raises(ArgumentError, match=f"must not read '{column}'"):
            clothing_reviews(tmp_path, target, inputs={"x": settings})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"target": "Age"}, "`target` to be one of 'Recommended IND'"),
        ({"target": {"label": "Age"}}, "`target` to be one of 'Recommended IN"),
        ({"target": ["Rating"]}, "`target` to be a column, or a dict"),
        ({"validation": 1.0}, "`validation` to be between"),
        ({"inputs": ["Title"]}, "`inputs` to be a dict"),
        ({"inputs": {"a": {"column": "Title"}}}, "a dict with `type`"),
        ({"inputs": {"a": {"type": "text"}}}, "to be told its `column`"),
        (
            {"inputs": {"a": {"type": "text", "column": "Tilte"}}},
            "'Tilte'. Did you mean 'Title'",
        ),
        ({"inputs": {"a": {"type": "txet"}}}, "Unknown modality 'txet'"),
    ],
)
def test_arguments_that_cannot_be(arguments, message, tmp_path):
    with pytest.raises(ArgumentError, match=message):
        clothing_reviews(tmp_path, **arguments)


def test_a_text_that_must_be_there_and_is_not(small):
    folder, *_ = small
    inputs = {"title": {"type": "text", "column": "Title"}}
    with pytest.raises(DataError, match="title: .*optional"):
        clothing_reviews(folder, inputs=inputs)
