"""Ways to damage the bytes of a file that leave most of it as it was."""

import hypothesis.strategies as st

# What fools a header: nothing, the most, a sign, a size that is no size.
NUMBERS = [
    *(bytes([byte]) for byte in (0, 1, 2, 8, 16, 32, 127, 128, 255)),
    *(b"\xff" * count for count in (2, 3, 4, 8)),
    *(b"\0" * count for count in (2, 3, 4, 8)),
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x80",
    b"\x80\x00\x00\x00",
    b"\x00\x10\x00\x00",
]


@st.composite
def damaged(draw, files, magic=0, header=96, mend=None):
    """The bytes of one of some files after one to three changes.

    Args:
        files: list of bytes, valid ones.
        magic: int. So many first bytes stay in seven of eight cases: without
            them no decoder looks any further.
        header: int. Of changes, half begin in so many first bytes.
        mend: function of bytes that puts right what a decoder would refuse
            at once, a checksum; applied to half of the cases.
    """
    data = draw(st.sampled_from(files))
    for _ in range(draw(st.integers(1, 3))):
        change = draw(st.sampled_from(_CHANGES))
        start = draw(st.sampled_from([magic] * 7 + [0]))
        data = change(draw, data, files, (start, header))
    if mend and draw(st.booleans()):
        data = mend(data)
    return data


def _place(draw, data, bounds):
    start, header = bounds
    end = draw(st.sampled_from([header, len(data)]))
    return draw(
        st.integers(min(start, len(data)), min(max(start, end), len(data)))
    )


def _flip(draw, data, files, bounds):
    at = _place(draw, data, bounds)
    bit = 1 << draw(st.integers(0, 7))
    flipped = bytes(byte ^ bit for byte in data[at : at + 1])
    return data[:at] + flipped + data[at + 1 :]


def _overwrite(draw, data, files, bounds):
    at = _place(draw, data, bounds)
    given = draw(st.sampled_from(NUMBERS) | st.binary(min_size=1, max_size=4))
    return (data[:at] + given + data[at + len(given) :])[: len(data)]


def _truncate(draw, data, files, bounds):
    return data[: _place(draw, data, bounds)]


def _insert(draw, data, files, bounds):
    at = _place(draw, data, bounds)
    return data[:at] + draw(st.binary(min_size=1, max_size=12)) + data[at:]


def _remove(draw, data, files, bounds):
    at, length = _place(draw, data, bounds), draw(st.integers(1, 200))
    return data[:at] + data[at + length :]


def _repeat(draw, data, files, bounds):
    at, length = _place(draw, data, bounds), draw(st.integers(1, 400))
    return data[: at + length] + data[at:]


def _splice(draw, data, files, bounds):
    """The beginning of this file, and the end of another one."""
    other = draw(st.sampled_from(files))
    return (
        data[: _place(draw, data, bounds)]
        + (other[_place(draw, other, bounds) :])
    )


# Lengths change seldom: most formats are refused at once where they do.
_CHANGES = [_flip] * 4 + [_overwrite] * 6
_CHANGES += [_truncate, _insert, _remove, _repeat, _splice]
