"""Small photographs and captions, some of which only tell the kind."""

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.datasets import hints, prepared
from mmfusion.data.datasets.channel import ceilings, deal
from mmfusion.data.image import Image
from mmfusion.data.text import Text
from mmfusion.errors import ArgumentError

ROWS = {"train": 45_000, "validation": 5_000, "test": 10_000}
# From which part of CIFAR-10 the images of a split come.
_POOLS = {"train": "train", "validation": "train", "test": "test"}


@registry.register("dataset", "cifar10_captions", paths=("folder",))
def cifar10_captions(
    folder=None, ambiguous=0.3, rows=None, size=(32, 32), seed=0
):
    """The photographs of CIFAR-10 with captions that do not always tell.

    The images are `cifar10` of TensorFlow Datasets, which must have been
    prepared; nothing is downloaded. Their authors state no licence and ask to
    cite Krizhevsky, Learning Multiple Layers of Features from Tiny Images,
    2009 (https://www.cs.toronto.edu/~kriz/cifar.html). The captions are
    written here:

    - a share of `1 - ambiguous` **names the class**, by one of three phrases
      (`a kitten`);
    - the others name a **kind** that several classes are of (`something with
      four legs`: cat, deer, dog, frog, horse), each kind of the class being
      equally likely. `mmfusion.data.datasets.hints` has all of them.

    Given the class, caption and image are independent: where the caption
    leaves open which of five animals it is, the image may tell. Captions
    alone can be right in `1 - 0.65 ambiguous` of the rows, 0.805 with the
    default, however well they are read; `Split.ceiling` holds that bound for
    exactly the rows of the split, and `Data.notes` says it. What is possible
    with images, or with both, nobody knows.

    Training and validation come from the 50,000 training images, no image
    twice; test from the 10,000 test images. Classes are equally frequent.

    Args:
        folder: path of the prepared data sets. Defaults to `TFDS_DATA_DIR`,
            else `~/tensorflow_datasets`.
        ambiguous: float in 0..1.
        rows: dict of `"train"`, `"validation"` and `"test"` to int, at most
            50,000 for the first two together and 10,000 for the last. What is
            not named is 45,000, 5,000 and 10,000.
        size: tuple `(height, width)` in pixels, what the model gets.
        seed: int >= 0. Draws the images and the captions.

    Returns:
        `Data` with the inputs `image` and `text` and the target `label`.

    Raises:
        ArgumentError: If an argument cannot be used.
        DataError: If the data set is not prepared; says at once how to get it.

    Example:

    >>> cifar10_captions("none")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.TableError: Data sets are missing, and mmfusion ...
    >>> round(hints.ceiling(0.3), 3)  # What captions alone reach at most.
    0.805
    """
    checks.check_range("cifar10_captions", "ambiguous", ambiguous, 0, 1)
    checks.check_seed("cifar10_captions", seed)
    checks.check_shape("cifar10_captions", "size", size, rank=2)
    checks.check_keys("rows of cifar10_captions", rows or {}, ROWS)
    rows = {**ROWS, **(rows or {})}
    checks.check_positive("cifar10_captions", **rows)
    prepared.check_prepared(["cifar10"], folder)
    pools = {part: _pool(part, folder) for part in ("train", "test")}
    made = captioned(ambiguous, rows, seed, pools)
    data = from_arrays(
        {"image": made["image"], "text": made["text"]},
        {"label": [list(hints.NAMES)[label] for label in made["label"]]},
        modalities={
            "image": Image(size=size),
            "text": Text(kind="multi_hot", vocabulary_size=256),
        },
        splits={name: np.flatnonzero(made["split"] == name) for name in _POOLS},
        ids=made["id"],
        seed=seed,
        ceilings=made["ceilings"],
    )
    data.notes.append(
        f"text: {ambiguous:.0%} of the captions name a kind of thing only; "
        "from captions alone an accuracy of "
        f"{hints.ceiling(ambiguous):.4f} is expected at most"
    )
    return data


def captioned(ambiguous, rows, seed, pools):
    """The rows of all splits; `cifar10_captions` says what they are.

    Args:
        ambiguous, seed: as `cifar10_captions` takes them.
        rows: dict of split name to int.
        pools: dict of `"train"` and `"test"` to `(images, labels, ids)`: uint8
            `(n, height, width, 3)`, int `(n,)`, list of str.

    Returns:
        Dict of arrays `(rows, ...)`: `split`, `label` (int), `image`; lists
        `id` and `text`; `ceilings`, as `from_arrays` takes them.
    """
    order = {
        part: _by_class(labels, np.random.default_rng([seed, 0, number]))
        for number, (part, (_, labels, _)) in enumerate(sorted(pools.items()))
    }
    equally = np.full(len(hints.NAMES), 1 / len(hints.NAMES))
    known = {"text": hints.table(ambiguous)}
    made = {"split": [], "label": [], "image": [], "id": [], "text": []}
    bounds = {}
    for number, name in enumerate(_POOLS):
        part, count = _POOLS[name], rows[name]
        rng = np.random.default_rng([seed, 1, number])
        label = deal(equally, count, rng)
        images, _, ids = pools[part]
        at = _take(order[part], label, name)
        # A generator of their own: captions know nothing of the images.
        texts, symbols = hints.write(
            label, ambiguous, np.random.default_rng([seed, 2, number])
        )
        everywhere = {"text": np.ones(count, "bool")}
        found = ceilings(known, {"text": symbols}, everywhere)
        bounds[name] = {"text": found["text"]}
        made["split"] += [name] * count
        made["label"].append(label)
        made["image"].append(images[at])
        made["id"] += [ids[i] for i in at]
        made["text"] += texts
    return {
        **made,
        "split": np.array(made["split"]),
        "label": np.concatenate(made["label"]),
        "image": np.concatenate(made["image"]),
        "ceilings": bounds,
    }


def _by_class(labels, rng):
    """The images of each class in an order of chance, as lists to pop from."""
    return {
        label: rng.permutation(np.flatnonzero(labels == label)).tolist()
        for label in range(len(hints.NAMES))
    }


def _take(order, labels, name):
    """An image for each row, which nobody gets again."""
    wanted = np.bincount(labels, minlength=len(hints.NAMES))
    for label, count in enumerate(wanted):
        if count > len(order[label]):
            raise ArgumentError(
                "`cifar10_captions` expects `rows` that there are images for. "
                f"Received: {count} rows of one class for {name!r}, with "
                f"{len(order[label])} images left. Ask for fewer."
            )
    return np.array([order[label].pop() for label in labels])


def _pool(part, folder):
    """Images, labels and ids of one part of CIFAR-10."""
    examples = prepared.load("cifar10", part, folder).batch(5000)
    batches = list(examples.as_numpy_iterator())
    return (
        np.concatenate([batch["image"] for batch in batches]),
        np.concatenate([batch["label"] for batch in batches]),
        [key.decode() for batch in batches for key in batch["id"]],
    )
