"""Questions about radiological images, and their answers."""

import collections
import warnings

import numpy as np

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.datasets.local import check_folder, read_rows, split_rows
from mmfusion.data.image import Image
from mmfusion.data.splits import draw
from mmfusion.data.text import Text

FILES = ("vqa_rad.csv", "images")
COLUMNS = ("qid", "split", "image", "organ", "question", "answer")
COLUMNS += ("answer_type", "question_type")
_SOURCE = (
    "VQA-RAD, https://osf.io/89kps, as a table with a column `split` of train "
    "and test"
)


@registry.register("dataset", "vqa_rad", paths=("folder",))
def vqa_rad(
    folder,
    answers="closed",
    by="official",
    size=(96, 96),
    length=24,
    validation=0.1,
    seed=0,
):
    """VQA-RAD: 314 images of heads, chests and abdomens, 2,244 questions.

    Clinicians asked and answered; each image has about seven questions. As
    little data as this teaches a model of images little: look at what the
    question alone reaches, which is most of it.

    - **Where from**: https://osf.io/89kps (Lau et al., 2018). The folder
      holds `images/` and `vqa_rad.csv` with the columns `qid`, `split` (1,793
      train, 451 test: those whose phrase type is `test_...`), `image` (a path
      in the folder), `organ`, `question`, `question_type`, `answer`,
      `answer_type` (`CLOSED`, `OPEN`).
    - **Licence**: CC0 1.0, as the card of its copy flaviagiammarino/vqa-rad
      on Hugging Face says.

    Nothing is downloaded. In the official split **images are shared between
    training and test by design**: questions are new, images are not (202 of
    the 203 test images are in training, too), and validation questions are
    drawn from the training questions alike. With `by="image"` every image,
    with all its questions, is in one split, 70 : 10 : 20: how a model does on
    new images, with rows that no paper has.

    `Split.groups` is the image, of which rows are not independent.

    Args:
        folder: path of the folder with `vqa_rad.csv` and `images`.
        answers: `"closed"`: the questions that are answered yes or no; or an
            int of 2 at least: all questions, closed and open ones, whose
            answer is among that many most frequent ones of training. Others
            are left out, as `Data.notes` says. Answers are in lower case.
        by: `"official"` or `"image"`.
        size: tuple `(height, width)` in pixels, what the model gets.
        length: int. Words of a question that are kept.
        validation: float in `(0, 1)`, the share of the official training rows.
        seed: int >= 0. Of what is drawn and of the order of batches.

    Returns:
        `Data` with the inputs `image` and `question` and the target `answer`.

    Raises:
        ArgumentError: If an argument cannot be used.
        DataError: If something is missing in the folder or cannot be read.

    Example:

    >>> import pathlib, tempfile
    >>> import PIL.Image
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> (folder / "images").mkdir()
    >>> rows = [",".join(COLUMNS)]
    >>> for n in range(12):
    ...     split, said = ["train", "test"][n % 4 == 3], ["yes", "no"][n % 2]
    ...     PIL.Image.new("L", (8, 8), n).save(folder / f"images/{n}.png")
    ...     row = f"images/{n}.png,CHEST,is it {n}?,{said},CLOSED,SIZE"
    ...     rows.append(f"{n},{split},{row}")
    >>> _ = (folder / "vqa_rad.csv").write_text("\\n".join(rows))
    >>> data = vqa_rad(folder, size=(8, 8))
    >>> data.train.arrays()[0]["image"].shape, data.train.classes["answer"]
    ((8, 8, 8, 3), ['no', 'yes'])
    """
    if answers != "closed":
        checks.check_positive("vqa_rad", answers=answers)
        checks.check_range("vqa_rad", "answers", answers, 2, 1000)
    checks.check_choice("vqa_rad", "by", by, ("official", "image"))
    checks.check_shape("vqa_rad", "size", size, rank=2)
    checks.check_range("vqa_rad", "validation", validation, 0.001, 0.9)
    checks.check_seed("vqa_rad", seed)
    folder = check_folder("vqa_rad", folder, FILES, _SOURCE)
    rows = read_rows(folder / FILES[0], COLUMNS)
    for row in rows:
        row["answer"] = " ".join(row["answer"].lower().split())
    splits = _split(rows, by, validation, seed)
    kept, note = _choose(rows, splits, answers)
    new = {at: i for i, at in enumerate(kept)}
    splits = {
        name: [new[at] for at in places if at in new]
        for name, places in splits.items()
    }
    rows = [rows[at] for at in kept]
    names = np.empty(len(rows), "U10")
    for name, places in splits.items():
        names[places] = name
    # In the official split an image is on several sides, and a unit of each.
    groups = [
        row["image"] if by == "image" else f"{name}:{row['image']}"
        for row, name in zip(rows, names, strict=True)
    ]
    with warnings.catch_warnings():
        if by == "official":  # Said here, in the notes and in the docs.
            warnings.filterwarnings("ignore", message="The test is easier")
        data = from_arrays(
            {
                "image": [folder / row["image"] for row in rows],
                "question": [row["question"] for row in rows],
            },
            {"answer": [row["answer"] for row in rows]},
            modalities={
                "image": Image(size=size),
                "question": Text(
                    kind="ids", vocabulary_size=1500, length=length
                ),
            },
            splits=splits,
            groups=groups,
            unit="image",
            ids=[row["qid"] for row in rows],
            seed=seed,
        )
    data.notes.append(note)
    if by == "official":
        data.notes.append(_shared(rows, names))
    return data


def _split(rows, by, validation, seed):
    """Rows of each split."""
    ids = [row["qid"] for row in rows]
    if by == "image":
        open_rows = list(range(len(rows)))
        fractions = {"validation": 0.1, "test": 0.2}
        groups = [row["image"] for row in rows]
        splits = {}
    else:
        splits = split_rows(rows, {"train": "train", "test": "test"})
        open_rows = splits.pop("train")
        fractions, groups = {"validation": validation}, None
    names, _ = draw(
        [ids[at] for at in open_rows], fractions, groups=groups, seed=seed
    )
    for at, name in zip(open_rows, names, strict=True):
        splits.setdefault(name, []).append(at)
    return splits


def _choose(rows, splits, answers):
    """The rows whose answer is asked for, and what to say of the others."""
    if answers == "closed":
        closed = [
            at for at, r in enumerate(rows) if r["answer_type"] == "CLOSED"
        ]
        kept = [at for at in closed if rows[at]["answer"] in ("yes", "no")]
        return kept, (
            f"{len(kept):,} of {len(rows):,} questions are answered yes or "
            f"no; {len(rows) - len(closed):,} open ones and "
            f"{len(closed) - len(kept):,} closed ones between other answers "
            "are left out"
        )
    counts = collections.Counter(rows[at]["answer"] for at in splits["train"])
    # Ties in the order of the alphabet.
    known = sorted(counts, key=lambda answer: (-counts[answer], answer))
    known = set(known[:answers])
    kept = [at for at, row in enumerate(rows) if row["answer"] in known]
    return kept, (
        f"{len(kept):,} of {len(rows):,} questions have one of the {len(known)}"
        " most frequent answers of training; the others are left out"
    )


def _shared(rows, names):
    """How many images of the test training has, too."""
    seen = {
        part: {
            row["image"]
            for row, name in zip(rows, names, strict=True)
            if (name == "test") == (part == "test")
        }
        for part in ("rest", "test")
    }
    both = len(seen["rest"] & seen["test"])
    return (
        f"{both} of {len(seen['test'])} test images are in training or "
        "validation, too, as their authors have it: the questions are new"
    )
