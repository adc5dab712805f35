"""Captions that name what a picture shows, or only what kind of thing."""

import numpy as np

from mmfusion.data.datasets.channel import deal_symbols

# The classes in the order of CIFAR-10, each with what it may be called.
NAMES = {
    "airplane": ("an airplane", "an aircraft", "a passenger jet"),
    "automobile": ("an automobile", "a sedan", "a sports car"),
    "bird": ("a bird", "a songbird", "a feathered bird"),
    "cat": ("a cat", "a kitten", "a tabby cat"),
    "deer": ("a deer", "a stag", "a young doe"),
    "dog": ("a dog", "a puppy", "a terrier"),
    "frog": ("a frog", "a toad", "a tree frog"),
    "horse": ("a horse", "a pony", "a brown mare"),
    "ship": ("a ship", "a sailing vessel", "a freighter"),
    "truck": ("a truck", "a lorry", "a heavy pickup"),
}
# Kinds of things: which classes are of the kind, and what it may be called.
KINDS = {
    "animal": (
        ("bird", "cat", "deer", "dog", "frog", "horse"),
        ("an animal", "a living creature"),
    ),
    "legs": (
        ("cat", "deer", "dog", "frog", "horse"),
        ("something with four legs", "a four legged creature"),
    ),
    "pet": (("cat", "dog"), ("a pet", "somebody's furry companion")),
    "hooves": (("deer", "horse"), ("something with hooves", "a hoofed animal")),
    "vehicle": (
        ("airplane", "automobile", "ship", "truck"),
        ("a vehicle", "a means of transport"),
    ),
    "road": (
        ("automobile", "truck"),
        ("a motor vehicle", "something on four wheels"),
    ),
    "wings": (("airplane", "bird"), ("something that flies", "two wings")),
    "water": (("frog", "ship"), ("something that floats", "a good swimmer")),
}
_TEMPLATES = (
    "a photo of {what}",
    "a {quality} photo of {what}",
    "this {quality} picture shows {what}",
    "{what} , taken {when}",
    "here is {what} in a {quality} snapshot",
    "can you see {what} ? it was taken {when}",
    "{what}",
)
_QUALITIES = ("blurred", "small", "bright", "dark", "cropped", "grainy")
_TIMES = ("at noon", "last summer", "in spring", "on a sunday", "years ago")


def table(ambiguous):
    """The probabilities `p(symbol | class)` of a caption.

    With probability `1 - ambiguous` the caption names the class, else one of
    the kinds that the class is of, all of these equally likely.

    Args:
        ambiguous: float in 0..1.

    Returns:
        Float array `(classes, classes + kinds)`; rows sum to one. The symbols
        are the classes in the order of `NAMES`, then the kinds.

    Example:

    >>> table(0.3)[3].round(3).tolist()  # A cat: an animal, four legs, a pet.
    [0.0, 0.0, 0.0, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.1, 0.1, 0.0, \
0.0, 0.0, 0.0, 0.0]
    """
    of_kind = np.array(
        [[name in members for members, _ in KINDS.values()] for name in NAMES],
        "float64",
    )
    shares = of_kind / of_kind.sum(axis=1, keepdims=True)
    named = (1 - ambiguous) * np.eye(len(NAMES))
    return np.concatenate([named, ambiguous * shares], axis=1)


def ceiling(ambiguous):
    """The best accuracy that captions alone allow, classes equally likely.

    Whoever guesses the likeliest class of each symbol is right with

        sum_s max_c p(c) p(s | c)
            = 1 - ambiguous + ambiguous / C * sum_k max_{c in k} 1 / n_c

    where `C` is the number of classes, `k` runs over the kinds and `n_c` is
    the number of kinds that the class `c` is of.

    Example:

    >>> [round(ceiling(share), 4) for share in (0.0, 0.3, 1.0)]
    [1.0, 0.805, 0.35]
    """
    return float(table(ambiguous).max(axis=0).sum() / len(NAMES))


def write(labels, ambiguous, rng):
    """Writes one caption a row, which the class alone decides, and chance.

    Args:
        labels: int array `(rows,)`, classes in the order of `NAMES`.
        ambiguous: float in 0..1, the share of captions that name a kind.
        rng: `numpy.random.Generator`.

    Returns:
        List of str, and the int array `(rows,)` of their symbols.

    Example:

    >>> write(np.array([3, 3]), 0.5, np.random.default_rng(0))[0]
    ['a photo of a tabby cat', 'a dark photo of a living creature']
    """
    symbols = deal_symbols(table(ambiguous), labels, rng)
    phrases = [*NAMES.values(), *(phrases for _, phrases in KINDS.values())]

    drawn = rng.random((len(symbols), 4))

    def choose(words, chance):
        return words[int(chance * len(words))]

    texts = [
        choose(_TEMPLATES, one).format(
            what=choose(phrases[symbol], two),
            quality=choose(_QUALITIES, three),
            when=choose(_TIMES, four),
        )
        for symbol, (one, two, three, four) in zip(symbols, drawn, strict=True)
    ]
    return texts, symbols
