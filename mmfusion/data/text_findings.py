"""What is worth telling of the texts of each split."""

from mmfusion.data.words import runs, words_of

# Above this share of unknown words a text says little.
_MANY_UNKNOWN = 0.3


def unknown_share(values, vocabulary) -> float:
    """Share of the words of canonical values that are not known.

    Zero where there is no word at all.
    """
    known = set(vocabulary)
    words = [word for found in words_of(values) for word in found]
    return sum(word not in known for word in words) / max(len(words), 1)


def texts_cut(splits, length, longest_run=1) -> list[str]:
    """How many texts of each split have more tokens than are kept."""
    found = []
    for name, texts in splits.items():
        cut = sum(
            len(runs(words, longest_run)) > length for words in words_of(texts)
        )
        if cut:
            found.append(
                f"{cut} of {len(texts)} texts of {name} are longer than "
                f"`length={length}` words and are cut"
            )
    return found


def texts_unknown(splits, rate_of) -> list[str]:
    """How many of the words of each split are unknown.

    Args:
        splits: dict of split name to canonical values.
        rate_of: function of canonical values that gives the share.
    """
    found = []
    for name, texts in splits.items():
        rate = rate_of(texts)
        if name != "train" or rate > _MANY_UNKNOWN:
            many = rate > _MANY_UNKNOWN
            found.append(
                f"{100 * rate:.1f} % of the words of {name} are unknown"
                + ("; is it another language or domain?" * many)
            )
    return found
