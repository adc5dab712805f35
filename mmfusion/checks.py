"""One function per rule on user input; each raises `ArgumentError`.

All messages have one grammar: who expects what. `Received:` what came. What to
do, where that is not obvious.
"""

import difflib
import inspect
import numbers
import re

from mmfusion.errors import ArgumentError

_NAME = re.compile(r"[a-z][a-z0-9_]*")
# Characters of a value that a message shows.
_SHOWN = 200


def one_line(value) -> str:
    """A value for a message: short, and on one line.

    Example:

    >>> import numpy as np
    >>> one_line("a"), one_line(np.eye(2))
    ("'a'", 'ndarray')
    """
    text = repr(value)
    if not text.isprintable():
        return type(value).__name__
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def unknown(kind, name, available) -> ArgumentError:
    """The error for a name that is not known, with the nearest that is."""
    available = sorted(map(str, available))
    near = nearest(name, available)
    hint = f" Did you mean {near!r}?" if near else ""
    return ArgumentError(
        f"Unknown {kind} {name!r}.{hint} Available: {', '.join(available)}."
    )


def nearest(name, available) -> str | None:
    """The name among those available that this one may be meant to be."""
    near = difflib.get_close_matches(str(name), available, n=1)
    return near[0] if near else None


def check_choice(who, argument, value, choices):
    """`value` is one of `choices`."""
    if value not in choices:
        listed = ", ".join(repr(choice) for choice in choices)
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be one of {listed}. "
            f"Received: {one_line(value)}."
        )


def check_positive(who, **values):
    """Each value is a whole number above zero."""
    for argument, value in values.items():
        whole = isinstance(value, numbers.Integral)
        if not whole or isinstance(value, bool) or value <= 0:
            raise ArgumentError(
                f"`{who}` expects `{argument}` to be a positive whole number. "
                f"Received: {one_line(value)}."
            )


def check_above_zero(who, **values):
    """Each value is a finite number above zero."""
    for argument, value in values.items():
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not number or not 0 < value < float("inf"):
            raise ArgumentError(
                f"`{who}` expects `{argument}` to be a finite number above "
                f"zero. Received: {one_line(value)}."
            )


def check_finite(who, **values):
    """Each value is a finite number."""
    for argument, value in values.items():
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not number or not abs(value) < float("inf"):
            raise ArgumentError(
                f"`{who}` expects `{argument}` to be a finite number. "
                f"Received: {one_line(value)}."
            )


def check_widths(who, argument, values):
    """A list of positive whole numbers; it may be empty."""
    if not isinstance(values, (tuple, list)):
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be a list of positive whole "
            f"numbers. Received: {values!r}."
        )
    for value in values:
        check_positive(who, **{argument: value})


def check_range(who, argument, value, low, high):
    """`low <= value <= high`; NaN is refused."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be between {low} and {high}. "
            f"Received: {one_line(value)}."
        )


def check_between(who, argument, value, low, high):
    """`low < value < high`; NaN is refused."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low < value < high:
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be a number between {low} and "
            f"{high}. Received: {one_line(value)}."
        )


