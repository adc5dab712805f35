"""Drawing splits."""

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmfusion.data.splits import check_split, draw, part_of
from mmfusion.data.tables import read_table
from mmfusion.errors import ArgumentError

BOTH = {"validation": 0.1, "test": 0.2}


def strata(classes):
    return [(label,) for label in classes]


def test_every_class_gets_its_share():
    ids = [f"r{i}" for i in range(100)]
    classes = ["rare" if i < 10 else "common" for i in range(100)]
    names, faults = draw(ids, BOTH, strata(classes))
    count = collections.Counter(zip(classes, names, strict=True))
    assert not faults
    assert count["common", "test"] == 18 and count["common", "validation"] == 9
    assert count["rare", "test"] == 2 and count["rare", "validation"] == 1


def test_order_of_rows_does_not_matter_and_the_seed_does():
    ids = [f"r{i}" for i in range(60)]
    classes = [i % 3 for i in range(60)]
    names, _ = draw(ids, BOTH, strata(classes), seed=1)
    back, _ = draw(ids[::-1], BOTH, strata(classes[::-1]), seed=1)
    other, _ = draw(ids, BOTH, strata(classes), seed=2)
    assert back[::-1] == names
    assert other != names


def test_a_class_too_small_is_named():
    _, faults = draw(list("abcde"), BOTH, strata("xxxyy"))
    assert faults == [
        "the class 'y' has 2 rows, too few for 3 splits; add rows, merge it "
        "with another class, or split by a column"
    ]


def test_groups_stay_whole_and_every_class_keeps_a_group_in_training():
    for seed in range(20):
        groups = [i // 5 for i in range(100)]
        classes = ["rare" if g < 2 else "common" for g in groups]
        names, faults = draw(
            [str(i) for i in range(100)],
            BOTH,
            strata(classes),
            groups,
            seed,
        )
        assert not faults
        sides = {g: set() for g in groups}
        for group, name in zip(groups, names, strict=True):
            sides[group].add(name)
        assert all(len(found) == 1 for found in sides.values())
        train = zip(classes, names, strict=True)
        assert {c for c, n in train if n == "train"} == {"rare", "common"}
        assert names.count("validation") == 10 and names.count("test") == 20


def test_too_few_groups_are_named():
    _, faults = draw(list("abcd"), BOTH, None, ["g", "g", "h", "h"])
    assert "2 groups, too few for 3 splits" in faults[0]
    # Both groups are needed in training: each is the only home of a class.
    _, faults = draw(list("ab"), {"test": 0.5}, strata("xy"), ["g", "h"])
    assert "no group is left for the test split" in faults[0]


def test_the_last_row_of_one_of_several_labels_trains():
    ids = [str(i) for i in range(50)]
    labels = [
        ("common", "rare") if i in (7, 9) else ("common", "even")[: 2 - i % 2]
        for i in range(50)
    ]
    for seed in range(20):
        names, faults = draw(ids, BOTH, labels, None, seed, exclusive=False)
        assert not faults
        assert names.count("validation") == 5 and names.count("test") == 10
        assert "train" in (names[7], names[9])


@given(
    sizes=st.lists(st.integers(3, 30), min_size=1, max_size=4),
    validation=st.floats(0.01, 0.45),
    test=st.floats(0.01, 0.45),
)
def test_no_split_of_a_class_is_empty(sizes, validation, test):
    classes = [label for label, n in enumerate(sizes) for _ in range(n)]
    ids = [str(i) for i in range(len(classes))]
    fractions = {"validation": validation, "test": test}
    names, faults = draw(ids, fractions, strata(classes))
    assert not faults and len(names) == len(ids)
    found = set(zip(classes, names, strict=True))
    assert len(found) == 3 * len(sizes)


@pytest.mark.parametrize(
    "split, what",
    [
        ({"valid": 0.1}, "Did you mean 'validation'"),
        ({"validation": 0.5, "test": 0.5}, "leave rows to train on"),
        ({"test": -0.1}, "between 0 and 1"),
        ({"test": "a"}, "between 0 and 1"),
        ({"column": "s", "test": 0.1}, "from its column"),
        (0.2, "expects a dict"),
    ],
)
def test_a_wrong_split_is_explained(split, what):
    with pytest.raises(ArgumentError, match=what):
        check_split(split)


def test_none_is_the_default_and_an_empty_dict_is_not():
    assert check_split(None) == {"validation": 0.1, "test": 0.2}
    assert check_split({}) == {}
    assert check_split({"group": "p"}) == {**check_split(None), "group": "p"}
    assert check_split({"group": "p", "test": 0.5}) == {
        "group": "p",
        "test": 0.5,
    }


@pytest.mark.parametrize(
    "part, names",
    [
        ("train", "train Train TRAINING"),
        ("validation", "validation Val valid Dev EVAL"),
        ("test", "test Test testing"),
        (None, "trian tests 0"),
    ],
)
def test_a_part_has_several_names_in_any_case(part, names):
    assert {part_of(name) for name in names.split()} == {part}
    assert part_of(" " + names.split()[0] + " ") == part
    assert part_of(0) is None


def test_several_files_may_be_called_alike_and_one_part_is_named_once(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text(f"x\n{name}\n")
    table = read_table(
        {"Training": tmp_path / "a.csv", "eval": tmp_path / "b.csv"}
    )
    assert table.rows == [("a", "train"), ("b", "validation")]
    with pytest.raises(ArgumentError, match="names the split 'train' twice"):
        read_table({"Train": tmp_path / "a.csv", "train": tmp_path / "b.csv"})
    with pytest.raises(ArgumentError, match="Did you mean 'train'"):
        read_table({"trian": tmp_path / "a.csv"})
