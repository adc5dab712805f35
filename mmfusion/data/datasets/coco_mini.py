"""A hundred photographs with captions, to try what matches the two."""

import collections

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.datasets.local import check_folder, read_rows, split_rows
from mmfusion.data.image import Image
from mmfusion.data.splits import draw
from mmfusion.data.text import Text
from mmfusion.errors import DataError

FILES = ("captions.csv", "images")
COLUMNS = ("image", "split", "image_id", "caption", "license", "license_url")
_SOURCE = (
    "COCO 2017 (cocodataset.org), the selection of github.com/Obmutescence/"
    "COCO-MINI as a table with the licence of every image"
)


@registry.register("dataset", "coco_mini", paths=("folder",))
def coco_mini(
    folder,
    noncommercial=True,
    size=(96, 96),
    length=24,
    validation=0.2,
    seed=0,
):
    """101 photographs of COCO with five captions each: do the two match?

    Far too little to train on; meant to try a pipeline, a loader or a demo.

    Every row is an image and a caption, and its target `match` says whether
    the caption was written for it. Each caption comes twice: with its own
    image (`yes`) and with another image of the same split (`no`). Neither the
    image alone nor the caption alone can therefore be right in more than half
    of the rows, which `Split.ceiling` says; only together they tell. For
    retrieval take the rows whose match is `yes`: `Split.groups` is the
    `image_id`.

    - **Where from**: COCO 2017, https://cocodataset.org, in the selection of
      github.com/Obmutescence/COCO-MINI without images whose licence forbids
      changes. The folder holds `images/` and `captions.csv` with the columns
      `image` (a path in the folder), `split` (`train`: 50 images of
      train2017, `val`: 51 of val2017), `image_id`, `caption`, `license`,
      `license_url`.
    - **Licence**: captions CC BY 4.0, by COCO's terms; of the images each its
      own, by the table: 50 of them are **NonCommercial**. `Data.notes` counts
      them; `noncommercial=False` leaves them out.

    Nothing is downloaded. `val` is the test split; validation images are drawn
    from training. No image is in two splits.

    Args:
        folder: path of the folder with `captions.csv` and `images`.
        noncommercial: bool. Whether images whose licence forbids commercial
            use are taken, too.
        size: tuple `(height, width)` in pixels, what the model gets.
        length: int. Words of a caption that are kept.
        validation: float in `(0, 1)`, the share of the training images.
        seed: int >= 0. Of what is drawn and of the order of batches.

    Returns:
        `Data` with the inputs `caption` and `image` and the target `match`.

    Raises:
        ArgumentError: If an argument cannot be used.
        DataError: If something is missing in the folder or cannot be read.

    Example:

    >>> import pathlib, tempfile
    >>> import PIL.Image
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> (folder / "images").mkdir()
    >>> rows = [",".join(COLUMNS)]
    >>> for n, split in enumerate(["train"] * 4 + ["val"] * 2):
    ...     PIL.Image.new("RGB", (8, 8), (n, 9, 9)).save(
    ...         folder / f"images/{n}.png"
    ...     )
    ...     rows.append(
    ...         f"images/{n}.png,{split},{n},dog {n},CC BY,http://a.org"
    ...     )
    >>> _ = (folder / "captions.csv").write_text("\\n".join(rows))
    >>> data = coco_mini(folder, size=(8, 8), validation=0.5)
    >>> data.train.groups.tolist(), data.train.targets["match"].tolist()
    (['0', '0', '2', '2'], [1, 0, 1, 0])
    """
    checks.check_choice(
        "coco_mini", "noncommercial", noncommercial, (True, False)
    )
    checks.check_shape("coco_mini", "size", size, rank=2)
    checks.check_range("coco_mini", "validation", validation, 0.01, 0.9)
    checks.check_seed("coco_mini", seed)
    folder = check_folder("coco_mini", folder, FILES, _SOURCE)
    rows = read_rows(folder / FILES[0], COLUMNS)
    if not noncommercial:
        rows = [row for row in rows if "NonCommercial" not in row["license"]]
    splits = split_rows(rows, {"train": "train", "val": "test"})
    train = splits["train"]
    drawn, faults = draw(
        [str(at) for at in train],
        {"validation": validation},
        groups=[rows[at]["image_id"] for at in train],
        seed=seed,
    )
    if faults:
        raise DataError(f"{folder / FILES[0]}: {'; '.join(faults)}.", faults)
    for name in ("train", "validation"):
        splits[name] = [
            at for at, part in zip(train, drawn, strict=True) if part == name
        ]
    made = _pairs(rows, splits, seed)
    data = from_arrays(
        {
            "caption": made["caption"],
            "image": [folder / image for image in made["image"]],
        },
        {"match": made["match"]},
        modalities={
            "caption": Text(kind="ids", vocabulary_size=1000, length=length),
            "image": Image(size=size),
        },
        splits={
            name: np.flatnonzero(np.array(made["split"]) == name)
            for name in splits
        },
        groups=made["image_id"],
        unit="image",
        ids=made["id"],
        seed=seed,
        ceilings={
            name: {"caption": 0.5, "image": 0.5} for name in set(made["split"])
        },
    )
    data.notes += _licences(rows)
    return data


def _pairs(rows, splits, seed):
    """Each caption with its own image, and with one of its split."""
    made = collections.defaultdict(list)

    def add(name, image, caption, match):
        made["split"].append(name)
        made["image"].append(rows[image]["image"])
        made["image_id"].append(rows[image]["image_id"])
        made["caption"].append(rows[caption]["caption"])
        made["match"].append(match)
        made["id"].append(f"{rows[image]['image_id']}+{caption}")

    for number, (name, places) in enumerate(sorted(splits.items())):
        rng = np.random.default_rng([seed, number])
        images = collections.defaultdict(list)
        for at in places:
            images[rows[at]["image_id"]].append(at)
        order = rng.permutation(sorted(images)).tolist()
        if len(order) < 2:
            raise DataError(
                f"The {name} split has {len(order)} images, and captions of "
                "others need two at least. Take more images."
            )
        # In a circle of the images each gets the captions of the next one.
        for one, other in zip(order, order[1:] + order[:1], strict=True):
            for own in images[one]:
                add(name, own, own, "yes")
            for place, caption in enumerate(images[other]):
                own = images[one][place % len(images[one])]
                add(name, own, caption, "no")
    return made


def _licences(rows):
    """How many images have which licence, one line each."""
    images = {
        row["image"]: (row["license"], row["license_url"]) for row in rows
    }
    counts = collections.Counter(images.values())
    return [
        f"image: {count} under the {name} ({url})"
        for (name, url), count in sorted(counts.items())
    ]
