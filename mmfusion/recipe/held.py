"""The rows on which a run was scored."""

from mmfusion import run as runs
from mmfusion import trust
from mmfusion.errors import ArgumentError
from mmfusion.recipe.recipe import Recipe


def held_rows(opened):
    """The rows on which a run is scored, read again as it was trained.

    Args:
        opened: `mmfusion.run.Run`.

    Returns:
        `data.Split`: the test split, or the validation split without one.

    Raises:
        ArgumentError: If the data is not what the run was trained on.
    """
    # A run may come from anywhere, and so may the SavedModels it names.
    with trust.trusting(opened.trusted):
        recipe = Recipe(opened.recipe, opened.path.name)
        rows = recipe.narrow(recipe.read())
    now, before = runs.fingerprint(rows, opened.recipe), opened.fingerprint
    changed = sorted(key for key in before if now.get(key) != before[key])
    if changed:
        raise ArgumentError(
            f"The data of `{opened.path}` is not what it was trained on: "
            f"{', '.join(changed)} changed. Train again, or restore it."
        )
    return rows.test or rows.validation
