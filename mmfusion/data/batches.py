"""The rows of a split as a data set: what is asked for, checked and made."""

from mmfusion import checks
from mmfusion.data import augment as augmentation
from mmfusion.data import buckets as bucketing
from mmfusion.data import pipeline
from mmfusion.data.parts import split_parts
from mmfusion.errors import ArgumentError


def split_batches(
    split,
    size,
    shuffle,
    initial_epoch,
    augment,
    weight,
    modalities,
    balanced,
    mixup,
    buckets,
):
    """The data set of `Split.batches`, whose arguments these are."""
    checks.check_positive("batches", size=size)
    checks.check_range("batches", "initial_epoch", initial_epoch, 0, 2**31)
    if not len(split):
        raise ArgumentError(f"The split {split.name!r} has no rows.")
    columns = split.chosen(modalities)
    chains = augmentation.chains(augment)
    mixup = augmentation.mixup(mixup)
    chosen = {name: column.modality for name, column in columns.items()}
    chains = augmentation.fitted(chains, chosen)
    mix = _mix(split, mixup, chosen)
    buckets = bucketing.checked(buckets)
    altered = {"augment": chains, "mixup": mix, "buckets": buckets}
    for who, given in altered.items():
        if given and not split.shuffled:
            raise ArgumentError(
                f"`{who}` is for the training split. Received: the "
                f"split {split.name!r}."
            )
    shuffle = split.shuffled if shuffle is None else shuffle
    if balanced is not None:
        checks.check_choice("batches", "balanced", balanced, split.targets)
        if not shuffle:
            raise ArgumentError(
                "`balanced` draws rows at random: it is for the training "
                f"split, shuffled. Received: the split {split.name!r}."
            )
    if buckets is not None:
        if not shuffle:
            raise ArgumentError(
                "`buckets` puts rows into another order: leave out "
                "`shuffle=False`."
            )
        buckets = bucketing.buckets_of(split, columns, buckets)
    if shuffle == split.shuffled:  # Else it is no order of `ids`.
        split.batch_size, split.balanced = size, balanced
        split.buckets = buckets
    parts, specs = split_parts(split, columns, weight)
    dataset = pipeline.batches(
        parts,
        specs,
        len(split),
        size,
        split.seed,
        lambda epoch: split.order(epoch, size, shuffle, balanced, buckets),
        initial_epoch,
        chains,
        mix,
        buckets,
    )
    # For models that shall train alike; `FusionModel.fit` remembers it.
    dataset.batch_size = size
    plain = augmentation.settings(chains)
    dataset.augment = plain
    dataset.mixup = mixup and mixup.settings()
    dataset.buckets = buckets and buckets.boundaries
    dataset.altered_by = " and ".join(
        name
        for name, given in (
            # What is made of plain settings can be repeated.
            ("augment", (chains or None) if plain is None else None),
            ("balanced", balanced),
            ("weight", weight),
        )
        if given is not None
    )
    return dataset


def _mix(split, mixup, inputs):
    """The function that mixes batches, or None."""
    if mixup is None:
        return None
    if not split.targets:
        raise ArgumentError(
            f"`mixup` needs targets. The split {split.name!r} has none."
        )
    mixup.check(inputs)
    classes = {name: len(found) for name, found in split.classes.items()}

    def mix(inputs, targets, weights, seed):
        return mixup(inputs, targets, weights, seed, classes)

    return mix
