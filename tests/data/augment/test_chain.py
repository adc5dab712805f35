"""Augmentations one after the other, in the batches of a split."""

import numpy as np
import pytest
import tensorflow as tf

import mmfusion as mm
from mmfusion.data import augment
from mmfusion.errors import ArgumentError

SEED = (1, 2)
ROWS = 18


def _data():
    """Pictures, ids, sounds and numbers, of which each row lacks some."""
    random = np.random.default_rng(0)

    def some(values, offset):
        return [
            None if (row + offset) % 4 == 0 else value
            for row, value in enumerate(values)
        ]

    inputs = {
        "photo": some(random.integers(1, 256, (ROWS, 8, 8, 3), "uint8"), 0),
        "sound": some(random.normal(0, 0.1, (ROWS, 200)).astype("float32"), 1),
        "mel": some(random.normal(0, 0.1, (ROWS, 200)).astype("float32"), 2),
        "title": some(
            [f"red wine number {i % 5} here" for i in range(ROWS)], 3
        ),
        "bag": some([f"old car of colour {i % 5}" for i in range(ROWS)], 5),
    }
    made = mm.data
    sound = {"sample_rate": 1000, "seconds": 0.2, "optional": True}
    return made.from_arrays(
        inputs,
        {"label": [i % 3 for i in range(ROWS)]},
        modalities={
            "photo": made.Image(size=(8, 8), optional=True),
            "sound": made.Audio(kind="waveform", **sound),
            "mel": made.Audio(num_mels=8, **sound),
            "title": made.Text(length=6, vocabulary_size=30, optional=True),
            "bag": made.Text(kind="count", vocabulary_size=30, optional=True),
        },
        splits={"train": np.arange(15), "test": np.arange(15, ROWS)},
    )


@pytest.fixture(scope="module")
def data():
    return _data()


def _only(x, name):
    return np.concatenate([part[name].numpy() for part, _ in x])


CONTENT = {
    "image": "photo",
    "waveform": "sound",
    "log_mel": "mel",
    "ids": "title",
    "bag": "bag",
}
FITTING = [
    (name, CONTENT[content])
    for name in mm.registry.names("augmentation")
    for content in mm.registry.get("augmentation", name).contents
    if content in CONTENT
]


def test_what_is_absent_stays_zero(data):
    """All at once, of each modality all that fit it."""
    given = {}
    for name, modality in FITTING:
        given.setdefault(modality, []).append(name)
    given["photo"].append({"name": "colour", "brightness": 1, "hue": 0.5})
    ((x, _),) = data.train.batches(15, augment=given)
    for modality in given:
        there = x[f"{modality}_present"].numpy()
        assert 2 < there.sum() < 13
        values = x[modality].numpy()
        assert not values[~there].any(), modality
        assert values[there].reshape(there.sum(), -1).any(1).all()


def test_functions_too_leave_what_is_absent(data):
    train = data.train.batches(5, augment={"mel": lambda x, seed: x + 7.0})
    for x, _ in train:
        there = x["mel_present"].numpy()
        assert not x["mel"].numpy()[~there].any()


@pytest.mark.parametrize(("name", "modality"), FITTING)
def test_each_is_refused_where_it_does_not_fit(data, name, modality):
    contents = mm.registry.get("augmentation", name).contents
    for content, other in CONTENT.items():
        if content not in contents:
            with pytest.raises(ArgumentError) as error:
                augment.check({other: [name]}, data.inputs)
            message = str(error.value)
            assert f"`{name}` is for {' or '.join(contents)}" in message
            assert f"{other!r}, which is {content}" in message
            assert "\n" not in message
    augment.check({modality: name}, data.inputs)


def test_the_refusal_names_what_fits(data):
    with pytest.raises(ArgumentError, match="drop_tokens, swap_tokens"):
        data.train.batches(4, augment={"title": ["flip"]})
    facts = mm.data.Tabular(["price"])
    with pytest.raises(ArgumentError, match=r"which is table\.$"):
        augment.check({"facts": ["noise"]}, {"facts": facts})
    with pytest.raises(ArgumentError, match="Did you mean 'flip'"):
        data.train.batches(4, augment={"photo": ["flop"]})
    with pytest.raises(ArgumentError, match="Did you mean 'photo'"):
        data.train.batches(4, augment={"phto": ["flip"]})
    with pytest.raises(ArgumentError, match="names, or functions"):
        data.train.batches(4, augment={"photo": [3]})
    with pytest.raises(ArgumentError, match="a dict of modality name"):
        data.train.batches(4, augment=["flip"])
    for settings in ({"augment": {"photo": "flip"}}, {"mixup": 0.2}):
        with pytest.raises(ArgumentError, match="training split.*'test'"):
            data.test.batches(4, modalities=["photo"], **settings)


def test_rank_and_dtype_decide_where_nothing_is_said():
    class Own(mm.data.Modality):
        shape = (3,)

    assert Own().content is None
    augment.check({"v": ["drop_words", "noise"]}, {"v": Own()})
    with pytest.raises(ArgumentError, match=r"which is float32 \(3,\)"):
        augment.check({"v": "flip"}, {"v": Own()})
    with pytest.raises(ArgumentError, match="there are drop_words, gain, noi"):
        augment.check({"v": "swap_tokens"}, {"v": Own()})


