"""Whether a model trains through XLA: decided, checked and said here only."""

import tensorflow as tf

from mmfusion import checks
from mmfusion.errors import ArgumentError


def resolve_xla(setting, model):
    """Decides whether to compile a model with XLA, and says why.

    Args:
        setting: `"on"`, `"off"` or `"auto"`: on where there is a GPU and
            nothing is in the way.
        model: a Keras model.

    Returns:
        `{"on": bool, "why": str}`.

    Raises:
        ArgumentError: If `"on"` is asked for and a layer cannot do it; Keras
            itself would go on without XLA.
    """
    checks.check_choice("training", "xla", setting, ("auto", "on", "off"))
    if setting == "off":
        return {"on": False, "why": "off: as asked"}
    without = sorted(
        layer.name
        for layer in model._flatten_layers(include_self=False)
        if not layer.supports_jit
    )
    if setting == "on":
        if without:
            raise ArgumentError(
                f"`xla: on` cannot be had: the layers {without} of "
                f"`{model.name}` do not support XLA. Use `xla: auto`."
            )
        return {"on": True, "why": "on: as asked"}
    if without:
        return {"on": False, "why": f"auto: {without[0]} does not support XLA"}
    if tf.distribute.has_strategy():
        return {"on": False, "why": "auto: off under a tf.distribute strategy"}
    if not tf.config.list_physical_devices("GPU"):
        return {"on": False, "why": "auto: no GPU"}
    return {"on": True, "why": "auto: a GPU is there"}


def check_xla(model, xla):
    """What was resolved is what Keras does; it drops XLA in silence.

    Raises:
        ArgumentError: If the compiled model does otherwise.
    """
    if bool(model.jit_compile) != xla["on"]:
        raise ArgumentError(
            f"`{model.name}` was to be compiled with XLA {xla['on']} "
            f"({xla['why']}), but Keras set `jit_compile` to "
            f"{model.jit_compile}."
        )
