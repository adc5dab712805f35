"""A run directory: what a training leaves behind, read after a restart."""

import csv
import functools
import json
import pathlib

import yaml

from mmfusion import data, files, saving, schema
from mmfusion.errors import ArgumentError

_NEEDED = (
    "recipe.yaml",
    "model.keras",
    "schema.json",
    "data.json",
    "metrics.json",
)


class Run:
    """A finished run.

    Attributes:
        path: `pathlib.Path` of the directory: `recipe.yaml` (resolved),
            `model.keras`, `inputs/`, `schema.json`, `data.json` (which row was
            in which split), `bad_rows.json` (what was skipped or masked, if
            anything was), `metrics.json`, `history.csv`, `report.html`,
            `exports/`.

    Everything is read when it is first asked for; SavedModels that the model
    or an input holds run only if `trusted` says so.
    """

    def __init__(self, path, trusted=()):
        self.path = pathlib.Path(path)
        self.trusted = trusted

    def __repr__(self):
        return f"Run({str(self.path)!r})"

    @functools.cached_property
    def model(self):
        """The `FusionModel`, checked and loaded."""
        path = self.path / "model.keras"
        return saving.load_model(path, trusted=self.trusted)

    @functools.cached_property
    def inputs(self) -> dict:
        """The adapted modality objects, by name."""
        return data.load_inputs(self.path / "inputs", trusted=self.trusted)

    @functools.cached_property
    def schema(self):
        """`mmfusion.schema.Schema` of the inputs and targets."""
        return schema.Schema.load(self.path / "schema.json")

    @functools.cached_property
    def metrics(self) -> dict:
        """The content of `metrics.json`."""
        return files.read_json(self.path / "metrics.json")

    @functools.cached_property
    def recipe(self) -> dict:
        """The resolved recipe."""
        path = self.path / "recipe.yaml"
        try:
            return yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ArgumentError(f"`{path}` is damaged: no YAML.") from error

    @functools.cached_property
    def fingerprint(self) -> dict:
        """What the data was, as `fingerprint` gives it."""
        return files.read_json(self.path / "data.json")

    def read(self, rows):
        """Reads rows without targets, as the training's were read.

        Args:
            rows: path of a table, pandas DataFrame, list of dicts of column
                to value, or dict of modality name to values.

        Returns:
            `data.Split`, a row for each row.
        """
        source = self.recipe["data"]
        return data.read_unlabelled(
            rows,
            self.inputs,
            id=source.get("id"),
            allow_outside_root=source.get("allow_outside_root", False),
        )

    def predict(self, rows) -> list:
        """Answers rows, one answer a row, in their order.

        Args:
            rows: as `read` takes them.

        Returns:
            List of dicts: `id`, for each output its class and probability,
            and `status`, `"ok"` or what is wrong with the row.
        """
        return self.read(rows).predict(self.model)


def load(path, trusted=()) -> Run:
    """Opens a run directory.

    Args:
        path: str or path.
        trusted: folders that hold the SavedModels of the run, as
            `mmfusion.load_model` takes them. Defaults to nothing.

    Raises:
        ArgumentError: If it is none; it says what is missing.
    """
    path = pathlib.Path(path)
    if not path.is_dir():
        raise ArgumentError(f"There is no run at `{path}`.")
    missing = [name for name in _NEEDED if not (path / name).is_file()]
    if missing:
        raise ArgumentError(
            f"`{path}` is not a run: it has no {', '.join(missing)}."
        )
    return Run(path, trusted)


def next_path(name, base="runs") -> pathlib.Path:
    """The next free `<base>/<name>-<n>`, counted from 1."""
    base = pathlib.Path(base)
    taken = [
        int(path.name.removeprefix(f"{name}-"))
        for path in base.glob(f"{name}-*")
        if path.name.removeprefix(f"{name}-").isdecimal()
    ]
    return base / f"{name}-{max(taken, default=0) + 1}"


def fingerprint(rows, recipe) -> dict:
    """What must be the same for a run to be scored on data read again.

    Args:
        rows: `data.Data`.
        recipe: dict, the resolved recipe.

    Returns:
        Dict of plain values: `source`, the SHA-256 of the table (None for a
        data set by name), `schema`, and `splits`, row id to name of the split.
    """
    source = recipe["data"].get("source")
    plain = {
        "format": 1,
        "source": data.tables.fingerprint(source) if source else None,
        "schema": rows.schema.to_dict(),
        "splits": {str(key): name for key, name in rows.splits.items()},
    }
    return json.loads(json.dumps(plain))  # As it comes back from its file.


def save(folder, model, rows, recipe, history):
    """Writes what `load` reads, but for the metrics and the report.

    Args:
        folder: path of an existing folder.
        model: `FusionModel`.
        rows: `data.Data`, as read.
        recipe: dict, the resolved recipe.
        history: dict of metric name to a list, one value an epoch.
    """
    folder = pathlib.Path(folder)
    model.save(folder / "model.keras")
    data.save_inputs(rows.inputs, folder / "inputs")
    rows.schema.save(folder / "schema.json")
    files.write_json(folder / "data.json", fingerprint(rows, recipe))
    files.write_text(
        folder / "recipe.yaml",
        yaml.safe_dump(recipe, sort_keys=False, allow_unicode=True),
    )
    if rows.skipped or rows.masked:
        bad = {"format": 1, "skipped": rows.skipped, "masked": rows.masked}
        files.write_json(folder / "bad_rows.json", bad)
    names = sorted(history)
    with files.whole_file(folder / "history.csv") as draft:
        with open(draft, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["epoch", *names])
            columns = [history[name] for name in names]
            for epoch, row in enumerate(zip(*columns, strict=True), start=1):
                writer.writerow([epoch, *row])
