"""What every modality object promises: one raw value, three named steps."""

import os
import pathlib

import tensorflow as tf

from mmfusion import registry
from mmfusion.errors import ArgumentError, DataError

# What counts as blank, here and in the graph (`tf.strings.strip`).
BLANK = " \t\n\r\v\f"


class BadValue(DataError):
    """A value that a modality cannot read: what it is; how to fix it.

    Attributes:
        reason: str. The short form, as `Modality.check` gives it in a graph.
        faults: list of `(column or None, message)`; more than one where a
            value has several cells.

    Example:

    >>> str(BadValue("has 3 channels", "keep one"))
    'has 3 channels; keep one'
    """

    def __init__(self, what, fix="", reason="cannot be decoded", faults=None):
        message = f"{what}; {fix}" if fix else what
        super().__init__(message)
        self.reason = reason
        self.faults = list(faults or [(None, message)])


class Modality:
    """Preprocessing of one modality, the same in training and in serving.

    Three steps lead from a raw value (a file, a text, the cells of a row) to
    the tensor that a model takes:

        read(value)       on the host, any format -> canonical array
        decode(raw)       in a graph, the formats it names -> the same array
        transform(array)  TensorFlow only -> tensor of `shape` and `dtype`

    `read` calls what `decode` calls for the formats that `decode` covers.
    Where `check(raw)` is not the empty string it is the reason why `decode`
    must not be called. Where `decodes` is False there is neither: a served
    request holds the tensor itself, as `raw_spec` says.

    A modality of a varying number of steps has `steps`, the most of them, the
    first axis of `shape`, and

        mask(array)       TensorFlow only -> bool `(steps,)`: which there are

    Where many canonical arrays of one shape are transformed sooner together
    than one after another, a class also writes

        transform_batch(arrays)   the same tensors, stacked

    It holds for the `transform` beside it: a subclass that writes another
    `transform` has none, unless it writes one, too.

    A subclass sets `shape`, `dtype` and `storage` (the NumPy dtype that holds
    a transformed value without loss), and writes the steps, `encode` (the
    raw value of a canonical array), `describe` and `arguments`.

    Args:
        columns: tuple of str. The columns of a table it reads.
        optional: bool. Whether a row may come without it.

    Attributes:
        adaptive: bool. Whether `adapt` must see the training split first.
        reads_files: bool. Whether a value is a file, which a table names.
        names_files: bool. Whether a table names files: as `reads_files`, or
            since values are taken out of them.
        reads_cells: bool. Whether a value is a dict of column to cell.
        decodes: bool. Whether a graph can read raw values.
        steps: int, the most steps of a value, or None where a value has none.
        layers: list of Keras layers with tables; an export tracks them.
        content: str or None. What its tensor is, for augmentation: a key of
            `augment.CONTENTS`, or another name where nothing fits. None: what
            fits its rank and dtype does.

    Raises:
        ArgumentError: If `optional` is no bool.
        BadValue: By `read`, if a value cannot be read.

    Example:

    >>> class Length(Modality):
    ...     shape, dtype = (1,), "float32"
    ...
    ...     def read(self, value):
    ...         return tf.constant([len(value)], "float32").numpy()
    ...
    ...     def transform(self, array):
    ...         return tf.math.log(1 + tf.convert_to_tensor(array))
    >>> length = Length(("title",))
    >>> length.transform(length.read("wine")).numpy().round(2)
    array([1.61], dtype=float32)
    """

    reads_files = False
    reads_cells = False
    adaptive = False
    decodes = True
    steps = None
    dtype = "float32"
    content = None
    transform_batch = None

    def __init_subclass__(cls, **arguments):
        super().__init_subclass__(**arguments)
        if "transform" in vars(cls) and "transform_batch" not in vars(cls):
            cls.transform_batch = None

    def __init__(self, columns=(), optional=False):
        if not isinstance(optional, bool):
            raise ArgumentError(
                f"`{type(self).__name__}` expects `optional` to be True or "
                f"False. Received: {optional!r}."
            )
        self.columns = tuple(columns)
        self.optional = optional

    @property
    def names_files(self):
        return self.reads_files

    @property
    def storage(self):
        return self.dtype

    @property
    def layers(self):
        return []

    def adapt(self, values):
        """Learns from the canonical values of the training split.

        Args:
            values: iterable of canonical values; None is skipped.
        """

    def is_missing(self, value) -> bool:
        """Whether there is no value: None, an empty cell, no bytes."""
        if value is None:
            return True
        if isinstance(value, str):
            return not value.strip(BLANK)
        return isinstance(value, bytes) and not value

    def mask(self, array):
        """Which steps a canonical array has: the first ones, bool `(steps,)`.

        Only where there are `steps`.
        """
        return tf.sequence_mask(tf.shape(array)[0], self.steps)

    def from_raw(self, raw):
        """A raw value that `check` lets pass, as a model takes it.

        Args:
            raw: tensor as `raw_spec` says.

        Returns:
            The tensor of `shape`, and its mask, or None without `steps`.
        """
        array = self.decode(raw)
        mask = None if self.steps is None else self.mask(array)
        return self.transform(array), mask

    @property
    def element(self):
        """The modality whose `transform` makes the tensor of one element."""
        return self

    def elements(self, array):
        """A canonical value as a list of values of `element`."""
        return [array]

    def locate(self, value, resolve):
        """A cell of a table with the path in it resolved.

        Args:
            value: what the table holds.
            resolve: function of a path, relative to the table, to a path.
        """
        is_path = self.reads_files and isinstance(value, (str, os.PathLike))
        if is_path and not self.is_missing(value):
            return resolve(os.fspath(value))
        return value

    def raw(self, value):
        """What a served request would hold for a value that `read` takes.

        Returns:
            bytes of a file, str, list of str for the cells of a table, or an
            array, as `raw_spec` says; None where there is no value. Without
            `decode` the canonical array.
        """
        if self.is_missing(value):
            return None
        if not self.decodes:
            return self.read(value)
        if self.reads_files and isinstance(value, (str, os.PathLike)):
            return pathlib.Path(value).read_bytes()
        if isinstance(value, dict):
            return [str(value.get(column) or "") for column in self.columns]
        if isinstance(value, (str, bytes)) and self.raw_spec.dtype == "string":
            return value
        return self.encode(self.read(value))

    def notes(self) -> list:
        """What was seen in the values since the last time, and is no fault."""
        return []

    def raw_name(self, name: str) -> str:
        """What a served request calls the raw value of modality `name`."""
        return f"{name}_bytes" if self.reads_files else name

    @classmethod
    def from_arguments(cls, arguments: dict):
        """A modality object from what `arguments` gave, read from a file."""
        return cls(**arguments)

    def resolve_encoder(self, settings: dict, folder) -> dict:
        """The settings of this modality's encoder, checked, paths absolute.

        Args:
            settings: dict of plain values, as a recipe holds them.
            folder: str or path that paths in them are relative to.
        """
        return settings

    def encoder_arguments(self, settings: dict, values) -> dict:
        """The arguments that settings stand for: a file, say, read.

        Args:
            settings: dict, what `resolve_encoder` gave.
            values: iterable of the training split's canonical values.
        """
        return settings

    def in_full(self):
        """The same modality, reading values as they are, for `check`."""
        return self

    def measure(self, array) -> dict:
        """What is worth counting of one canonical value: name to number.

        Sizes, lengths: `check` shows their least, median and largest.
        """
        return {}

    def key(self, array):
        """What two values have in common that say the same, or None.

        `check` looks for it in several splits. None: values that coincide
        say nothing, or files whose content is compared anyway.
        """
        return None

    def findings(self, splits: dict) -> list[str]:
        """What is no fault, and worth knowing before training.

        Args:
            splits: dict of split name to the canonical values of its rows,
                without those that are missing; the training split is
                `"train"`. `adapt` has seen it.
        """
        return []

    def state(self) -> dict:
        """What `adapt` learned, as JSON values."""
        return {}

    def arrays(self) -> dict:
        """What `adapt` learned, as NumPy arrays: too long for JSON."""
        return {}

    def restore(self, state: dict, arrays: dict):
        """Takes back what `state` and `arrays` gave."""

    def settings(self) -> dict:
        """Type, constructor arguments and small learned state, for JSON."""
        return {
            "type": registry.name_of("modality", type(self)),
            "arguments": self.arguments(),
            "state": self.state(),
        }

    def save(self, folder, name: str):
        """Writes `<name>.json`, and `<name>.npz` where there are arrays."""
        from mmfusion.data import storage

        storage.save_inputs({name: self}, folder)
