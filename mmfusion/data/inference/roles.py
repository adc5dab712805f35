"""Rules that say what a column is, each with its reason."""

import dataclasses
import re

from mmfusion.data.inference.samples import describe_files
from mmfusion.data.splits import part_of

# What a cell ends in, and the type of modality that reads it.
FILES = {
    "image": "jpg jpeg png gif bmp tif tiff webp ppm pgm".split(),
    "audio": "wav flac ogg oga opus mp3 aif aiff au".split(),
    "video": "mp4 mkv webm avi mov mpg mpeg m4v".split(),
    "vector": "npy npz".split(),
}
_ID = re.compile(r"(^|[ _-])(id|uid|uuid|guid|key|index|sku|isbn)s?$", re.I)
# What says which rows train, and is no input whatever it says.
_PART = re.compile(r"(split|set|subset|fold|partition)s?$", re.I)
# Most cells, where a few may be faults.
_MOST = 0.9
# Classes that one still counts at a glance, and as a share of the rows.
_FEW, _FEW_SHARE, _FEW_AT_MOST = 20, 0.05, 1000
# Ids that each stand in ten rows and more can be learned.
_CODES_SHARE = 0.1


# The bag that linear models of texts do best with; a minute to train.
_BAG = {
    "kind": "tf_idf",
    "ngrams": 2,
    "sublinear": True,
    "normalize": True,
    "vocabulary_size": 8000,
}


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


def role_of(evidence, table) -> Role:
    """The first rule that holds.

    Args:
        evidence: `Evidence` of the column.
        table: `Table`.
    """
    for rule in _RULES:
        role = rule(evidence, table)
        if role is not None:
            return role
    return Role("unused", "nothing says what it is")


def _empty(x, table):
    if not x.cells:
        return Role("unused", "every cell is empty")
    return None


def _split(x, table):
    parts = {part_of(text) for text in x.counts}
    if "train" in parts and len(parts) > 1 and None not in parts:
        return Role("split", f"it says {', '.join(sorted(x.counts))}")
    if x.lists or x.name == table.split_column or not _PART.match(x.name):
        return None
    return Role(
        "unused",
        "its name says that it parts the rows, and its cells do not say "
        "train, validation and test",
        note=f"{x.name!r} is left out: it is called as what parts the rows, "
        "and its cells are not understood. Write train, validation or test in "
        f"each for `split: {{column: {x.name}}}`; or keep the rows of one "
        f"value together: `split: {{group: {x.name}, ...}}`",
    )


def _constant(x, table):
    if len(x.counts) == 1 and not x.lists and len(x.cells) > 1:
        return Role("unused", f"it says {x.texts[0][:40]!r} in every row")
    return None


def _urls(x, table):
    if x.urls > _MOST * len(x.cells):
        return Role("unused", "it holds URLs; download the files and name them")
    return None


def _several(x, table):
    if len(x.lists) < len(x.cells):
        return None
    inner = [cell for cells in x.lists for cell in cells]
    if not inner or not all(isinstance(cell, str) for cell in inner):
        numbers = inner and all(isinstance(c, (int, float)) for c in inner)
        lengths = {len(cells) for cells in x.lists}
        if numbers and len(lengths) == 1:
            (dim,) = lengths
            return Role(
                "vector", f"every cell is a list of {dim} numbers", {"dim": dim}
            )
        return Role("unused", "it holds lists of no single kind")
    most = max(len(cells) for cells in x.lists)
    kind = next(
        (
            kind
            for kind, endings in FILES.items()
            if all(c.lower().endswith(tuple(endings)) for c in inner)
        ),
        "text",
    )
    return Role(
        "several",
        f"every cell is a list, of {most} at most",
        {"most": most, "of": {"type": kind}},
    )


def _files(x, table):
    for kind, endings in FILES.items():
        count = sum(x.suffixes[ending] for ending in endings)
        if count > _MOST * len(x.cells):
            listed = ", ".join(
                f".{e}" for e, _ in x.suffixes.most_common() if e in endings
            )
            reason, settings = describe_files(kind, x, table)
            return Role(
                kind,
                f"{count:,} of {len(x.cells):,} cells end in {listed}{reason}",
                settings,
            )
    return None


def _id(x, table):
    if len(x.counts) < len(x.cells):
        return None
    if _ID.search(x.name) and not x.empty:
        return Role("id", "its name says so, and every cell is another")
    return None


def _code(x, table):
    """Numbers that name something are no amounts."""
    most = max(_FEW_AT_MOST, _CODES_SHARE * len(x.cells))
    if (
        x.whole
        and len(x.numbers) == len(x.cells)
        and _ID.search(x.name)
        and len(x.counts) <= most
    ):
        return Role(
            "category",
            f"whole numbers that its name calls ids, {len(x.counts):,} "
            "different ones",
        )
    return None


def _number(x, table):
    values = x.numbers
    if not values or len(values) < _MOST * len(x.cells):
        return None
    if max(abs(value) for value in values) > 2**24 and x.whole:
        return Role(
            "unused", "whole numbers above 16777216: ids or time stamps"
        )
    what, other = "every cell is a number", ""
    if len(values) < len(x.cells):
        what = f"{len(values):,} of {len(x.cells):,} cells are numbers"
        other = "; the others will be faults"
    span = f"{min(values):g} to {max(values):g}"
    return Role("number", f"{what}, {span}{other}")


def _category(x, table):
    few = max(_FEW, min(_FEW_SHARE * len(x.cells), _FEW_AT_MOST))
    if len(x.counts) <= few and x.share_of(0.5) <= 4:
        return Role("category", f"{len(x.counts):,} different values")
    return None


def _text(x, table):
    middle, long = x.share_of(0.5), x.share_of(0.95)
    if middle < 2 and x.words[-1] < 4:
        return None
    return Role(
        "text",
        f"{middle} words at the median, 95 % have {long} or fewer; as a bag of "
        "words and pairs (`kind: ids` and a `length` keep their order)",
        dict(_BAG),
    )


def _names(x, table):
    share = len(x.counts) / len(x.cells)
    return Role(
        "unused",
        f"single words, {100 * share:.0f} % of them different: names or ids?",
    )


_RULES = (
    _empty,
    _split,
    _urls,
    _several,
    _files,
    _constant,
    _id,
    _code,
    _number,
    _category,
    _text,
    _names,
)
