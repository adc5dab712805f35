"""Names of modalities and tasks, after their columns."""

import re

# What a data set and a report add to a name.
_ENDINGS = ("_present", "_mask", "_probability", "_class")


def name_of(column, taken):
    """A name that a modality or task may have, after its column."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_") or "column"
    name = name if name[0].isalpha() else f"c_{name}"
    while name.endswith(_ENDINGS):
        name = name.rpartition("_")[0] or "column"
    if name == "mask":  # What encoders call their mask of steps.
        name = "mask_input"
    unique, count = name, 2
    while unique in taken or unique in ("id", "status", "error"):
        unique, count = f"{name}_{count}", count + 1
    return unique
