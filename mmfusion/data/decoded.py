"""Clips and sound tracks by the process that decodes them."""

from mmfusion.data.file_modality import broken_file
from mmfusion.data.host_file import at_path, read_bytes, too_many_bytes
from mmfusion.data.modality import (
    BadValue,
)
from mmfusion.media.process import decode
from mmfusion.media.refusal import Refusal

# As much of a file as tells what it is.
_HEAD = 4096


def decoded(
    kind, formats, kind_of_file, max_bytes, path=None, data=None, **arguments
):
    """What `media.process.decode` gives, and its refusals as bad values.

    Args:
        kind: `"clip"` or `"track"`.
        formats: tuple of str. The types that may be such a file.
        kind_of_file: str. What the file should be, for messages.
        max_bytes: int. More are refused.
        path: path of a file, or None.
        data: its bytes, where there is no path.
        **arguments: of `decode`.

    Returns:
        Dict of what came with the array, and the array.

    Raises:
        BadValue: Whatever is wrong with the file.
    """
    if data is not None and len(data) > max_bytes:
        raise too_many_bytes("the file", len(data), max_bytes)
    try:
        return decode(kind, path=path, data=data, **arguments)
    except Refusal as refusal:
        if refusal.what:
            error = BadValue(refusal.what, refusal.fix, refusal.reason)
        else:
            if data is None:
                data = read_bytes(path, max_bytes, _HEAD)
            error = broken_file(data, formats, kind_of_file)
        if path is not None:
            error = at_path(path, error)
        raise error from refusal
