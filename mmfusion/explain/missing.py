"""How a score suffers as more values are missing."""

import numpy as np

from mmfusion.explain.interval import bootstrap_interval
from mmfusion.explain.predictions import predict_split, row_scores

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def missing_curves(model, split, fused, outputs, **interval):
    """Scores of a model where values were taken away, nothing retrained.

    A share of the values is taken away: of one modality, or of each optional
    one by itself (then a row may be left with nothing, which all such rows
    get one constant answer for). Which rows lose a value is drawn once, so
    that those of a smaller share are among those of a larger one. What is
    missing anyway stays so, and is no part of the share.

    Args:
        model: `FusionModel`.
        split: `Split` with targets.
        fused: dict of output name to its answers, nothing taken away.
        outputs: names of the outputs that are scored.
        **interval: `level`, `resamples` and `seed` of `bootstrap_interval`.

    Returns:
        Dict of output name to `{"each": {modality: points}, "any": points}`;
        a point is `{"share", "value", "low", "high"}`, one for each of
        `SHARES`. Empty where no modality is optional; without `"any"` where
        one is.

    Example:

    >>> SHARES
    (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    """
    names = sorted(model.optional)
    if not names:
        return {}
    ranks = _ranks(split, names, interval["seed"])

    def scores(predictions):
        return row_scores(model, outputs, predictions, split)

    whole = scores(fused)
    found = {output: {"each": {}} for output in outputs}
    for name in names:
        without = scores(predict_split(model, split, absent=[name]))
        for output in outputs:
            found[output]["each"][name] = [
                _point(
                    share,
                    np.where(
                        ranks[name] < share, without[output], whole[output]
                    ),
                    split.groups,
                    interval,
                )
                for share in SHARES
            ]
    if len(names) > 1:
        for share in SHARES:
            gone = {name: ranks[name] < share for name in names}
            rows = whole
            if share:
                rows = scores(predict_split(model, split, absent=gone))
            for output in outputs:
                found[output].setdefault("any", []).append(
                    _point(share, rows[output], split.groups, interval)
                )
    return found


def _ranks(split, names, seed):
    """Where each row comes, in 0..1, as values of a modality are taken away."""
    random = np.random.default_rng(seed)
    order = {}
    for name in names:
        places = random.permutation(len(split))
        order[name] = np.empty(len(split))
        order[name][places] = np.arange(len(split)) / len(split)
    return order


def _point(share, rows, groups, interval):
    score = bootstrap_interval(rows, groups, **interval).to_dict()
    return {"share": float(share), **score}
