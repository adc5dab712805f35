"""What to train on what, and how: a checked recipe, and what comes of it."""

import copy
import pathlib

import keras

from mmfusion import (
    checks,
    data,
    explain,
    files,
    models,
    registry,
    report,
    training,
)
from mmfusion import run as runs
from mmfusion.errors import ArgumentError
from mmfusion.recipe import resolve


class Recipe:
    """What to train on what, and how; checked when it is made.

    `load` reads one from a file.

    Attributes:
        name: str. What its runs are called.
        resolved: dict of plain values, every default written out.
    """

    def __init__(self, plain, name="recipe", folder="."):
        checks.check_keys("recipe", plain, resolve.SECTIONS, required=("data",))
        self.name = name
        self.resolved = {
            "data": resolve.resolve_data(plain["data"], pathlib.Path(folder)),
            "inputs": copy.deepcopy(plain.get("inputs") or {}),
            "model": resolve.resolve_model(plain.get("model") or {}),
            "training": resolve.resolve_training(plain.get("training") or {}),
        }
        self._modalities()  # An unknown type or setting shows here.
        own = "dataset" in self.resolved["data"]
        if own == bool(self.resolved["inputs"]):
            raise ArgumentError(
                "A recipe with `data: dataset` brings its inputs along."
                if own
                else "A recipe with `data: source` needs the section `inputs`."
            )

    @property
    def rules(self):
        """`training.Rules` of the section `training`."""
        plain = dict(self.resolved["training"])
        plain.pop("baselines")
        return training.Rules(**plain)

    def read(self):
        """Reads the data: `data.Data`.

        Raises:
            DataError: If there is any fault in it.
        """
        plain = dict(self.resolved["data"])
        if "dataset" in plain:
            arguments = dict(plain["dataset"])
            dataset = registry.get("dataset", arguments.pop("name"))
            return checks.call("dataset", dataset, arguments)
        return data.read_csv(
            plain.pop("source"),
            self._modalities(),
            seed=self.resolved["training"]["seed"],
            **plain,
        )

    def build(self, schema):
        """Builds the model, untrained, its weights by the seed.

        Args:
            schema: `mmfusion.schema.Schema`, such as `data.schema`.

        Returns:
            `FusionModel`.
        """
        plain = self.resolved["model"]
        kind = "decision" if "decision" in plain else "fusion"
        keras.utils.set_random_seed(self.rules.seed)
        with training.precision(self.rules.precision):
            return models.from_schema(
                schema,
                resolve.create(kind, plain[kind]),
                encoders=plain["encoders"],
            )

    def train(self, out=None, rows=None, callbacks=(), verbose=0):
        """Reads, trains, compares, and writes a run directory, whole.

        Args:
            out: str or path of the run. Defaults to the next free
                `runs/<name>-<n>`.
            rows: `data.Data`, what `read` gave. Defaults to reading it now.
            callbacks: further Keras callbacks for the fused model.
            verbose: as Keras takes it. Defaults to 0, silent.

        Returns:
            `mmfusion.run.Run`.

        Raises:
            ArgumentError: If `out` is in use or the recipe does not fit.
            DataError: If there is any fault in the data.
        """
        path = pathlib.Path(out) if out else runs.next_path(self.name)
        if path.exists():
            raise ArgumentError(
                f"`{path}` is in use. Choose another folder with `out`."
            )
        rows = self.read() if rows is None else rows
        scored = rows.test or rows.validation
        if scored is None:
            raise ArgumentError(
                "A run is scored on the test or the validation split, and "
                "there is neither. Split some rows off with `data: split`."
            )
        model = self.build(rows.schema)
        outcome = training.fit(
            model, rows, self.rules, callbacks, verbose=verbose
        )
        worth = None
        if self.resolved["training"]["baselines"] and len(rows.inputs) > 1:
            worth = explain.worth(
                model, rows, self.rules, split=scored.name, outcome=outcome
            )
        with files.whole_folder(path) as draft:
            runs.save(
                draft,
                model,
                rows.inputs,
                rows.schema,
                self._with_encoders(rows.schema),
                outcome.history,
            )
            report.write(
                draft, model, scored, outcome, worth, outcome.xla, self.name
            )
        return runs.load(path)

    def _modalities(self):
        return {
            name: resolve.create(
                "modality", plain, key="type", who=f"input {name!r}"
            )
            for name, plain in self.resolved["inputs"].items()
        }

    def _with_encoders(self, schema):
        """The resolved recipe, with each encoder as it was built."""
        resolved = copy.deepcopy(self.resolved)
        chosen = resolved["model"]["encoders"]
        resolved["model"]["encoders"] = {
            name: models.encoder_settings(part, chosen.get(name, {}))
            for name, part in schema.inputs.items()
        }
        return _plain(resolved)


def held_rows(opened):
    """The rows on which a run is scored, read again as it was trained.

    Args:
        opened: `mmfusion.run.Run`.

    Returns:
        `data.Split`: the test split, or the validation split without one.

    Raises:
        ArgumentError: If the data is not what the run was trained on.
    """
    rows = Recipe(opened.recipe, opened.path.name).read()
    if rows.schema != opened.schema:
        raise ArgumentError(
            f"The data of `{opened.path}` is not what it was trained on: its "
            "inputs or classes have changed. Train again, or restore it."
        )
    return rows.test or rows.validation


def _plain(value):
    """Tuples as lists, so that YAML holds them."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value
