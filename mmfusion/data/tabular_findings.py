"""What is worth knowing of the columns of a table before training."""

import numpy as np

# As many deviations from the mean of training are out of its range.
_FAR = 10


def column_findings(modality, learned, splits) -> list[str]:
    """Constant columns, empty cells, unseen categories, numbers out of range.

    Args:
        modality: `Tabular`.
        learned: dict, its state.
        splits: dict of split name to the canonical rows of each.

    Returns:
        List of lines, each beginning with the column.
    """
    tables = {
        name: np.array([list(row) for row in rows], object)
        for name, rows in splits.items()
        if len(rows)
    }
    found = []
    numbers = iter(zip(learned["mean"], learned["deviation"], strict=True))
    vocabularies = iter(learned["vocabularies"])
    for place, column in enumerate(modality.columns):
        cells = {name: table[:, place] for name, table in tables.items()}
        if column in learned["constant"]:
            found.append(f"{column}: is the same number in every training row")
        empty = {name: int(np.sum(x == "")) for name, x in cells.items()}
        if any(empty.values()):
            listed = ", ".join(f"{n} in {name}" for name, n in empty.items())
            found.append(f"{column}: empty cells: {listed}")
        if learned["kinds"][column] == "category":
            found += _unseen(column, cells, set(next(vocabularies)))
        else:
            found += _out_of_range(column, cells, *next(numbers))
    return found


def _unseen(column, cells, known):
    for name, given in cells.items():
        unseen = [cell for cell in given if cell and cell not in known]
        if unseen and name != "train":
            first = ", ".join(map(repr, sorted(set(unseen))[:3]))
            yield (
                f"{column}: {len(unseen)} cells of {name} hold a category "
                f"that training has not: {first}"
            )


def _out_of_range(column, cells, mean, deviation):
    training = cells.get("train")
    for name, given in cells.items():
        if name == "train" or training is None:
            continue
        values = np.array([float(cell) for cell in given if cell])
        far = np.abs(values - mean) > _FAR * deviation
        if far.any():
            worst = values[far][np.argmax(np.abs(values[far] - mean))]
            yield (
                f"{column}: {int(far.sum())} numbers of {name} are more than "
                f"{_FAR} deviations from the mean of training, {mean:g}; the "
                f"farthest is {worst:g}"
            )
