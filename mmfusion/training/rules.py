"""The rules of a training, the same for every model that is compared."""

import dataclasses
import math

import keras

from mmfusion import checks
from mmfusion.errors import ArgumentError

SCHEDULES = ("constant", "cosine")
PRECISIONS = ("float32", "mixed_bfloat16", "mixed_float16")


@dataclasses.dataclass(frozen=True)
class Rules:
    """How a model is trained; one set of rules serves all that are compared.

    Attributes:
        epochs: int. The most passes over the training split.
        batch_size: int. Rows at a time.
        optimizer: dict of `name`, as Keras calls it, and its arguments.
        schedule: `"constant"`, or `"cosine"`: from the learning rate down to
            zero over all epochs.
        patience: int or None. Epochs without a better validation loss before
            training stops; None: never. The best epoch's weights are kept
            either way, if there is a validation split.
        xla: `"auto"`, `"on"` or `"off"`.
        precision: `"float32"`, `"mixed_bfloat16"` or `"mixed_float16"`.
        seed: int. Of weights, order and dropout.

    Example:

    >>> Rules(epochs=3).optimizer["name"]
    'adam'
    """

    epochs: int = 10
    batch_size: int = 64
    optimizer: dict = dataclasses.field(
        default_factory=lambda: {"name": "adam", "learning_rate": 1e-3}
    )
    schedule: str = "constant"
    patience: int | None = 5
    xla: str = "auto"
    precision: str = "float32"
    seed: int = 0

    def __post_init__(self):
        who = "training"
        checks.check_positive(
            who, epochs=self.epochs, batch_size=self.batch_size
        )
        if self.patience is not None:
            checks.check_positive(who, patience=self.patience)
        checks.check_choice(who, "schedule", self.schedule, SCHEDULES)
        checks.check_choice(who, "xla", self.xla, ("auto", "on", "off"))
        checks.check_choice(who, "precision", self.precision, PRECISIONS)
        checks.check_range(who, "seed", self.seed, 0, 2**31 - 1)
        _optimizer_class(self.optimizer)

    @classmethod
    def of(cls, model, data):
        """The rules by which a model was fitted by hand.

        Epochs and patience come from its last `fit`, the optimizer from
        `compile`, the batch size from the last `data.train.batches`.

        Raises:
            ArgumentError: If the model was not fitted in this process.
        """
        settings = getattr(model, "fit_settings", None)
        if not settings or data.train.batch_size is None:
            raise ArgumentError(
                f"`{model.name}` was not fitted here on `data.train.batches`, "
                "so its rules are not known. Pass `rules=training.Rules(...)`."
            )
        config = model.optimizer.get_config()
        config.pop("name", None)
        name = type(model.optimizer).__name__.lower()
        return cls(
            epochs=settings["epochs"],
            patience=settings["patience"],
            batch_size=data.train.batch_size,
            optimizer={"name": name, **config},
            xla="on" if model.jit_compile else "off",
        )

    def create_optimizer(self, steps_per_epoch):
        """A fresh optimizer, its schedule spread over all steps.

        Args:
            steps_per_epoch: int.

        Returns:
            `keras.optimizers.Optimizer`.
        """
        arguments = dict(self.optimizer)
        optimizer = _optimizer_class(arguments)
        arguments.pop("name")
        if self.schedule == "cosine":
            arguments["learning_rate"] = keras.optimizers.schedules.CosineDecay(
                _start(optimizer, arguments),
                decay_steps=self.epochs * steps_per_epoch,
            )
        try:
            return optimizer.from_config(
                {**optimizer().get_config(), **arguments}
            )
        except (TypeError, ValueError) as error:
            raise ArgumentError(
                f"`training` cannot make the optimizer {self.optimizer}: "
                f"{error}"
            ) from error


def _start(optimizer, arguments):
    return float(arguments.get("learning_rate", optimizer().learning_rate))


def _optimizer_class(config):
    known = {
        cls.__name__.lower(): cls
        for cls in vars(keras.optimizers).values()
        if isinstance(cls, type)
        and issubclass(cls, keras.optimizers.Optimizer)
        and cls not in (keras.optimizers.Optimizer,)
    }
    if not isinstance(config, dict) or "name" not in config:
        raise ArgumentError(
            "`training` expects `optimizer` to be a dict with a `name`. "
            f"Received: {config!r}."
        )
    if config["name"] not in known:
        raise checks.unknown("optimizer", config["name"], known)
    rate = config.get("learning_rate", 1e-3)
    if isinstance(rate, (int, float)) and not (
        math.isfinite(rate) and rate > 0
    ):
        raise ArgumentError(
            "`training` expects `learning_rate` to be above zero. "
            f"Received: {rate!r}."
        )
    cls = known[config["name"]]
    arguments = {k: v for k, v in config.items() if k != "name"}
    checks.check_keys(
        f"optimizer {config['name']}", arguments, sorted(cls().get_config())
    )
    return cls
