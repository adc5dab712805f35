"""What a data set holds and a model needs, as plain Python and JSON.

It knows neither TensorFlow nor Keras: data writes it, models read it, a run
directory stores it.
"""

import dataclasses

from mmfusion import checks, files


@dataclasses.dataclass(frozen=True)
class InputSchema:
    """One modality: its tensor, and the encoder that suits it.

    Attributes:
        shape: tuple of int, without the batch.
        dtype: str, such as `"float32"`.
        optional: bool. Whether a row may come without it.
        encoder: str. Name of the default encoder.
        arguments: dict. Its arguments, plain values.
    """

    shape: tuple
    dtype: str
    optional: bool
    encoder: str
    arguments: dict

    @property
    def masked(self) -> bool:
        """Whether a mask of steps comes with it: its encoder takes one."""
        return bool(self.arguments.get("masked"))


@dataclasses.dataclass(frozen=True)
class TargetSchema:
    """One target: the task that learns it, and the arguments of that.

    Attributes:
        task: str. Registered name, such as `"classification"`.
        arguments: dict. Plain values: `{"classes": [...]}`, say.
    """

    task: str
    arguments: dict

    @property
    def classes(self) -> tuple:
        """Its classes, in order; empty for numbers."""
        return tuple(self.arguments.get("classes", ()))


@dataclasses.dataclass(frozen=True)
class Schema:
    """The inputs and targets of a data set, by name.

    Example:

    >>> schema = Schema(
    ...     {
    ...         "v": InputSchema(
    ...             (3,), "float32", False, "vector_mlp", {"dim": 3}
    ...         )
    ...     },
    ...     {"label": TargetSchema("classification", {"classes": ["a", "b"]})},
    ... )
    >>> Schema.from_dict(schema.to_dict()) == schema
    True
    """

    inputs: dict
    targets: dict

    def to_dict(self) -> dict:
        """Plain values that JSON can hold."""
        plain = dataclasses.asdict(self)
        for part in plain["inputs"].values():
            part["shape"] = list(part["shape"])
        return {"format": 1, **plain}

    @classmethod
    def from_dict(cls, plain: dict) -> "Schema":
        """The schema that `to_dict` wrote."""
        checks.check_keys("schema", plain, ("format", "inputs", "targets"))
        checks.check_choice("schema", "format", plain.get("format"), (1,))
        return cls(
            {
                name: InputSchema(**{**part, "shape": tuple(part["shape"])})
                for name, part in plain["inputs"].items()
            },
            {
                name: TargetSchema(part["task"], _arguments(part))
                for name, part in plain["targets"].items()
            },
        )

    def save(self, path):
        """Writes the schema as JSON."""
        files.write_json(path, self.to_dict())

    @classmethod
    def load(cls, path) -> "Schema":
        """Reads a schema that `save` wrote."""
        return cls.from_dict(files.read_json(path))


def _arguments(part):
    """Those of a target; older files have its classes beside its task."""
    return part.get("arguments") or {"classes": list(part["classes"])}
