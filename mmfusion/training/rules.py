"""The rules of a training, the same for every model that is compared."""

import dataclasses
import math

import keras

from mmfusion import checks
from mmfusion.data import buckets as bucketing
from mmfusion.errors import ArgumentError
from mmfusion.training import augmentation, balance
from mmfusion.training.balance import SCHEMES

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
        seed: int. Of weights and dropout; the order of the rows has the seed
            of the data.
        loss: dict of `name`, of a registered loss, and its arguments, in place
            of the loss of every classification; None: the tasks' own.
        class_weights: `"balanced"` or `"effective"`, as `class_weights` has
            them, folded into the weights of the rows; None: none.
        balanced: str or None. The target whose classes are equally frequent
            in every epoch.
        augment: dict of modality name to a list of augmentations, each a name
            or a dict of `name` and arguments; None: none. A model that has not
            all of the modalities gets those of its own.
        mixup: number, the `alpha` of `data.augment.Mixup`, or a dict of its
            arguments; None: none. With every default written out, as
            `augment` is, once it is made.
        buckets: dict of modality name to a list of lengths, or to how many
            there shall be, as `data.Split.batches` has them; None: none. A
            model that has not all of the modalities gets those of its own.

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
    loss: dict | None = None
    class_weights: str | None = None
    balanced: str | None = None
    augment: dict | None = None
    mixup: float | dict | None = None
    buckets: dict | None = None

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
        checks.check_seed(who, self.seed)
        if self.class_weights is not None:
            checks.check_choice(
                who, "class_weights", self.class_weights, SCHEMES
            )
        if self.loss is not None:
            balance.check_loss(self.loss)
            balance.check_once(self.loss, self.class_weights, self.balanced)
        augment, mixup = augmentation.plain(self.augment, self.mixup)
        if augment is None and self.augment:
            raise ArgumentError(
                "`training` expects `augment` to be plain values, which can "
                f"be written down. Received: {self.augment!r}."
            )
        # Frozen: as a dataclass sets its own fields.
        object.__setattr__(self, "augment", augment)
        object.__setattr__(self, "mixup", mixup)
        object.__setattr__(self, "buckets", bucketing.checked(self.buckets))
        self.create_optimizer(steps_per_epoch=1)

    @classmethod
    def of(cls, model):
        """The rules by which a model was fitted by hand.

        The optimizer is that of `compile`, the epochs are those of all fits
        since then, batch size and patience those of the last one.

        Raises:
            ArgumentError: If they are not known: the model was not fitted in
                this process, or something that cannot be repeated changed its
                batches or its learning rate.
        """
        settings = getattr(model, "fit_settings", None)
        config = model.optimizer.get_config() if settings else {}
        reason = None
        if not settings or settings["batch_size"] is None:
            reason = "it was not fitted here on `data.train.batches`"
        elif settings["altered_by"]:
            reason = f"its batches were altered by {settings['altered_by']}"
        elif not _plain_losses(model):
            reason = "it was compiled with losses other than its tasks'"
        elif not _equal_rates(config, settings["optimizer"]):
            reason = "its learning rate was changed while it was fitted"
        if reason:
            raise ArgumentError(
                f"The rules of `{model.name}` are not known: {reason}. Pass "
                "`rules=training.Rules(...)`."
            )
        config.pop("name", None)
        name = type(model.optimizer).__name__.lower()
        return cls(
            epochs=settings["epochs"],
            patience=settings["patience"],
            batch_size=settings["batch_size"],
            optimizer={"name": name, **config},
            xla="on" if model.jit_compile else "off",
            augment=settings["augment"],
            mixup=settings["mixup"],
            buckets=settings["buckets"],
        )

    def create_optimizer(self, steps_per_epoch):
        """A fresh optimizer, its schedule spread over all steps.

        Args:
            steps_per_epoch: int.

        Returns:
            `keras.optimizers.Optimizer`.
        """
        optimizer = _optimizer_class(self.optimizer)
        arguments = dict(self.optimizer)
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
            reason = " ".join(str(error).split())
            raise ArgumentError(
                f"`training` cannot make the optimizer {self.optimizer}: "
                f"{reason}"
            ) from error


def _equal_rates(now, before):
    now, before = now["learning_rate"], before["learning_rate"]
    if isinstance(now, dict) or isinstance(before, dict):
        return now == before  # A schedule, which is a function of the step.
    return math.isclose(now, before, rel_tol=1e-6)


def _plain_losses(model):
    """Whether each output learns from the loss that its task asks for."""
    losses = model.loss if isinstance(model.loss, dict) else {}
    return all(
        type(losses.get(name)) is type(task.default_loss())
        and losses[name].get_config() == task.default_loss().get_config()
        for name, task in model.tasks.items()
    )


def _start(optimizer, arguments):
    return float(arguments.get("learning_rate", optimizer().learning_rate))


def _optimizer_class(config):
    """The class an optimizer's settings name; they are checked here."""
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
    number = isinstance(rate, (int, float)) and not isinstance(rate, bool)
    # A dict is a serialized schedule.
    if not isinstance(rate, dict) and not (
        number and math.isfinite(rate) and rate > 0
    ):
        raise ArgumentError(
            "`training` expects `learning_rate` to be a number above zero. "
            f"Received: {rate!r}. YAML takes 1e-3 for text: write 0.001."
        )
    cls = known[config["name"]]
    arguments = {k: v for k, v in config.items() if k != "name"}
    defaults = cls().get_config()
    checks.check_keys(
        f"optimizer {config['name']}", arguments, sorted(defaults)
    )
    for key, value in arguments.items():
        if isinstance(defaults[key], float) and isinstance(value, str):
            raise ArgumentError(
                f"`training` expects `{key}` of the optimizer to be a number. "
                f"Received: {value!r}."
            )
    return cls