def test_a_part_left_out_changes_nothing_in_the_others():
    x = tf.constant(np.random.default_rng(0).uniform(0, 255, (8, 6, 6, 3)))
    x = tf.cast(x, "float32")

    class Seen:
        def __init__(self):
            self.seeds = []

        def __call__(self, batch, seed):
            self.seeds.append(seed.numpy().tolist())
            return batch

    def flipped(*parts):
        return augment.chains({"x": parts})["x"](x, SEED).numpy()

    seen = Seen()
    flipped("cutout", seen, "flip", seen)
    flipped(seen, seen)
    assert seen.seeds[:2] == seen.seeds[2:]
    assert seen.seeds[0] != seen.seeds[1]
    plain = flipped("flip")
    still = flipped({"name": "shift", "by": 0}, "flip")
    np.testing.assert_array_equal(plain, still)
    both = {"name": "flip", "vertical": True, "horizontal": False}
    twice = flipped(both, "flip", both)  # Draws of their own.
    assert (twice != plain).any()


def test_draws_follow_seed_epoch_and_step_alone(data):
    def batches(train, names=("photo",), epoch=0, **more):
        given = {"photo": ["shift", "colour"], "mel": ["spec_augment"]}
        given = {name: given[name] for name in names}
        made = train.batches(
            5,
            initial_epoch=epoch,
            augment=given,
            modalities=["photo", "mel"],
            shuffle=False,
            **more,
        )
        return [_only(made, "photo") for _ in range(2)]

    first = batches(data.train)
    again = batches(_data().train, ("mel", "photo"))
    np.testing.assert_array_equal(first, again)
    later = batches(data.train, epoch=1)  # As a resumed run goes on.
    np.testing.assert_array_equal(first[1], later[0])
    there = data.train.arrays()[0]["photo_present"]
    unlike = (first[0] != first[1]).reshape(15, -1).any(1)
    np.testing.assert_array_equal(unlike, there)


def test_mixup_comes_after_augmentation_and_gives_rows_of_probabilities(data):
    train = data.train.batches(
        5,
        modalities=["photo"],
        mixup={"alpha": 1.0},
        augment={"photo": [lambda x, seed: tf.ones_like(x)]},
    )
    x, y = train.element_spec
    assert (y["label"].shape.as_list(), y["label"].dtype) == (
        [None, 3],
        "float32",
    )
    seen = 0
    for x, y in train:
        there = x["photo_present"].numpy()
        photo = x["photo"].numpy()
        np.testing.assert_allclose(photo[there], 1, rtol=1e-6)
        assert not photo[~there].any()
        np.testing.assert_allclose(y["label"].numpy().sum(1), 1, rtol=1e-6)
        seen += (y["label"].numpy().max(1) < 1).sum()
    assert seen
    weight = np.ones(15)
    *_, w = next(
        iter(
            data.train.batches(
                5, modalities=["photo"], mixup=0.3, weight=weight
            )
        )
    )
    np.testing.assert_allclose(w, 1, rtol=1e-6)
    with pytest.raises(ArgumentError, match="'title'.*`feature_mixup`"):
        data.train.batches(5, mixup=0.2, modalities=["photo", "title"])


def test_batches_say_what_can_be_repeated(data):
    train = data.train
    made = train.batches(5, augment={"photo": augment.Flip(chance=1)})
    assert made.altered_by == "" and made.mixup is None
    assert made.augment == {
        "photo": [
            {
                "name": "flip",
                "horizontal": True,
                "vertical": False,
                "chance": 1,
            }
        ]
    }
    made = train.batches(
        5, augment={"photo": [augment.Flip(), lambda x, seed: x]}
    )
    assert made.altered_by == "augment" and made.augment is None
    made = train.batches(5, modalities=["photo"], mixup=0.3)
    assert made.altered_by == "" and made.augment is None
    assert made.mixup == {"alpha": 0.3, "per": "row", "modalities": None}


def test_a_chain_knows_the_special_ids_of_its_modality():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "wine"]
    title = mm.data.WordPieces(vocabulary=pieces, length=5)
    drop = {"title": [{"name": "drop_tokens", "rate": 1.0}, lambda x, _: x]}
    chain = augment.fitted(augment.chains(drop), {"title": title})["title"]
    ids = chain(tf.constant([[2, 4, 5, 3, 0]]), SEED).numpy()[0].tolist()
    assert ids in ([2, 4, 3, 0, 0], [2, 5, 3, 0, 0])


def test_several_of_a_row_are_not_one_of_more_axes():
    """Several waveforms have the rank of a spectrogram."""
    made, sound = mm.data, {"sample_rate": 1000, "seconds": 0.2}
    several = {
        "waves": made.Several(made.Audio(kind="waveform", **sound)),
        "mels": made.Several(made.Audio(num_mels=3, **sound)),
        "bags": made.Several(made.Text(kind="count")),
        "vectors": made.Several(made.Vector(dim=3)),
    }
    for name in several:
        for other in mm.registry.names("augmentation"):
            with pytest.raises(ArgumentError, match="which is several "):
                augment.check({name: other}, several)
    photos = {"photo": made.Several(made.Image(size=(8, 8)))}
    augment.check({"photo": "flip"}, photos)
    with pytest.raises(ArgumentError, match="which is several image"):
        augment.check({"photo": "frame_jitter"}, photos)
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "wine"]
    texts = made.Several(made.WordPieces(vocabulary=pieces, length=5))
    drop = {"texts": [{"name": "drop_tokens", "rate": 1.0}]}
    chain = augment.fitted(augment.chains(drop), {"texts": texts})["texts"]
    ids = tf.constant([[[2, 4, 5, 3, 0], [0, 0, 0, 0, 0]]])
    kept = chain(ids, SEED).numpy()[0].tolist()
    assert kept[0] in ([2, 4, 3, 0, 0], [2, 5, 3, 0, 0])
    assert kept[1] == [0] * 5
    with pytest.raises(ArgumentError, match="`feature_mixup`"):
        augment.Mixup().check({"texts": texts})
    augment.Mixup().check(photos)
