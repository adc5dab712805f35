"""Where word vectors come from, as a recipe says it."""

import pathlib

from mmfusion import checks
from mmfusion.data.skip_gram import skip_gram
from mmfusion.data.word_vectors import read_word_vectors
from mmfusion.errors import ArgumentError

_WHO = "vectors of an encoder"
# What the vocabulary says, and no recipe.
_OWN = ("words", "vocabulary_size", "counts", "tokens", "texts")


def resolve_vectors(plain, folder):
    """The setting `vectors`, checked, with every path absolute.

    Args:
        plain: path of a file of word vectors; or a dict of `path` and options
            of `read_word_vectors`; or a dict of `skip_gram` to a dict of
            options of `skip_gram`.
        folder: str or path that paths are relative to.

    Returns:
        Dict of `path` and options, or of `skip_gram`; it resolves to itself.

    Raises:
        ArgumentError: If a key is not known.
    """
    plain = {"path": plain} if isinstance(plain, str) else plain
    if not isinstance(plain, dict):
        raise ArgumentError(
            f"`{_WHO}` expects a path, or keys and values. Received: {plain!r}."
        )
    if "skip_gram" in plain:
        checks.check_keys(_WHO, plain, ("skip_gram",))
        options = plain["skip_gram"] or {}
        if not isinstance(options, dict):
            raise ArgumentError(
                f"`skip_gram` expects keys and values. Received: {options!r}."
            )
        checks.check_keys("skip_gram", options, _options(skip_gram))
        return {"skip_gram": options}
    checks.check_keys(_WHO, plain, _options(read_word_vectors), ("path",))
    paths = {
        key: str((pathlib.Path(folder) / plain[key]).resolve())
        for key in ("path", "words_path")
        if plain.get(key) is not None
    }
    return {**plain, **paths}


def _options(function):
    return [name for name in checks.parameters(function) if name not in _OWN]
