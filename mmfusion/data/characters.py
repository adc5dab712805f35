"""What is done to every string, on the host and in the graph alike."""

import re

import tensorflow as tf

from mmfusion.data.modality import BLANK, BadValue

# NUL and other control characters separate words like a blank; some tools cut
# a string at a NUL.
_CONTROL = r"[\x00-\x1f\x7f]"


def clean(text: str) -> str:
    """Control characters as blanks, none at the ends.

    Example:

    >>> clean("  red\\twine\\0 ")
    'red wine'
    """
    return re.sub(_CONTROL, " ", text).strip(BLANK)


def clean_strings(strings):
    """The same of a string tensor of any shape."""
    return tf.strings.strip(tf.strings.regex_replace(strings, _CONTROL, " "))


def is_utf8(strings):
    """Whether each string of a tensor is valid UTF-8: bool, same shape."""
    repaired = tf.strings.unicode_transcode(
        strings, "UTF-8", "UTF-8", errors="replace", replacement_char=0xFFFD
    )
    return tf.equal(repaired, strings)


def as_text(value) -> str:
    """A str that UTF-8 can hold, from a str or UTF-8 bytes.

    Raises:
        BadValue: If it is neither.
    """
    fix = "save the file as UTF-8"
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadValue(
                f"is not UTF-8 at byte {error.start}", fix
            ) from error
    if not isinstance(value, str):
        raise BadValue(
            f"expects text, received a {type(value).__name__}", "convert it"
        )
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:  # Half of a surrogate pair.
        raise BadValue(
            f"is not UTF-8 at character {error.start}", fix
        ) from error
    return str(value)
