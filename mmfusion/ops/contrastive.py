"""The contrastive loss of matching pairs in a batch."""

from keras import ops


def equal_ids(ids):
    """Which rows of a batch have the same id.

    Args:
        ids: integer tensor `(batch,)`.

    Returns:
        Bool tensor `(batch, batch)`.

    Example:

    >>> [[bool(v) for v in row] for row in equal_ids([4, 7, 4])][0]
    [True, False, True]
    """
    ids = ops.convert_to_tensor(ids)
    return ops.equal(ids[:, None], ids[None, :])


def contrastive(similarity, positives=None, keep=None, temperature=0.07):
    """Cross entropy of finding one's own partner, in both directions.

    Row `i` of `similarity` scores the first view of row `i` against the second
    view of every row; its own is on the diagonal.

        p_ij   = softmax_j(s_ij / temperature)      # over the rows kept
        r_i    = -mean_{j in P_i} log p_ij          # first finds second
        loss_i = (r_i + the same of s transposed) / 2    # (batch,)

    Args:
        similarity: float tensor `(batch, batch)`, such as
            `cosine_similarity(a, b)`. What lies in rows left out is ignored,
            but replace NaN in `a` and `b` before: its gradient is NaN.
        positives: bool tensor `(batch, batch)`, true where a pair matches
            (several captions of one image are no negatives); symmetric, true
            on the diagonal. Defaults to the diagonal.
        keep: bool tensor `(batch,)`. A row left out is neither asked nor
            found. Defaults to all rows.
        temperature: float > 0, in units of `similarity`, or a scalar tensor.

    Returns:
        Float32 tensor `(batch,)`; zero in rows left out.

    Example:

    >>> import numpy as np
    >>> loss = contrastive(np.eye(2, dtype="float32"), temperature=1.0)
    >>> [round(float(x), 4) for x in loss]  # log(1 + e^-1)
    [0.3133, 0.3133]

    Reference:
        - [van den Oord et al., 2018](https://arxiv.org/abs/1807.03748), the
          InfoNCE loss; [Radford et al., 2021](
          https://arxiv.org/abs/2103.00020), its symmetric form over the pairs
          of a batch; [Khosla et al., 2020](https://arxiv.org/abs/2004.11362),
          equation 2, the mean over several positives. Leaving rows out is
          ours.
    """
    logits = ops.cast(similarity, "float32") / temperature
    batch = ops.shape(logits)[0]
    if keep is None:
        keep = ops.ones((batch,), dtype="bool")
    keep = ops.convert_to_tensor(keep, dtype="bool")
    if positives is None:
        positives = equal_ids(ops.arange(batch))
    positives = ops.convert_to_tensor(positives, dtype="bool")
    both = ops.logical_and(keep[:, None], keep[None, :])
    match = ops.cast(ops.logical_and(positives, both), "float32")
    # Not the infinity: a row that is left out has no candidate at all.
    logits = ops.where(both, logits, ops.full_like(logits, -1e30))

    def direction(logits, match):
        chance = ops.log_softmax(logits, axis=1)
        # A masked log probability is -1e30, and times zero it is zero.
        total = ops.sum(match * chance, axis=1)
        return -ops.divide_no_nan(total, ops.sum(match, axis=1))

    loss = direction(logits, match)
    loss = loss + direction(ops.transpose(logits), ops.transpose(match))
    return ops.where(keep, loss / 2, ops.zeros_like(loss))