def check_whole(who, argument, value, low, high):
    """`value` is a whole number, `low <= value <= high`."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or not low <= value <= high:
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be a whole number from {low} to "
            f"{high}. Received: {one_line(value)}."
        )


def check_seed(who, seed, bits=31):
    """A seed is a whole number of so many bits, zero included."""
    whole = isinstance(seed, numbers.Integral) and not isinstance(seed, bool)
    if not whole or not 0 <= seed < 2**bits:
        raise ArgumentError(
            f"`{who}` expects `seed` to be a whole number between 0 and "
            f"{2**bits - 1}. Received: {one_line(seed)}."
        )


def check_flag(who, **values):
    """Each value is True or False; a text such as `"no"` is neither."""
    for argument, value in values.items():
        if not isinstance(value, bool):
            raise ArgumentError(
                f"`{who}` expects `{argument}` to be True or False. "
                f"Received: {one_line(value)}."
            )


def check_column(who, argument, value):
    """`value` is the name of one column, or None."""
    if value is not None and not (isinstance(value, str) and value):
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be the name of a column. "
            f"Received: {one_line(value)}."
        )


def check_heads(who, units, num_heads):
    """Heads of attention divide the width."""
    if units % num_heads:
        raise ArgumentError(
            f"`{who}` expects `num_heads` to divide `units`, {units}. "
            f"Received: {num_heads}."
        )


def check_shape(who, argument, value, rank):
    """`value` is a tuple of `rank` positive whole numbers."""
    if not isinstance(value, (tuple, list)) or len(value) != rank:
        raise ArgumentError(
            f"`{who}` expects `{argument}` to be {rank} whole numbers. "
            f"Received: {one_line(value)}."
        )
    for size in value:
        check_positive(who, **{argument: size})


def check_modality_name(name):
    """A name that survives export and never collides with a flag or a mask."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ArgumentError(
            "A modality name expects lower-case letters, digits and `_`, "
            f"beginning with a letter. Received: {one_line(name)}."
        )
    if name == "mask":
        raise ArgumentError(
            "A modality must not be called 'mask': encoders call their mask of "
            "steps so. Choose another name, such as 'mask_image'."
        )
    for suffix in ("_present", "_mask"):
        if name.endswith(suffix):
            raise ArgumentError(
                f"A modality name must not end in `{suffix}`, which belongs "
                f"to flags and masks. Received: {one_line(name)}."
            )


def check_task_name(name):
    """A name that survives export and is no key of an answer."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ArgumentError(
            "The name of a task or target expects lower-case letters, digits "
            f"and `_`, beginning with a letter. Received: {one_line(name)}."
        )
    suffixes = ("_probability", "_class", "_labels")
    if name in ("id", "status", "error") or name.endswith(suffixes):
        raise ArgumentError(
            f"A task or target must not be called {name!r}: an answer has a "
            "key of that name."
        )


def check_unique(who, **names):
    """No name stands for two things.

    Args:
        who: str. What has the names.
        **names: list of names, by what they are names of.
    """
    taken = {}
    for kind, given in names.items():
        for name in given:
            if name in taken:
                raise ArgumentError(
                    f"`{who}` uses the name {name!r} twice: "
                    f"{taken[name]}, {kind}. Rename one of them."
                )
            taken[name] = kind


def check_activation(who, name):
    """The name of an activation that Keras knows, or None."""
    import keras  # Not at the top: the command line checks without Keras.

    try:
        return keras.activations.get(name)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"`{who}` expects `activation` to be the name of a Keras "
            f"activation or None. Received: {one_line(name)}."
        ) from error


def check_keys(who, given, known, required=()):
    """A dict of settings has known keys only, and the required ones."""
    for key in given:
        if key not in known:
            raise unknown(f"key in {who}", key, known)
    for key in required:
        if key not in given:
            raise ArgumentError(
                f"`{who}` needs the key {key!r}. Received: {sorted(given)}."
            )


def call(kind, function, arguments):
    """Calls a function with settings by name; an unknown one is an error.

    Args:
        kind: str. What the function makes, for the message.
        function: a function or class with named arguments.
        arguments: dict of its arguments.

    Returns:
        What the function returns.

    Raises:
        ArgumentError: If it has no such argument, or needs another one.
    """
    who = f"{kind} {function.__name__}"
    named = parameters(function)
    required = [n for n, p in named.items() if p.default is p.empty]
    check_keys(who, arguments, dict.fromkeys([*named, "name"]), required)
    return function(**arguments)


def parameters(function):
    """The arguments of a function or class that have a name, in order."""
    of_class = isinstance(function, type)
    # Of a class as such, Python 3.11.2 gives those of an inherited `__new__`.
    signature = inspect.signature(function.__init__ if of_class else function)
    rest = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    named = list(signature.parameters.items())[of_class:]  # Without `self`.
    return {name: p for name, p in named if p.kind not in rest}
