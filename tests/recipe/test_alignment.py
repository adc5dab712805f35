"""`model: alignment` in a recipe."""

import pytest

from mmfusion import registry
from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe, resolve
from mmfusion.schema import InputSchema, Schema, TargetSchema

DATA = {"dataset": {"name": "shapes"}}


def _recipe(alignment, **more):
    model = {"alignment": alignment, **more}
    return Recipe({"data": DATA, "model": model})


def test_one_or_a_list_reaches_the_model_in_order():
    vector = InputSchema((3,), "float32", True, "vector_mlp", {"dim": 3})
    label = TargetSchema("classification", {"classes": ["cat", "dog"]})
    schema = Schema({"a": vector, "b": vector}, {"label": label})
    one = _recipe({"name": "shared_projection", "units": 4})
    assert Recipe(one.resolved).resolved == one.resolved
    model = one.build(schema)
    assert model.get_layer(model.alignment[0]).units == 4
    settings = [
        {"name": "projection", "units": 4, "normalize": True},
        {"name": "contrastive", "weight": 0.5},
    ]
    decision = {"name": "average"}
    model = _recipe(settings, decision=decision).build(schema)
    projection, contrastive = map(model.get_layer, model.alignment)
    assert projection.normalize and contrastive.weight == 0.5


def test_wrong_names_and_settings_tell_the_nearest():
    with pytest.raises(ArgumentError, match="alignment 'resample'.*'resampler"):
        _recipe({"name": "resample"})
    with pytest.raises(ArgumentError, match="'weigth'.*'weight'"):
        _recipe([{"name": "deep_cca", "weigth": 1.0}])
    with pytest.raises(ArgumentError, match="`alignment` needs.*'name'"):
        _recipe([{"units": 3}])
    with pytest.raises(ArgumentError, match="key in model 'alignmnt'"):
        Recipe({"data": DATA, "model": {"alignmnt": []}})
    with pytest.raises(ArgumentError, match="`alignment` expects keys"):
        _recipe("projection")


def test_every_alignment_can_be_written_in_a_recipe():
    needed = {"projection": {"units": 3}, "shared_projection": {"units": 3}}
    needed["resampler"] = {"num_latents": 2}
    for name in registry.names("alignment"):
        settings = {"name": name, **needed.get(name, {})}
        assert resolve.create("alignment", settings).get_config()
