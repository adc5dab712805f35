"""A data set in a few lines: rows, units, and what can be reached."""


def describe(data) -> str:
    """A table of the splits, with their ceilings where these are known.

    Args:
        data: `Data`.

    Returns:
        Str of several lines: rows of each split, the units that repeat, and
        the best accuracy that is possible with each modality alone and with
        all (see `mmfusion.data.datasets.channel.ceilings`).

    Example:

    >>> import mmfusion as mm
    >>> print(describe(mm.data.datasets.shapes(rows=600)))
    split       rows  caption  image  sound  fused
    train        360    0.653  0.646  0.637  0.987
    validation    60    0.651  0.644  0.636  0.984
    test         180    0.656  0.644  0.639  0.985
    caption, image, sound, fused: accuracy that is possible at most
    """
    splits = [s for s in (data.train, data.validation, data.test) if s]
    table = [["split", "rows"]]
    table += [[split.name, f"{split.rows:,}"] for split in splits]
    if any(split.groups is not None for split in splits):
        table[0].append(f"{splits[0].unit}s")
        for line, split in zip(table[1:], splits, strict=True):
            line.append(f"{len(set(split.groups)):,}")
    names = list(splits[0].ceiling or ())
    if names:
        table[0] += names
        for line, split in zip(table[1:], splits, strict=True):
            line += [f"{split.ceiling[name]:.3f}" for name in names]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            [line[0].ljust(widths[0])]
            + [c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True)]
        )
        for line in table
    ]
    if names:
        lines.append(f"{', '.join(names)}: accuracy that is possible at most")
    return "\n".join(lines)
