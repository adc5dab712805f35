"""A text backbone of KerasHub over token ids."""

import keras
from keras import ops

from mmfusion import checks, registry
from mmfusion.encoders.blocks import dense_stack
from mmfusion.encoders.steps import embedding
from mmfusion.errors import ArgumentError
from mmfusion.layers import AttentionPool, MaxPool, MeanPool, SentencePool
from mmfusion.pretrained.preset import backbone_layer, open_backbone

_POOLS = {
    "mean": MeanPool,
    "max": MaxPool,
    "attention": AttentionPool,
    "sentence": SentencePool,
}
# An embedding may be padded to a round size; another vocabulary shows.
_PADDED = 1024


@registry.register("encoder", "keras_hub_text", paths=("preset",))
def keras_hub_text(
    preset,
    length=64,
    units=None,
    pool="mean",
    trainable=False,
    lora_rank=None,
    dropout=0.0,
    vocabulary_size=None,
    padding_id=0,
    name="text",
):
    """Builds a pretrained Transformer of KerasHub over token ids.

    For few rows, or texts that need knowledge of the language. It reads what
    `mmfusion.data.WordPieces` makes with the backbone's own `vocab.txt`, in
    which id 0 is padding; the model masks that itself. The weights are in the
    `.keras` file, so that a saved model needs KerasHub and not the preset.

    Parameters and FLOPs are the backbone's (BERT: `vocabulary_size dim` and
    `12 dim^2` for each of its layers; about two FLOPs a token and parameter of
    the layers, and `4 length^2 dim` for each), and `dim units + units`. LoRA
    adds `rank (dim heads + dim / heads)` to the kernels of the queries and of
    the values of each layer, and lets their biases learn:

        (W + A B) x    # W (dim, heads, dim / heads) frozen; A (dim, heads,
                       # rank) and B (rank, dim / heads) learn

    Args:
        preset: str or path: a name such as `"bert_tiny_en_uncased"`, a handle
            `"hf://..."` or `"kaggle://..."`, a folder that
            `backbone.save_to_preset` wrote, or one of Hugging Face with
            `config.json` and `model.safetensors`; or a
            `keras_hub.models.Backbone`, which is then part of this encoder.
        length: int. Tokens of each text.
        units: int. Width of a dense layer on the embedding; None for none.
        pool: `"mean"`, `"max"` or `"attention"` over the tokens that count;
            `"sentence"`, the mean of length one; `"first"`, the embedding of
            `[CLS]`; or None for all of them.
        trainable: bool or int. False: frozen; True: free; n: its last n layers
            learn. Defaults to False.
        lora_rank: int. Rank of LoRA in its attention, all else frozen.
        dropout: float in `[0, 1)`, before the dense layer.
        vocabulary_size: int. What the texts are made with, to be checked.
        padding_id: int. The id of padding: 0 for BERT, 1 for RoBERTa, whose
            ids come from its own tokenizer. Defaults to 0.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, units)`; with
        `pool=None` to `{"sequence": (batch, length, units), "mask": (batch,
        length)}`. Without `units` the width is the backbone's.

    Raises:
        ArgumentError: If the preset cannot be reached or used (offline a name
            or handle fails unless it was downloaded before), if it is no text
            backbone, or the vocabulary is another one.
        MissingExtraError: If KerasHub is not installed.

    Example:

    >>> keras_hub_text("bert_tiny_en_uncased", length=0)
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `keras_hub_text` expects `length` to be a
    positive whole number. Received: 0.

    Reference:
        - [LoRA, Hu et al., 2021](https://arxiv.org/abs/2106.09685).
    """
    who = "keras_hub_text"
    checks.check_positive(who, length=length)
    checks.check_choice(who, "pool", pool, (*_POOLS, "first", None))
    if padding_id != 0:
        checks.check_positive(who, padding_id=padding_id)
    backbone, exact = open_backbone(who, preset)
    _check(who, backbone, length, vocabulary_size)
    layer = backbone_layer(
        who, backbone, trainable, lora_rank, exact, unused=["pooled_dense"]
    )
    ids = keras.Input((length,), dtype="int32", name=name)
    mask = ops.not_equal(ids, padding_id)
    given = {
        "token_ids": ids,
        "padding_mask": mask,
        "segment_ids": ops.zeros_like(ids),
    }
    x = layer({key: given[key] for key in backbone.input})
    if pool is None and units is not None:
        x = embedding(x, mask, None, units, dropout)
    elif pool is None:
        x = {"sequence": x, "mask": mask}
    else:
        x = (
            ops.take(x, 0, axis=1)
            if pool == "first"
            else _POOLS[pool]()(x, mask=mask)
        )
        x = x if units is None else dense_stack(x, (), units, dropout)
    return keras.Model(ids, x, name=f"{name}_encoder")


def _check(who, backbone, length, vocabulary_size):
    """It takes token ids, as many and of as many kinds as there will be."""
    takes = backbone.input if isinstance(backbone.input, dict) else {"": None}
    if (
        not {"token_ids"}
        <= set(takes)
        <= {
            "token_ids",
            "padding_mask",
            "segment_ids",
        }
    ):
        raise ArgumentError(
            f"`{who}` expects a backbone that takes token ids. Received: a "
            f"`{type(backbone).__name__}`, which takes {sorted(takes)}."
        )
    sizes = backbone.get_config()
    most = sizes.get("max_sequence_length")
    if most is not None and length > most:
        raise ArgumentError(
            f"`{who}` expects `length` to be at most {most}, the positions of "
            f"this backbone. Received: {length}."
        )
    own = sizes.get("vocabulary_size")
    if vocabulary_size is not None and own is not None:
        if not 0 <= own - vocabulary_size < _PADDED:
            raise ArgumentError(
                f"`{who}` expects the vocabulary of its backbone, {own} "
                f"pieces. Received: `vocabulary_size={vocabulary_size}`. Give "
                "the text the backbone's own file: "
                "`WordPieces(vocabulary='.../vocab.txt')`."
            )
