"""A data set that has been read: its splits, its inputs, its schema."""

import copy

import numpy as np

from mmfusion import checks, schema
from mmfusion.data.column import notes_of
from mmfusion.data.further import read_further
from mmfusion.data.split import Split
from mmfusion.data.splits import NAMES
from mmfusion.data.unlabelled import read_unlabelled


class Data:
    """The splits of a data set and what a model needs to know of it.

    `read` and `from_arrays` make it.

    Attributes:
        train, validation, test: `Split`, or None where there is none.
        inputs: dict of modality name to modality object, adapted.
        target: dict of task name to the column it learns from (a list, if
            there are several), or to None where the labels were given by
            themselves.
        targets: dict of task name to target object.
        schema: `mmfusion.schema.Schema`.
        names: list of the name of the split of each row of the source, None
            where it is in none.
        labels: dict of task name to the plain target of each of these rows.
        splits: dict of row id to the name of its split.
        notes: list of str. What was seen and is no fault.
        skipped: list of str. What was wrong with rows that are in no split,
            as `file:row:column: what; how to fix`.
        masked: list of str. What was wrong with values that count as absent.

    Example:

    >>> from mmfusion.data import from_arrays
    >>> vectors = np.arange(20.0, dtype="float32").reshape(10, 2)
    >>> data = from_arrays({"v": vectors}, {"label": ["a", "b"] * 5})
    >>> data
    <Data: {'train': 6, 'validation': 2, 'test': 2}, ['v'] to ['label']>
    >>> data.like({"v": vectors[:1]}).status
    ['ok']
    """

    def __init__(
        self,
        columns,
        names,
        ids,
        labels,
        targets,
        groups=None,
        unit="row",
        ceilings=None,
        seed=0,
        id_column=None,
        allow_outside_root=False,
        notes=(),
        skipped=(),
        masked=(),
    ):
        self.inputs = {name: c.modality for name, c in columns.items()}
        self.targets = dict(targets)
        self.target = {task: one.column for task, one in targets.items()}
        self.notes = [*notes, *notes_of(columns)]
        self.skipped = list(skipped)
        self.masked = list(masked)
        self.names = list(names)
        self.labels = dict(labels)
        self.splits = {
            key: name
            for key, name in zip(ids, names, strict=True)
            if name is not None
        }
        self._id_column = id_column
        self._allow_outside_root = allow_outside_root
        arrays, classes = {}, {}
        for task, one in targets.items():
            # A row that is in no split has no say in what the classes are.
            given = [
                value if name is not None else None
                for value, name in zip(labels[task], names, strict=True)
            ]
            one.adapt(given)
            one.adapt_training(
                [x for x, n in zip(given, names, strict=True) if n == "train"]
            )
            arrays[task] = one.encode(given)
            classes[task] = one.classes
        groups = None if groups is None else np.asarray(groups)
        assigned = np.array([name or "" for name in names])
        for name in NAMES:
            places = np.flatnonzero(assigned == name)
            split = Split(
                name,
                columns,
                places,
                [ids[place] for place in places],
                {task: y[places] for task, y in arrays.items()},
                classes,
                None if groups is None else groups[places],
                unit,
                (ceilings or {}).get(name),
                seed=seed,
            )
            setattr(self, name, split if len(places) else None)
        self.schema = schema.Schema(
            {name: m.describe() for name, m in self.inputs.items()},
            {
                task: schema.TargetSchema(one.task, one.arguments())
                for task, one in targets.items()
            },
        )

    def __repr__(self):
        sizes = {name: len(getattr(self, name) or ()) for name in NAMES}
        return f"<Data: {sizes}, {list(self.inputs)} to {list(self.target)}>"

    def only(self, modalities):
        """The same splits with some of their modalities.

        Args:
            modalities: names of those that stay.

        Returns:
            `Data`, which shares the arrays.

        Raises:
            ArgumentError: If there is no such modality.
        """
        for name in modalities:
            if name not in self.inputs:
                raise checks.unknown("modality", name, self.inputs)
        data = copy.copy(self)
        data.inputs = {n: m for n, m in self.inputs.items() if n in modalities}
        data.schema = schema.Schema(
            {n: p for n, p in self.schema.inputs.items() if n in modalities},
            self.schema.targets,
        )
        for name in NAMES:
            split = getattr(self, name)
            setattr(data, name, split and split.only(modalities))
        return data

    def like(self, source, target=None):
        """Reads further rows the same way; none of them is dropped.

        A row that cannot be read keeps its place; `Split.status` says why,
        and `Split.predict` gives it no answer.

        Args:
            source: path of a table with the same columns, a DataFrame, a
                list of dicts of column to value, or a dict of modality name
                to values where the data came from arrays.
            target: as `read` takes it, of a table, whose targets are then
                read, too: a task of its own, to learn from.

        Returns:
            `Split`, without targets where `target` is None.

        Raises:
            DataError: If there is any fault in rows with a target.
        """
        if target is not None:
            return read_further(
                source,
                self.inputs,
                target,
                id=self._id_column,
                allow_outside_root=self._allow_outside_root,
            )
        return read_unlabelled(
            source,
            self.inputs,
            id=self._id_column,
            allow_outside_root=self._allow_outside_root,
        )
