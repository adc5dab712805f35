"""What happens to the batches of one modality, in order."""

import tensorflow as tf

from mmfusion import checks, registry
from mmfusion.data.augment.augmentation import Augmentation, check_fits
from mmfusion.data.pipeline import mark
from mmfusion.errors import ArgumentError


class Chain:
    """Augmentations of one modality, each with a seed of its own.

    A seed is of the name, so that one that is left out, or put elsewhere,
    changes nothing in what the others draw.

    Args:
        parts: list of `Augmentation`, or of functions of `(batch, seed)`.

    Example:

    >>> from mmfusion.data.augment import Gain
    >>> Chain([Gain(decibels=0), lambda x, seed: 2 * x])(
    ...     [[1.0]], (0, 1)
    ... ).numpy()
    array([[2.]], dtype=float32)
    """

    def __init__(self, parts):
        self.parts = list(parts)
        self._marks = []
        taken = {}
        for part in self.parts:
            name = _name(part)
            # Two of a name are told apart by their order.
            taken[name] = taken.get(name, 0) + 1
            self._marks.append(mark(f"{name} {taken[name]}"))

    def __call__(self, batch, seed, mask=None):
        for part, number in zip(self.parts, self._marks, strict=True):
            own = tf.random.fold_in(seed, number)
            if isinstance(part, Augmentation):
                batch = part(batch, own, mask)
            else:
                batch = part(batch, own)
        return batch

    def settings(self):
        """Plain values, one for each part; None where one is a function.

        Example:

        >>> settings({"sound": ["gain"]})
        {'sound': [{'name': 'gain', 'decibels': 6}]}
        """
        if not all(isinstance(part, Augmentation) for part in self.parts):
            return None
        return [part.settings() for part in self.parts]

    def of(self, name, modality):
        """The chain for a modality that it fits.

        Raises:
            ArgumentError: If a part does not.
        """
        parts = []
        for part in self.parts:
            if isinstance(part, Augmentation):
                check_fits(part, name, modality)
                part = part.of(modality)
            parts.append(part)
        return Chain(parts)


def chains(augment):
    """`Chain`s of what a user gave.

    Args:
        augment: dict of modality name to an augmentation or a list of them:
            an object, a function of `(batch, seed)`, a name, or a dict of
            `"name"` and arguments. None: nothing.

    Returns:
        Dict of modality name to `Chain`.

    Raises:
        ArgumentError: If there is no such augmentation or argument.

    Example:

    >>> chains({"photo": ["flip"]})["photo"].settings()
    [{'name': 'flip', 'horizontal': True, 'vertical': False, 'chance': 0.5}]
    """
    if augment is None:
        return {}
    if not isinstance(augment, dict):
        raise ArgumentError(
            "`augment` expects a dict of modality name to a list of "
            f"augmentations. Received: {augment!r}."
        )
    made = {}
    for name, given in augment.items():
        if isinstance(given, Chain):
            made[name] = given
            continue
        listed = given if isinstance(given, (list, tuple)) else [given]
        made[name] = Chain([create(part) for part in listed])
    return made


def create(plain):
    """The augmentation of a name, or of a dict with a name and arguments.

    Args:
        plain: str or dict; an object or a function is returned as it is.

    Returns:
        The object or function, called with `(batch, seed)`.

    Raises:
        ArgumentError: If there is no such augmentation or argument.

    Example:

    >>> create({"name": "flip", "chance": 1.0})
    Flip(horizontal=True, vertical=False, chance=1.0)
    """
    if isinstance(plain, str):
        plain = {"name": plain}
    if isinstance(plain, dict):
        checks.check_keys("augmentation", plain, plain, required=("name",))
        arguments = dict(plain)
        kind = registry.get("augmentation", arguments.pop("name"))
        checks.check_keys(
            f"augmentation {plain['name']}",
            arguments,
            checks.parameters(kind),
        )
        return kind(**arguments)
    if not callable(plain):
        raise ArgumentError(
            "`augment` expects augmentations, their names, or functions of "
            f"(batch, seed). Received: {plain!r}."
        )
    return plain


def fitted(chains, inputs):
    """Chains that know the modalities they are for.

    Args:
        chains: dict of modality name to `Chain`.
        inputs: dict of modality name to modality object, adapted.

    Returns:
        Dict like `chains`.

    Raises:
        ArgumentError: If there is no such modality, or a part does not fit.

    Example:

    >>> from mmfusion.data import WordPieces
    >>> words = WordPieces(vocabulary=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"])
    >>> chain = fitted(chains({"text": "drop_tokens"}), {"text": words})["text"]
    >>> chain.parts[0].special  # `[CLS]` and `[SEP]` are never dropped.
    [2, 3]
    """
    checks.check_keys("augment", chains, inputs)
    return {
        name: chain.of(name, inputs[name]) for name, chain in chains.items()
    }


def check(augment, inputs):
    """What a user gave fits the modalities, as far as they are known.

    Args:
        augment: as `chains` takes it.
        inputs: dict of modality name to modality object, adapted or not.

    Raises:
        ArgumentError: If there is no such modality, or it does not fit.

    Example:

    >>> from mmfusion.data import Text
    >>> check({"title": "flip"}, {"title": Text()})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `flip` is for image or clip. Received: ...
    """
    given = chains(augment)
    checks.check_keys("augment", given, inputs)
    for name, chain in given.items():
        for part in chain.parts:
            if isinstance(part, Augmentation):
                check_fits(part, name, inputs[name])


def settings(augment):
    """Plain values of what a user gave, with every default written out.

    Args:
        augment: as `chains` takes it.

    Returns:
        Dict of modality name to a list of dicts, from which `chains` makes the
        same again; None where there is nothing, or a function among it.
    """
    plain = {name: chain.settings() for name, chain in chains(augment).items()}
    return None if None in plain.values() else plain or None


def _name(part):
    if isinstance(part, Augmentation):
        return registry.name_of("augmentation", type(part)) or str(type(part))
    return "function"
