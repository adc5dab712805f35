"""What to train on what, and how: a checked recipe, and what comes of it."""

import copy
import dataclasses
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
from mmfusion.data import buckets
from mmfusion.data.checkup import checked, checkup_of
from mmfusion.errors import ArgumentError
from mmfusion.recipe import resolve
from mmfusion.recipe.tasks import tasks_of


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
        self._folder = pathlib.Path(folder)
        inputs = resolve.resolve_inputs(plain.get("inputs") or {}, self._folder)
        self.resolved = {
            "data": resolve.resolve_data(plain["data"], self._folder),
            "inputs": inputs,
            "model": resolve.resolve_model(
                plain.get("model") or {}, inputs, self._folder
            ),
            "training": resolve.resolve_training(
                plain.get("training") or {}, self._folder
            ),
        }
        if inputs:  # Those of a data set show when it is read.
            self._check_batches(resolve.modalities(inputs))
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
        names = [field.name for field in dataclasses.fields(training.Rules)]
        return training.Rules(**{name: plain[name] for name in names})

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
        inputs = resolve.modalities(self.resolved["inputs"])
        return data.read(plain.pop("source"), inputs, **plain)

    def check(self):
        """Reads everything once: `data.Checkup`, whatever is wrong.

        Where the data has no problems, the model is built, too.

        Raises:
            ArgumentError: If the recipe does not fit the data: what `train`
                refuses before it begins.
            DataError: If the table itself cannot be read, or the data set has
                a fault.
        """
        plain = dict(self.resolved["data"])
        if "dataset" in plain:  # It reads itself, and has no faults then.
            rows = self.read()
            checkup = checkup_of(plain["dataset"]["name"], rows)
        else:
            plain.pop("cache", None)  # Everything is read, now.
            inputs = resolve.modalities(self.resolved["inputs"])
            checkup, rows = checked(plain.pop("source"), inputs, **plain)
        if rows is not None:
            _scored(rows)
            self._ready(rows)
        return checkup

    def narrow(self, rows):
        """The data with the modalities of the model, where it says which.

        Args:
            rows: `data.Data`, what `read` gave.

        Returns:
            `data.Data`.

        Raises:
            ArgumentError: If the data has not all of them.
        """
        names = self.resolved["model"].get("modalities")
        return rows if names is None else rows.only(names)

    def build(self, schema, encoders=None):
        """Builds the model, untrained, its weights by the seed.

        Args:
            schema: `mmfusion.schema.Schema`, such as `data.schema`.
            encoders: dict of modality name to arguments of its encoder, where
                they are no plain values. Defaults to those of the recipe.

        Returns:
            `FusionModel`.
        """
        plain = self.resolved["model"]
        if encoders is None:
            encoders = plain["encoders"]
        kind = "decision" if "decision" in plain else "fusion"
        keras.utils.set_random_seed(self.rules.seed)
        options = {
            key: plain[key]
            for key in ("auxiliary", "modality_dropout")
            if plain.get(key)
        }
        chosen = plain.get("alignment", [])
        with training.precision(self.rules.precision):
            return models.from_schema(
                schema,
                resolve.create(kind, plain[kind]),
                encoders=encoders,
                task=tasks_of(plain["task"], schema),
                alignment=[resolve.create("alignment", a) for a in chosen],
                **options,
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
        scored = _scored(rows)
        # Opened before the work, so that it is not lost for want of a place.
        with files.whole_folder(path) as draft:
            self._train(draft, rows, scored, callbacks, verbose)
        return runs.load(path)

    def _check_batches(self, inputs):
        """What is altered, mixed, or cut, fits the modalities."""
        data.augment.check(self.rules.augment, inputs)
        buckets.check(self.rules.buckets, inputs)
        mixup = data.augment.mixup(self.rules.mixup)
        if mixup is not None:
            names = self.resolved["model"].get("modalities") or inputs
            mixup.check({name: inputs[name] for name in names})

    def _ready(self, whole):
        """What is trained; raises if the recipe does not fit the data.

        Args:
            whole: `data.Data`, what `read` gave.

        Returns:
            The model, untrained; the data with its modalities; the settings
            of the encoders, as chosen and with what the data adds.
        """
        self._check_batches(whole.inputs)
        rows = self.narrow(whole)
        chosen = resolve.resolve_encoders(
            self.resolved["model"]["encoders"], rows.inputs, self._folder
        )
        encoders = {
            name: rows.inputs[name].encoder_arguments(
                settings, rows.train.canonical(name)
            )
            for name, settings in chosen.items()
        }
        model = self.build(rows.schema, encoders)
        weights = self.resolved["training"]["loss_weights"]
        training.check_fit(model, whole, self.rules, weights)
        return model, rows, chosen, encoders

    def _train(self, folder, whole, scored, callbacks, verbose):
        model, rows, chosen, encoders = self._ready(whole)
        scored = getattr(rows, scored.name)
        _tell(encoders, rows, folder)
        chosen_training = self.resolved["training"]
        outcome = training.fit(
            model,
            whole,
            self.rules,
            callbacks,
            chosen_training["loss_weights"],
            verbose,
            chosen_training["method"],
        )
        worth = None
        if self.resolved["training"]["baselines"] and len(rows.inputs) > 1:
            worth = explain.worth(
                model, rows, self.rules, split=scored.name, outcome=outcome
            )
        recipe = self._with_encoders(rows.schema, chosen)
        runs.save(folder, model, rows, recipe, outcome.history)
        report.write(
            folder, model, scored, outcome, worth, outcome.xla, self.name
        )

    def _with_encoders(self, schema, chosen):
        """The resolved recipe, with each encoder as it was built."""
        resolved = copy.deepcopy(self.resolved)
        resolved["model"]["encoders"] = {
            name: models.encoder_settings(part, chosen.get(name, {}))
            for name, part in schema.inputs.items()
        }
        return _plain(resolved)


def _scored(rows):
    """The split on which a run is scored."""
    scored = rows.test or rows.validation
    if scored is None:
        raise ArgumentError(
            "A run is scored on the test or the validation split, and "
            "there is neither. Split some rows off with `data: split`."
        )
    return scored


def _tell(encoders, rows, folder):
    """Notes, and writes, what encoders were given beside plain values."""
    described = {
        name: {
            key: value.describe()
            for key, value in arguments.items()
            if hasattr(value, "describe")
        }
        for name, arguments in encoders.items()
    }
    described = {name: given for name, given in described.items() if given}
    for name, given in described.items():
        rows.notes += [f"{name}: {encoders[name][key]}" for key in given]
    if described:
        files.write_json(folder / "encoders.json", described)


def _plain(value):
    """Tuples as lists, so that YAML holds them."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    return value
