"""Sentence-BERT: any BERT, pooled to one unit vector for each text."""

import keras

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.layers import SentencePool
from mmfusion.pretrained.keras_hub_text import keras_hub_text


@registry.register("encoder", "sentence_bert", paths=("backbone",))
def sentence_bert(
    backbone,
    length=128,
    trainable=False,
    lora_rank=None,
    vocabulary_size=None,
    name="text",
):
    """Builds sentence embeddings: the mean of the token embeddings, normalised.

    For search and for comparing texts by their cosine. With the folder of a
    model of `sentence-transformers` over a BERT (such as all-MiniLM-L6-v2, its
    `vocab.txt` in `mmfusion.data.WordPieces`, `length=256`) it gives that
    library's embeddings, to 1e-6. Parameters and FLOPs are the backbone's.

        y = mean(x_s over s that count); y / |y|    # (batch, dim)

    Args:
        backbone: a preset, folder or backbone, as `keras_hub_text` takes
            them; or a `keras.Model` that gives a sequence and its mask, such
            as `text_transformer(..., pool=None)`.
        length: int. Tokens of each text.
        trainable: bool or int. False: frozen; True: free; n: the last n layers
            of the backbone learn. A `keras.Model` stays as it is.
        lora_rank: int. Rank of LoRA, all else frozen.
        vocabulary_size: int. What the texts are made with, to be checked.
        name: str. Name of the input; the model is `<name>_encoder`.

    Returns:
        `keras.Model`, int32 `(batch, length)` to float `(batch, dim)` of
        length one; zeros for a text of padding alone.

    Raises:
        ArgumentError: If the backbone cannot be used.
        MissingExtraError: If a preset is given and KerasHub not installed.

    Example:

    >>> import mmfusion as mm
    >>> tokens = mm.encoders.text_transformer(99, length=8, units=4, pool=None)
    >>> sentence_bert(tokens).output_shape
    (None, 4)

    Reference:
        - [Sentence-BERT, Reimers and Gurevych, 2019](
          https://arxiv.org/abs/1908.10084).
    """
    if _is_encoder(backbone):
        raise ArgumentError(
            "`sentence_bert` expects a `backbone` that gives a sequence and "
            "its mask. Received: a `keras.Model` that gives "
            f"{backbone.output_shape}. Build it with `pool=None`."
        )
    if not _gives_sequence(backbone):
        return keras_hub_text(
            backbone,
            length=length,
            pool="sentence",
            trainable=trainable,
            lora_rank=lora_rank,
            vocabulary_size=vocabulary_size,
            name=name,
        )
    if trainable is not False or lora_rank is not None:
        raise ArgumentError(
            "`sentence_bert` takes a `keras.Model` as it is. Received: "
            f"`trainable={trainable!r}`, `lora_rank={lora_rank!r}`. Set them "
            "on the model."
        )
    tensors = [
        keras.Input(batch_shape=x.shape, dtype=x.dtype, name=x.name)
        for x in backbone.inputs
    ]
    single = len(tensors) == 1
    if single:
        tensors = [
            keras.Input(
                batch_shape=backbone.inputs[0].shape,
                dtype=backbone.inputs[0].dtype,
                name=name,
            )
        ]
    given = tensors[0] if single else {x.name: x for x in tensors}
    y = SentencePool()(backbone(given))
    return keras.Model(given, y, name=f"{name}_encoder")


def _gives_sequence(backbone):
    output = getattr(backbone, "output", None)
    return isinstance(output, dict) and {"sequence", "mask"} == set(output)


def _is_encoder(backbone):
    """A model of one tensor, and no backbone of KerasHub."""
    model = isinstance(backbone, keras.Model)
    return (
        model
        and not hasattr(backbone, "from_preset")
        and not isinstance(getattr(backbone, "output", {}), dict)
    )
