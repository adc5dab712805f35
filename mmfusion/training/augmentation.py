"""What rules say of augmentation, for the batches of one training."""

from mmfusion.data import augment


def plain(given, mixup):
    """What a user gave, as plain values with every default written out.

    Args:
        given: dict of modality name to a list of names, or of dicts of a name
            and arguments, or None.
        mixup: float, dict of arguments, or None.

    Returns:
        A dict or None, and a dict or None.

    Raises:
        ArgumentError: If there is no such thing, or it is no plain value.
    """
    mixed = augment.mixup(mixup)
    return augment.settings(given), mixed and mixed.settings()


def check(rules, data, model):
    """Refuses what the modalities of a data set cannot have.

    Args:
        rules: `Rules`.
        data: `data.Data`, or the narrower data of one model, which has been
            checked with the rest.
        model: a `FusionModel`.

    Raises:
        ArgumentError: If there is no such modality, or it does not fit.
    """
    inputs = getattr(data, "inputs", None)
    if inputs is None:
        return
    augment.check(rules.augment, inputs)
    if rules.mixup:
        mixed = {n: m for n, m in inputs.items() if n in model.modalities}
        augment.mixup(rules.mixup).check(mixed)


def options(rules, split):
    """Arguments of `batches` for a split of some of the modalities.

    Args:
        rules: `Rules`.
        split: a training split; its `inputs` are the modalities it has.

    Returns:
        Dict; empty where there is nothing for these modalities.
    """
    found = {}
    altered = {
        name: given
        for name, given in (rules.augment or {}).items()
        if name in split.inputs
    }
    if altered:
        found["augment"] = altered
    mixed = rules.mixup and augment.mixup(rules.mixup).only(split.inputs)
    if mixed:
        found["mixup"] = mixed
    return found
