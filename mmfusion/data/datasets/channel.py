"""A modality as a noisy channel: what it shows of a class, and no more."""

import numpy as np


def channel(groups, confusion):
    """The table `p(symbol | class)` of one modality.

    Classes of one group are shown by the same symbol, so that this modality
    alone cannot tell them apart; with probability `confusion` another symbol
    is shown, each of the others alike.

    Args:
        groups: list of int, the symbol of each class, from 0.
        confusion: float in 0..1.

    Returns:
        Float array `(classes, symbols)`; rows sum to one.

    Example:

    >>> channel([0, 1, 1], 0.1).tolist()
    [[0.9, 0.1], [0.1, 0.9], [0.1, 0.9]]
    """
    groups = np.asarray(groups)
    symbols = groups.max() + 1
    table = np.full((len(groups), symbols), confusion / (symbols - 1))
    table[np.arange(len(groups)), groups] = 1 - confusion
    return table


def deal(shares, count, rng):
    """`count` values 0..len(shares)-1 in the given shares, shuffled.

    Dealt like cards, and not drawn one by one: each row alone has exactly the
    given probabilities, but the counts miss `count * shares` by less than one.
    A score measured on few rows then strays less from its expectation.
    """
    places = (np.arange(count) + rng.random()) / count
    values = np.searchsorted(np.cumsum(shares)[:-1], places, side="right")
    return rng.permutation(values)


def deal_symbols(table, labels, rng):
    """One symbol a row from `p(symbol | label)`; int array `(rows,)`."""
    symbols = np.empty(len(labels), "int64")
    for label, shares in enumerate(table):
        rows = np.flatnonzero(labels == label)
        symbols[rows] = deal(shares, len(rows), rng)
    return symbols


def posterior(tables, symbols, present):
    """`p(class | what is present)` of each row, for classes equally likely.

    The modalities are independent once the class is given, so

        p(c | s) = prod_m p(s_m | c) / sum_c' prod_m p(s_m | c')

    where m runs over the modalities that the row has.

    Args:
        tables: dict of modality name to `(classes, symbols)`.
        symbols: dict of modality name to int array `(rows,)`.
        present: dict of modality name to bool array `(rows,)`.

    Returns:
        Float array `(rows, classes)`; uniform where nothing is present.
    """
    likelihood = 1.0
    for name, table in tables.items():
        shown = table[:, symbols[name]].T  # (rows, classes)
        likelihood = likelihood * np.where(present[name][:, None], shown, 1.0)
    return likelihood / likelihood.sum(axis=1, keepdims=True)


def ceilings(tables, symbols, present):
    """The best accuracy that is possible on these rows, and on each modality.

    No classifier, whatever it was trained on, can expect to be right in row i
    more often than with probability `max_c p(c | what row i shows)`. The
    ceiling is the mean of that over the rows: with one modality only (a row
    without it counts with the probability of a blind guess), and as
    `"fused"` with all that are present.

    Args:
        tables: dict of modality name to `(classes, symbols)`.
        symbols: dict of modality name to int array `(rows,)`.
        present: dict of modality name to bool array `(rows,)`.

    Returns:
        Dict of modality name, and `"fused"`, to float.

    Example:

    >>> table = channel([0, 1, 1], 0.0)
    >>> shown, there = {"a": np.array([0, 1])}, {"a": np.array([True, True])}
    >>> ceilings({"a": table}, shown, there)
    {'a': 0.75, 'fused': 0.75}
    """

    def best(names):
        chosen = {name: tables[name] for name in names}
        return float(posterior(chosen, symbols, present).max(axis=1).mean())

    alone = {name: best([name]) for name in sorted(tables)}
    return {**alone, "fused": best(sorted(tables))}
