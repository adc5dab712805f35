"""What every augmentation promises: a batch and a seed in, a batch out."""

import tensorflow as tf

from mmfusion import checks, registry
from mmfusion.errors import ArgumentError

# What a tensor can be of, as `Modality.content` says: rank of a row, dtype.
CONTENTS = {
    "image": (3, "float32"),
    "clip": (4, "float32"),
    "log_mel": (2, "float32"),
    "waveform": (1, "float32"),
    "ids": (1, "int32"),
    "bag": (1, "float32"),
}

SEVERAL = "several "  # Before the content of one, where a row has several.


class Augmentation:
    """Alters a batch of one modality at random, by a seed.

    An object is called with `(batch, seed)`, and with the mask of the steps
    where there is one. It is a pure function in TensorFlow: the same seed
    gives the same batch, eagerly and in a graph; shape and dtype stay.

    Keras' own layers for it draw from a state that they keep and take no seed
    for a call, so that a resumed training would see other pictures. (And in
    Keras 3.15 `RandAugment` draws once for a whole batch, `Equalization` looks
    at the histogram of the whole batch.) Hence stateless functions here.

    A subclass sets `contents` and writes `alter(batch, seed)`. Each argument
    of its constructor is an attribute of the same name.

    Attributes:
        contents: tuple of str, keys of `CONTENTS`: what it is for.
        several: bool. Whether it also takes several of them in a row,
            `(rows, count, ...)`.

    Example:

    >>> class Negative(Augmentation):
    ...     contents = ("image",)
    ...
    ...     def alter(self, batch, seed):
    ...         return 255.0 - batch
    >>> Negative()([[[[55.0]]]], (0, 1)).numpy().item()
    200.0
    """

    contents = ()
    several = False

    def __call__(self, batch, seed, mask=None):
        return self.alter(tf.convert_to_tensor(batch), seed)

    def alter(self, batch, seed):
        """The altered batch."""
        raise NotImplementedError

    def of(self, modality):
        """This augmentation, knowing what it must of the modality."""
        return self

    def settings(self) -> dict:
        """Its name and arguments, plain values: `create` makes it again."""
        arguments = {
            name: getattr(self, name)
            for name in checks.parameters(type(self).__init__)
            if name != "self"
        }
        plain = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in arguments.items()
        }
        return {"name": registry.name_of("augmentation", type(self)), **plain}

    def __repr__(self):
        arguments = list(self.settings().items())[1:]
        listed = ", ".join(f"{name}={value!r}" for name, value in arguments)
        return f"{type(self).__name__}({listed})"


def check_fits(thing, name, modality):
    """An augmentation is for what the modality holds.

    Args:
        thing: `Augmentation`.
        name: str. Of the modality.
        modality: the modality object. Where it does not say what it holds, the
            rank and the dtype of its tensors decide.

    Raises:
        ArgumentError: If it is for something else; names those that fit.

    Example:

    >>> from mmfusion.data import Text
    >>> from mmfusion.data.augment import DropWords
    >>> check_fits(DropWords(), "title", Text(kind="tf_idf"))
    >>> check_fits(DropWords(), "title", Text())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `drop_words` is for bag. Received: ...
    """
    if _fits(type(thing), modality):
        return
    fitting = [
        other
        for other in registry.names("augmentation")
        if _fits(registry.get("augmentation", other), modality)
    ]
    what = modality.content or f"{modality.dtype} {tuple(modality.shape)}"
    raise ArgumentError(
        f"`{registry.name_of('augmentation', type(thing))}` is for "
        f"{' or '.join(thing.contents)}. Received: {name!r}, which is {what}."
        + (f" For it there are {', '.join(fitting)}." if fitting else "")
    )


def _fits(kind, modality):
    if modality.content is not None:
        content = modality.content.removeprefix(SEVERAL)
        alone = content == modality.content
        return content in kind.contents and (alone or kind.several)
    if modality.adaptive:  # It may not know its shape yet.
        return True
    given = (len(modality.shape), modality.dtype)
    return given in [CONTENTS[content] for content in kind.contents]


def uniform(seed, shape, low=0.0, high=1.0):
    """Float32 numbers, evenly between two."""
    return tf.random.stateless_uniform(shape, seed, low, high)


def whole(seed, shape, low, high):
    """Int32 numbers, evenly from `low` to `high`, both included."""
    return tf.random.stateless_uniform(
        shape, seed, low, tf.cast(high, "int32") + 1, "int32"
    )
