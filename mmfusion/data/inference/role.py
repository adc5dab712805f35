"""What a column is for, and why."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Role:
    """What a column is for, and why.

    Attributes:
        kind: `"split"`, `"id"`, `"unused"`, `"number"`, `"category"`, or the
            type of a modality: `"image"`, `"text"`, ...
        reason: str. What in the cells says so.
        settings: dict of settings of the modality.
        note: str. What else to look at.
    """

    kind: str
    reason: str
    settings: dict = dataclasses.field(default_factory=dict)
    note: str = ""
