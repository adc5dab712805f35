"""Every option of every way to train changes what is learned."""

import dataclasses
import functools

import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion import checks, registry
from mmfusion.errors import ArgumentError
from mmfusion.training import Rules, fit
from mmfusion.training.plan import _GIVEN

ROWS = 48


def _data(task="label", seed=0, classes=3, validation=False):
    random = np.random.default_rng(seed)
    share = 1 / np.arange(1, classes + 1)  # Uneven, for what looks at that.
    y = random.choice(classes, ROWS, p=share / share.sum())
    x = {
        name: (random.normal(size=(ROWS, 3)) + y[:, None]).astype("float32")
        for name in "ab"
    }
    return mm.data.from_arrays(
        x,
        {task: y.tolist()},
        splits={
            "train": np.arange(ROWS // 2),
            "validation" if validation else "test": np.arange(ROWS // 2, ROWS),
        },
    )


# What is learned in the last epoch is looked at, so nothing chooses one.
DATA, OTHER = _data(), _data("shade", 1, 4, validation=True)


def _model(seed=0, **options):
    keras.utils.set_random_seed(seed)
    return mm.models.from_schema(
        DATA.schema,
        mm.fusion.ConcatFusion(4),
        encoders={name: {"units": 4, "hidden": [5]} for name in "ab"},
        auxiliary=True,
        **options,
    )


TEACHERS = {seed: _model(seed) for seed in (1, 2)}
# What each option is, and what it is changed to.
OPTIONS = {
    "co_training": {
        "unlabelled": (OTHER.train, OTHER.validation),
        "rounds": (1, 2),
        "growth": (0.2, 0.4),
        "pool": (None, 4),
    },
    "distillation": {
        "teacher": (TEACHERS[1], TEACHERS[2]),
        "weight": (0.5, 0.9),
        "temperature": (2.0, 5.0),
    },
    "feature_mixup": {"alpha": (0.2, 2.0)},
    "fine_tuning": {"decay": (2.6, 1.5), "every": (0, 2), "parts": (4, 1)},
    "gradient_blending": {},
    "gradient_modulation": {"alpha": (0.5, 0.1)},
    "mutual": {"weight": (1.0, 0.1)},
    "transfer": {
        "source": (OTHER.train, OTHER.validation),
        "weight": (1.0, 0.1),
        "share": (0.5, 0.25),
    },
    "uncertainty": {},
}
# `noise` acts on convolutions only, which `test_gradient_modulation` looks at;
# `target` says which column of a table is read, which recipes are tested with.
ELSEWHERE = {"gradient_modulation": {"noise"}, "transfer": {"target"}}


def test_every_option_is_here():
    assert sorted(OPTIONS) == registry.names("method")
    for name, options in OPTIONS.items():
        known = set(checks.parameters(registry.get("method", name)))
        elsewhere = ELSEWHERE.get(name, set())
        assert known - set(_GIVEN) == set(options) | elsewhere


@functools.cache
def _plainly(name):
    """What is learned with the options as they are; nothing where no method."""
    method = _method(name) if name else None
    found = _learned(method)
    np.testing.assert_array_equal(_learned(method), found)  # By their seed.
    return found


def _method(name):
    settings = {key: values[0] for key, values in OPTIONS[name].items()}
    settings = {k: v for k, v in settings.items() if v is not None}
    return {"name": name, **settings}


def _learned(method, weights=None, **rules):
    model = _model()
    rules = Rules(epochs=3, batch_size=8, **rules)
    fit(model, DATA, rules, weights=weights, method=method)
    return np.concatenate([w.ravel() for w in model.get_weights()])


def _case(*names):
    """In the process that has what is learned plainly by that method."""
    group = pytest.mark.xdist_group(f"options-{names[0]}")
    return pytest.param(*names, id="-".join(names), marks=group)


@pytest.mark.parametrize(
    ("name", "option"),
    [_case(name, option) for name in OPTIONS for option in OPTIONS[name]],
)
def test_it_changes_what_is_learned(name, option):
    changed = {**_method(name), option: OPTIONS[name][option][1]}
    assert np.abs(_plainly(name) - _learned(changed)).max() > 1e-5


WEIGHTS = {"label": 1.0, "label_a": 0.0, "label_b": 3.0}
FINDS_WEIGHTS = {"gradient_blending", "uncertainty"}


@pytest.mark.parametrize(
    "name", [_case(name) for name in OPTIONS if name not in FINDS_WEIGHTS]
)
def test_weights_of_losses_change_what_is_learned(name):
    found = _learned(_method(name), WEIGHTS)
    assert np.abs(_plainly(name) - found).max() > 1e-5


@pytest.mark.parametrize("name", sorted(FINDS_WEIGHTS))
def test_who_finds_the_weights_itself_refuses_others(name):
    with pytest.raises(ArgumentError, match=f"{name}.*finds the weights"):
        _learned(_method(name), WEIGHTS)


@pytest.mark.parametrize(
    "rules",
    [
        {"loss": {"name": "focal", "gamma": 5.0}},
        {"loss": {"name": "logit_adjusted", "tau": 3.0}},
        {"class_weights": "balanced"},
        {"balanced": "label"},
        {"schedule": "cosine"},
        {"optimizer": {"name": "sgd"}},
    ],
    ids=lambda rules: "-".join(rules),
)
def test_a_rule_changes_what_is_learned(rules):
    fields = {field.name for field in dataclasses.fields(Rules)}
    assert set(rules) <= fields
    assert np.abs(_plainly(None) - _learned(None, **rules)).max() > 1e-5
