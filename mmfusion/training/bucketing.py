"""What rules say of lengths, for the batches of one training."""

from mmfusion.data import buckets
from mmfusion.models.fewer_steps import check_fewer


def check(rules, data, model):
    """Refuses what a data set or a model cannot have.

    Args:
        rules: `Rules`.
        data: `data.Data`, or the narrower data of one model, which has been
            checked with the rest.
        model: a `FusionModel`.

    Raises:
        ArgumentError: If there is no such modality, its rows are equally long,
            or the model cannot take shorter ones.
    """
    inputs = getattr(data, "inputs", None)
    if inputs is not None:
        buckets.check(rules.buckets, inputs)
    check_fewer(model, rules.buckets or ())


def options(rules, split):
    """Arguments of `batches` for a split of some of the modalities.

    Args:
        rules: `Rules`.
        split: a training split; its `inputs` are the modalities it has.

    Returns:
        Dict; empty where there is nothing for these modalities.
    """
    own = {
        name: given
        for name, given in (rules.buckets or {}).items()
        if name in split.inputs
    }
    return {"buckets": own} if own else {}
