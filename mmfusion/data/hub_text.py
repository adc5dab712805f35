"""Texts through a preprocessor of TensorFlow Hub."""

import tensorflow as tf

from mmfusion import checks, hub, schema, trust
from mmfusion.data.text_modality import TextModality
from mmfusion.errors import ArgumentError
from mmfusion.registry import register


@register("modality", "hub_text", paths=("preprocessor",))
class HubText(TextModality):
    """A text, as a SavedModel for texts prepares it.

    For `mmfusion.pretrained.hub_text`, whose documentation names the one
    preprocessor that fits: tokens in the vocabulary of its training. What it
    gives, for BERT `input_mask`, `input_type_ids` and `input_word_ids`, is
    stacked in the order of the names. A SavedModel that gives one vector for a
    text, such as a sentence encoder, is taken as well; it stays as it is, and
    its vectors go into any encoder for vectors.

    Files keep its name and SHA-256; `load_inputs(folder, trusted="folder")`
    finds it again.

    Args:
        preprocessor: str or path. The folder of a SavedModel, or the https URL
            of a module, that takes strings `(batch,)`.
        column: str. Column of a table that holds the texts.
        length: int. Tokens of each text, for a preprocessor with `tokenize`
            and `bert_pack_inputs`; None takes as many as it gives.
        sha256: str. The SHA-256 that its folder must have; None takes what is
            there.
        optional: bool. Whether a row may come without it. Defaults to False.
        max_bytes: int. Longer texts are refused.

    Raises:
        ArgumentError: If the preprocessor cannot be used, or gives tensors of
            several kinds.

    Example:

    >>> HubText("modules/preprocessor")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    mmfusion.errors.ArgumentError: `HubText` expects the folder of ...

    Reference:
        - [Text embeddings with preprocessed inputs](
          https://www.tensorflow.org/hub/common_saved_model_apis/text).
    """

    content = "prepared text"  # Ids beside their masks and types.

    def __init__(
        self,
        preprocessor,
        column=None,
        length=None,
        sha256=None,
        optional=False,
        max_bytes=1_000_000,
    ):
        super().__init__(column, optional, max_bytes)
        opened = hub.open_module("HubText", preprocessor, sha256)
        self.preprocessor, self.sha256 = opened.handle, opened.sha256
        self._module = opened.loaded
        self._length = length
        if length is not None:
            checks.check_positive("HubText", length=length)
            _check_packs(self._module, preprocessor)
        example = self._prepare(tf.constant(["a"]))
        if isinstance(example, dict) and set(example) == {"default"}:
            example = example["default"]
        self.keys = sorted(example) if isinstance(example, dict) else None
        parts = [example[k] for k in self.keys] if self.keys else [example]
        self._shape = _common_shape(parts, preprocessor, bool(self.keys))

    @property
    def shape(self):
        return self._shape

    @property
    def dtype(self):
        return "int32" if self.keys else "float32"

    @property
    def layers(self):
        return [self._module]

    def arguments(self):
        return {
            "preprocessor": self.preprocessor,
            "column": self.columns[0] if self.columns else None,
            "length": self._length,
            "sha256": self.sha256,
            "optional": self.optional,
            "max_bytes": self.max_bytes,
        }

    @classmethod
    def from_arguments(cls, arguments):
        handle, digest = arguments["preprocessor"], arguments["sha256"]
        folder = trust.find("HubText", handle, digest)
        modality = cls(**{**arguments, "preprocessor": folder})
        modality.preprocessor = handle
        return modality

    def describe(self):
        if not self.keys:
            (dim,) = self.shape
            encoder, arguments = "vector_mlp", {"dim": dim}
        else:
            encoder, arguments = "hub_text", {"length": self.shape[1]}
        return schema.InputSchema(
            self.shape, self.dtype, self.optional, encoder, arguments
        )

    def transform(self, array):
        given = self._prepare(tf.convert_to_tensor(array)[None])
        if self.keys:
            given = tf.stack([given[key][0] for key in self.keys])
        else:
            given = (given["default"] if isinstance(given, dict) else given)[0]
        return tf.ensure_shape(tf.cast(given, self.dtype), self.shape)

    def _prepare(self, texts):
        if self._length is None:
            return self._module(texts)
        tokens = self._module.tokenize(texts)
        return self._module.bert_pack_inputs([tokens], seq_length=self._length)


def _check_packs(module, preprocessor):
    for part in ("tokenize", "bert_pack_inputs"):
        if not hasattr(module, part):
            raise ArgumentError(
                "`HubText` expects a preprocessor with `tokenize` and "
                f"`bert_pack_inputs` for a `length`. Received: "
                f"`{preprocessor}`, without `{part}`. Leave `length` out."
            )


def _common_shape(parts, preprocessor, tokens):
    """`(inputs, length)` for tokens, `(dim,)` for a vector."""
    shapes = {tuple(part.shape[1:]) for part in parts}
    kinds = {part.dtype.is_integer for part in parts}
    if len(shapes) != 1 or kinds != {tokens} or len(min(shapes)) != 1:
        what = [f"{p.dtype.name} {tuple(p.shape)}" for p in parts]
        raise ArgumentError(
            "`HubText` expects a preprocessor that gives whole numbers "
            "`(batch, length)` by name, of one length, or floats "
            f"`(batch, dim)`. Received: `{preprocessor}`, which gives {what}."
        )
    (shape,) = shapes
    return (len(parts), *shape) if tokens else shape
