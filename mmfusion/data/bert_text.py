"""What a BERT tokeniser does to a text before it looks up word pieces."""

import tensorflow as tf

from mmfusion.errors import MissingExtraError

_BLANK = r"[\t\n\r\p{Z}]"
_IGNORED = r"[\p{C}\x{FFFD}]"
_CHINESE = (
    r"\x{4E00}-\x{9FFF}\x{3400}-\x{4DBF}\x{20000}-\x{2A6DF}"
    r"\x{2A700}-\x{2B73F}\x{2B740}-\x{2B81F}\x{2B820}-\x{2CEAF}"
    r"\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}"
)
# Unicode calls the ASCII characters between P and C symbols, no punctuation.
_APART = rf"([\p{{P}}$+<=>^`|~{_CHINESE}])"
_TOO_LONG = "[^ ]{101,}"
MAX_BYTES_PER_WORD = 400  # Of the 100 characters that a word may have.


def tensorflow_text():
    """The module; imported where it is used, for its operators.

    Raises:
        MissingExtraError: Where it is not installed.
    """
    try:
        import tensorflow_text as module
    except ModuleNotFoundError as error:
        if error.name != "tensorflow_text":
            raise
        raise MissingExtraError(
            "`WordPieces` needs `tensorflow-text`, which is not installed. "
            "There is none for Windows: use Linux, macOS or WSL, or the "
            "modality `Text`."
        ) from error
    return module


def words_apart(texts, lower_case):
    """Words, punctuation and Chinese characters with blanks between them.

    `FastBertNormalizer` of TensorFlow Text folds more than BERT does: an
    ellipsis becomes three points, "ß" becomes "ss". This follows the steps of
    the original instead: blanks to " ", control characters dropped; then, for
    lower case, accents dropped and lower case letter by letter. A word of more
    than 100 characters becomes one that no vocabulary knows.

    Args:
        texts: string tensor of any shape, UTF-8.
        lower_case: bool.

    Returns:
        String tensor of the same shape.

    Example:

    >>> print(words_apart("Straße, Café…", True).numpy().decode())
    straße ,  cafe …
    """
    texts = tf.strings.regex_replace(texts, _BLANK, " ")
    texts = tf.strings.regex_replace(texts, _IGNORED, "")
    if lower_case:
        texts = tensorflow_text().normalize_utf8(texts, "NFD")
        texts = tf.strings.regex_replace(texts, r"\p{Mn}", "")
        # At the end of a word TensorFlow would choose the final sigma.
        texts = tf.strings.regex_replace(texts, "Σ", "σ")
        texts = tf.strings.lower(texts, encoding="utf-8")
    texts = tf.strings.regex_replace(texts, _APART, r" \1 ")
    return tf.strings.regex_replace(texts, _TOO_LONG, "\ufffd")
