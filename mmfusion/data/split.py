"""One part of a data set: its rows, in order, and their batches."""

import copy

import numpy as np

from mmfusion import checks
from mmfusion.data.batches import split_batches
from mmfusion.data.column import notes_of
from mmfusion.data.order import balanced_order, dealt, permutation
from mmfusion.data.prediction import predict
from mmfusion.errors import ArgumentError


class Split:
    """The rows of a data set that train, validate, test, or wait for answers.

    Rows keep the order of the table; the arrays are shared with the other
    splits. `Data` makes splits.

    Attributes:
        name: str. `"train"`, `"validation"`, `"test"`, or the name of the
            file where there are no targets.
        targets: dict of task name to int32 `(rows,)` for classes, float32
            `(rows, labels)` of 0 and 1 for several labels, float32 `(rows,)`
            for numbers; empty without targets.
        classes: dict of task name to its classes, in order; none for numbers.
        groups: `(rows,)` array of the unit that repeats, or None.
        unit: str. What a group is called; `"row"` where there are none.
        ceiling: dict of modality name, and `"fused"`, to the best score that
            is possible; None where that is not known.
        status: list of `"ok"`, or why a row gets no prediction, in the words
            of a served model: `"photo: cannot be decoded"`.
        errors: list of the same in full, `""` where a row is ok.
        batch_size: int. Rows of a batch as last asked for, or None.
        columns: dict of modality name to `Column`, of the whole table.
        places: `(rows,)` int64, where in the table the rows are.
        seed: int. Of the order of the rows.
        shuffled: bool. Whether its batches are shuffled by themselves.
        balanced: str or None. The task whose classes were equally frequent in
            the batches last asked for.
        buckets: `Buckets` of the batches last asked for, or None.

    Example:

    >>> from mmfusion.data import from_arrays
    >>> vectors = np.arange(8.0, dtype="float32").reshape(4, 2)
    >>> split = from_arrays({"v": vectors}, {"label": "abab"}, splits={}).train
    >>> [y["label"].shape[0] for x, y in split.batches(3)]
    [3, 1]
    >>> split.take([2]).arrays()[0]["v"]
    array([[4., 5.]], dtype=float32)
    """

    def __init__(
        self,
        name,
        columns,
        places,
        ids,
        targets=None,
        classes=None,
        groups=None,
        unit="row",
        ceiling=None,
        status=None,
        seed=0,
        shuffle=None,
        errors=None,
    ):
        self.name = name
        self.targets = targets or {}
        self.classes = classes or {}
        self.groups = groups
        self.unit = unit
        self.ceiling = ceiling
        self.status = status or ["ok"] * len(places)
        self.errors = errors or [""] * len(places)
        self.batch_size = None
        self.columns = columns
        self.places = np.asarray(places, "int64")  # Rows of the whole table.
        self._ids = list(ids)
        self.seed = seed
        self.shuffled = name == "train" if shuffle is None else shuffle
        self.balanced = self.buckets = None

    def __len__(self):
        return len(self.places)

    def __repr__(self):
        return f"<Split {self.name!r}: {len(self)} rows of {list(self.inputs)}>"

    @property
    def rows(self):
        """How many rows there are."""
        return len(self)

    @property
    def inputs(self):
        """The modality objects, by name."""
        return {name: c.modality for name, c in self.columns.items()}

    @property
    def notes(self):
        """What was seen in the values of the table, and is no fault."""
        return notes_of(self.columns)

    def ids(self, epoch=None, step=None, batch_size=None):
        """The ids of all rows in order, or of one batch.

        Args:
            epoch: int. Epoch of the batch, from 0.
            step: int. Place of the batch in its epoch, from 0.
            batch_size: int. Defaults to that of the last call of `batches`,
                whose `shuffle` counts, too.

        Returns:
            List of ids.

        Raises:
            ArgumentError: If there is no such batch, or its size is not known.
        """
        if epoch is None and step is None:
            return list(self._ids)
        size = batch_size or self.batch_size
        if epoch is None or step is None or not size:
            raise ArgumentError(
                "`ids` expects `epoch`, `step` and, where `batches` was not "
                f"called before, `batch_size`. Received: epoch={epoch}, "
                f"step={step}, batch_size={batch_size}."
            )
        checks.check_range("ids", "step", step, 0, -(-len(self) // size) - 1)
        how = self.shuffled, self.balanced, self.buckets
        chosen = self.order(epoch, size, *how)[step * size : (step + 1) * size]
        return [self._ids[row] for row in chosen]

    def batches(
        self,
        size,
        shuffle=None,
        initial_epoch=0,
        augment=None,
        weight=None,
        modalities=None,
        balanced=None,
        mixup=None,
        buckets=None,
    ):
        """The rows as a data set for `fit`, `evaluate` and `predict`.

        Every pass over the data set is the next epoch, with its own order
        where rows are shuffled; `ids(epoch, step)` names the rows of a batch.
        (Under a `tf.distribute` strategy a plain Keras model begins one pass
        more, to be built; a `FusionModel` does not.)

        Args:
            size: int. Rows of a batch; the last one may be smaller.
            shuffle: bool. Defaults to True for the training split only.
            initial_epoch: int. The epoch of the first pass.
            augment: dict of modality name to what alters its batches, one or
                a list in order: objects or names of `data.augment`, dicts of
                a name and arguments, or functions of `(batch, seed)`, the
                batch in the model's dtype, the seed `(2,)` int32 for
                TensorFlow's stateless functions. For the training split.
                Seeds are those of epoch and step; rows and steps without a
                value stay zero.
            weight: array `(rows,)` of the weight of each row in the loss, or
                a dict of one for each task.
            modalities: names of those to hand out. Defaults to all.
            balanced: str. The task whose classes shall be equally frequent in
                each epoch: rows of rare ones come several times, some of
                frequent ones not at all. For the training split.
            mixup: `data.augment.Mixup`, its `alpha`, or a dict of its
                arguments: rows mixed with others of their batch after
                `augment`. Labels become `(batch, classes)` float32. For the
                training split.
            buckets: dict of modality name to a list of lengths, ascending, or
                to how many there shall be (those that leave least to pad).
                Rows of like lengths share a batch, which is cut to the least
                of these that holds them. For the training split.

        Returns:
            `tf.data.Dataset` of `({name: (batch, *shape), "<name>_present":
            (batch,) bool, "<name>_mask": (batch, steps) bool}, {task:
            (batch, ...)})`, then the weights `(batch,)` float32, or a dict
            of them, if there are some; of the inputs alone where there are no
            targets. Flags come with what is optional, masks with what has
            steps.

        Raises:
            ArgumentError: If an argument does not fit the split.
        """
        return split_batches(
            self,
            size,
            shuffle,
            initial_epoch,
            augment,
            weight,
            modalities,
            balanced,
            mixup,
            buckets,
        )

    def arrays(self, rows=None, modalities=None):
        """The model's inputs and targets as arrays, flags included.

        Args:
            rows: indices into the split. Defaults to all rows, in order.
            modalities: names of those to hand out. Defaults to all.

        Returns:
            `({name: array}, {task: array})`, in the model's dtypes.
        """
        rows = np.arange(len(self)) if rows is None else np.asarray(rows, int)
        inputs = {}
        for name, column in self.chosen(modalities).items():
            parts, dtypes = column.tensors(name)
            for key, part in parts.items():
                chosen = part.take(self.places[rows])
                inputs[key] = chosen.astype(dtypes[key], copy=False)
        return inputs, {name: y[rows] for name, y in self.targets.items()}

    def raw(self, rows=None):
        """The raw values of rows, as a served request would hold them.

        Args:
            rows: indices into the split. Defaults to all rows, in order.

        Returns:
            Dict of modality name to a list: bytes of a file, text, list of
            cells or array, None where there is no value, or a bad one.
        """
        rows = range(len(self)) if rows is None else rows
        places = self.places[list(rows)]
        return {
            name: [column.modality.raw(column.value(p)) for p in places]
            for name, column in self.columns.items()
        }

    def canonical(self, name):
        """Yields the canonical values of one modality, in order.

        Args:
            name: str. The modality.

        Yields:
            What its `read` gives; None where there is no value, or a bad one.
        """
        (column,) = self.chosen([name]).values()
        for place in self.places:
            value = column.value(place)
            yield None if value is None else column.modality.read(value)

    def predict(self, model, batch_size=256):
        """One answer a row, in order; rows that are not ok get None.

        Args:
            model: `FusionModel`. Modalities it does not know are left out.
            batch_size: int. Rows at a time.

        Returns:
            List of dicts: `"id"`, the answers (for classes `"<output>"`, the
            class, and `"<output>_probability"`), `"status"` and `"error"`.
        """
        checks.check_positive("predict", batch_size=batch_size)
        return predict(self, model, batch_size)

    def take(self, rows):
        """A split of some of the rows, by index, that shares the arrays."""
        rows = np.asarray(rows, "int64")
        return Split(
            self.name,
            self.columns,
            self.places[rows],
            [self._ids[row] for row in rows],
            {name: y[rows] for name, y in self.targets.items()},
            self.classes,
            None if self.groups is None else self.groups[rows],
            self.unit,
            None,  # The ceiling was that of all rows.
            [self.status[row] for row in rows],
            self.seed,
            errors=[self.errors[row] for row in rows],
        )

    def only(self, modalities):
        """The same rows with some of their modalities."""
        split = copy.copy(self)
        split.columns = self.chosen(modalities)
        return split

    def order(self, epoch, size, shuffle, balanced=None, buckets=None):
        """The rows of an epoch, `(rows,)` int64, in order for their batches."""
        if balanced is not None:
            labels = self.targets[balanced]
            rows = balanced_order(self.seed, epoch, labels)
        elif shuffle:
            rows = permutation(self.seed, epoch, len(self))
        else:
            rows = np.arange(len(self), dtype="int64")
        if buckets is None:
            return rows
        return dealt(rows, buckets.of_rows, size, self.seed, epoch)

    def chosen(self, modalities):
        """The columns of some modalities, by name; None: of all."""
        if modalities is None:
            return self.columns
        for name in modalities:
            if name not in self.columns:
                raise checks.unknown("modality", name, self.columns)
        return {name: self.columns[name] for name in sorted(modalities)}
