"""What a data set holds and a model needs, as plain Python and JSON.

It knows neither TensorFlow nor Keras: data writes it, models read it, a run
directory stores it.
"""

import dataclasses

from mmfusion import checks, files
from mmfusion.errors import ArgumentError


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
    """One target: the task that learns it, and what the task needs to know.

    Attributes:
        task: str. Name of the task.
        arguments: dict. Its arguments but `name`, plain values: `classes`, in
            order, of `"classification"` and `"multi_label"`, `mean` and
            `deviation` of `"regression"`.
    """

    task: str
    arguments: dict

    def __post_init__(self):
        plain = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in dict(self.arguments).items()
        }
        object.__setattr__(self, "arguments", plain)

    @property
    def classes(self):
        """Names of the classes, in order; empty where there are none."""
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
    ...     {
    ...         "label": TargetSchema(
    ...             "classification", {"classes": ["cat", "dog"]}
    ...         )
    ...     },
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
        # Side by side, as when all there was were classes.
        plain["targets"] = {
            name: {"task": part["task"], **part["arguments"]}
            for name, part in plain["targets"].items()
        }
        return {"format": 1, **plain}

    @classmethod
    def from_dict(cls, plain: dict) -> "Schema":
        """The schema that `to_dict` wrote."""
        checks.check_keys("schema", plain, ("format", "inputs", "targets"))
        checks.check_choice("schema", "format", plain.get("format"), (1,))
        try:
            return cls(
                {
                    name: InputSchema(**{**part, "shape": tuple(part["shape"])})
                    for name, part in plain["inputs"].items()
                },
                {
                    name: TargetSchema(
                        part["task"],
                        {k: v for k, v in part.items() if k != "task"},
                    )
                    for name, part in plain["targets"].items()
                },
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ArgumentError(
                f"The schema is damaged: {type(error).__name__}, {error}. "
                "Restore its file."
            ) from error

    def save(self, path):
        """Writes the schema as JSON."""
        files.write_json(path, self.to_dict())

    @classmethod
    def load(cls, path) -> "Schema":
        """Reads a schema that `save` wrote."""
        return cls.from_dict(files.read_json(path))
