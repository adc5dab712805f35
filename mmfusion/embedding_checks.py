"""Rules on the embeddings of modalities that a layer is given, by name."""

from mmfusion import checks
from mmfusion.errors import ArgumentError


def check_modalities(who, given, expected):
    """The modalities of a dict are those the layer was built with."""
    if sorted(given) != sorted(expected):
        raise ArgumentError(
            f"`{who}` expects the modalities {sorted(expected)}. "
            f"Received: {sorted(given)}."
        )


def check_flags(who, what, given, expected, rank):
    """Flags or masks of modalities: known names, tensors of that rank.

    Args:
        who: str. The layer.
        what: str. `"present"` or `"masks"`.
        given: dict of modality name to tensor, or what came in its place.
        expected: names of the modalities.
        rank: int.
    """
    shape = "(batch,)" if rank == 1 else "(batch, steps)"
    if not isinstance(given, dict):
        raise ArgumentError(
            f"`{who}` expects `{what}` to be a dict of modality name to bool "
            f"`{shape}`. Received: {type(given).__name__}."
        )
    for name, tensor in given.items():
        if name not in expected:
            raise checks.unknown(
                f"modality in `{what}` of `{who}`", name, expected
            )
        found = tuple(getattr(tensor, "shape", ()))
        if tensor is not None and len(found) != rank:
            raise ArgumentError(
                f"`{who}` expects `{what}` of {name!r} to be `{shape}`. "
                f"Received: shape={found}."
            )


def check_ranks(who, shapes, rank):
    """Every modality has a rank that the fusion can take.

    A fusion of sequences (rank 3) takes a pooled embedding as one step; one of
    pooled embeddings (rank 2) cannot take a sequence.
    """
    if not isinstance(shapes, dict) or not shapes:
        raise ArgumentError(
            f"`{who}` expects a dict of modality name to embedding. "
            f"Received: {type(shapes).__name__}."
        )
    for name in sorted(shapes):
        shape = tuple(shapes[name])
        if len(shape) == 3 and rank == 2:
            raise ArgumentError(
                f"`{who}` expects modality {name!r} to have rank 2. "
                f"Received: shape={shape}. Pool sequences first, for example "
                "with `mmfusion.layers.MeanPool()`."
            )
        if len(shape) == 4:
            raise ArgumentError(
                f"`{who}` expects modality {name!r} to have rank 2 or 3. "
                f"Received: shape={shape}. A backbone ends in pooling: "
                "`mmfusion.encoders.image_backbone(pool=)`."
            )
        if len(shape) not in (2, 3):
            raise ArgumentError(
                f"`{who}` expects modality {name!r} to have rank {rank}. "
                f"Received: shape={shape}."
            )
