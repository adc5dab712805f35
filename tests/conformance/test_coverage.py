"""Every registered thing has a case, and names do not collide."""

import importlib
import inspect
import pkgutil

import keras
import pytest

import mmfusion as mm
from mmfusion import registry
from mmfusion.fusion.conditioned import ConditionedFusion
from mmfusion.fusion.tokens import TokenFusion
from tests.conformance.cases import LAYERS, NAMED

KERAS_FOLDERS = (
    "decision",
    "encoders",
    "fusion",
    "layers",
    "losses",
    "metrics",
    "models",
    "pretrained",
    "tasks",
)


def _classes():
    """Every Keras class that mmfusion registers, by module.

    A private one is made by the layer it belongs to; no file names it.
    """
    for folder in KERAS_FOLDERS:
        package = importlib.import_module(f"mmfusion.{folder}")
        for part in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"mmfusion.{folder}.{part.name}")
            for name, value in vars(module).items():
                own = getattr(value, "__module__", None) == module.__name__
                if inspect.isclass(value) and own and name[0] != "_":
                    yield name, value


# What cannot be made without a pretrained model has tests beside one.
OF_FILES = {
    "hub_image",
    "hub_text",
    "keras_hub_image",
    "keras_hub_text",
    "saved_model_encoder",
}


@pytest.mark.parametrize("kind", sorted(NAMED))
def test_every_registered_name_has_a_case(kind):
    names = set(registry.names(kind))
    if kind == "encoder":
        assert names >= OF_FILES
        names -= OF_FILES
    assert names == {case.name for case in NAMED[kind]}


def test_every_layer_has_a_case():
    layers = {
        name
        for name, cls in _classes()
        if issubclass(cls, keras.layers.Layer)
        and cls.__module__.startswith("mmfusion.layers")
        and not issubclass(cls, mm.layers.Alignment)  # They have names.
        and cls is not mm.layers.ModalityDropout  # It knows flags only.
        and cls is not mm.layers.UnmergeSteps  # It has batches of two sizes.
    }
    assert layers == {case.name for case in LAYERS}


def test_class_names_are_unique_over_all_folders():
    names = [name for name, _ in _classes()]
    assert sorted(names) == sorted(set(names))


def test_what_a_model_file_can_hold_is_registered_with_keras():
    bases = (keras.layers.Layer, keras.losses.Loss, keras.metrics.Metric)
    abstract = {
        ConditionedFusion,
        TokenFusion,
        mm.decision.Decision,
        mm.fusion.Fusion,
        mm.layers.Alignment,
        mm.layers.AlignmentLoss,
        mm.losses.ViewLoss,
        mm.tasks.Task,
    }
    for name, cls in _classes():
        if issubclass(cls, bases) and cls not in abstract:
            found = keras.saving.get_registered_object(f"mmfusion>{name}")
            assert found is cls, name
