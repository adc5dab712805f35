"""Every way of training by its name in a recipe, and every key of it."""

import copy
import dataclasses

import numpy as np
import pytest

import mmfusion as mm
from mmfusion.errors import ArgumentError
from mmfusion.recipe import Recipe

PLAIN = {
    "data": {
        "source": "rows.csv",
        "target": "label",
        "split": {"validation": 0.3, "test": 0.2},
    },
    "inputs": {
        "left": {"type": "vector", "column": "left", "optional": True},
        "right": {"type": "vector", "column": "right", "optional": True},
    },
    "model": {
        "encoders": {
            name: {"units": 4, "hidden": [5]} for name in ("left", "right")
        },
        "fusion": {"name": "concat", "units": 4},
        "auxiliary": True,
    },
    "training": {"epochs": 2, "batch_size": 8, "baselines": False},
}


def _write(path, rows, seed, columns=("left", "right", "label")):
    random = np.random.default_rng(seed)
    lines = [",".join(columns)]
    for row in range(rows):
        kind = "xyz"[row % 10 // 4]
        a, b = random.normal(size=(2, 2)).round(3) + row % 10 // 4
        values = {
            "left": f"{a[0]} {a[1]}",
            "right": f"{b[0]} {b[1]}" if row % 5 else "",
            "label": kind,
            "shade": "pqr"[(row + row // 7) % 3],
        }
        lines.append(",".join(values[name] for name in columns))
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("methods")
    _write(folder / "rows.csv", 60, 0)
    _write(folder / "more.csv", 40, 1, ("left", "right"))
    _write(folder / "other.csv", 40, 2, ("left", "right", "shade"))
    Recipe(PLAIN, "plain", folder).train(folder / "plain")
    return folder


def _train(folder, out, model=None, **training):
    plain = copy.deepcopy(PLAIN)
    plain["model"] |= model or {}
    plain["training"] |= training
    return Recipe(plain, "changed", folder).train(out)


METHODS = [
    {"name": "co_training", "unlabelled": "more.csv", "rounds": 1},
    {"name": "distillation", "teacher": "plain"},
    {"name": "feature_mixup", "alpha": 0.5},
    {"name": "fine_tuning", "decay": 2.0},
    {"name": "gradient_blending"},
    {"name": "gradient_modulation"},
    {"name": "mutual", "weight": 0.5},
    {"name": "transfer", "source": "other.csv", "target": "shade"},
    {"name": "uncertainty"},
]


def test_all_methods_are_here():
    assert [m["name"] for m in METHODS] == mm.registry.names("method")


def _assert_learned_else(run, folder):
    """What was kept is a model as any other, and not what it was before."""
    plain = mm.run.load(folder / "plain").model
    assert sorted(run.model.output) == sorted(plain.output)
    pairs = zip(run.model.get_weights(), plain.get_weights(), strict=True)
    assert not all(np.array_equal(one, other) for one, other in pairs)
    answers = run.predict([{"left": "1 2", "right": "0 1"}])
    assert answers[0]["status"] == "ok"


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m["name"])
def test_a_method_learns_what_it_keeps(method, folder, tmp_path):
    run = _train(folder, tmp_path / "run", method=method)
    assert run.recipe["training"]["method"]["name"] == method["name"]
    _assert_learned_else(run, folder)


@pytest.mark.parametrize(
    "settings",
    [
        {"loss": {"name": "focal", "gamma": 1.0}},
        {"loss": {"name": "logit_adjusted", "tau": 2.0}},
        {"class_weights": "effective"},
        {"balanced": "label"},
    ],
    ids=lambda settings: "-".join(settings),
)
def test_a_setting_becomes_a_rule(settings, folder):
    """What each rule does is a test of `training.fit`."""
    plain = copy.deepcopy(PLAIN)
    plain["training"] |= settings
    rules = Recipe(plain, "changed", folder).rules
    plainly = Recipe(PLAIN, "plain", folder).rules
    assert dataclasses.replace(plainly, **settings) == rules != plainly


def test_settings_change_what_is_learned(folder, tmp_path):
    settings = {
        "loss_weights": {"label": 1, "label_left": 0, "label_right": 2},
        "class_weights": "effective",
    }
    _assert_learned_else(_train(folder, tmp_path / "run", **settings), folder)


def test_two_inputs_share_an_encoder(folder, tmp_path):
    shared = {"left": {"units": 4}, "right": {"shared_with": "left"}}
    run = _train(folder, tmp_path / "run", {"encoders": shared})
    parts = run.model.modalities
    assert parts["left"]["encoder"] == parts["right"]["encoder"]
    again = Recipe(run.recipe, "again", folder)
    assert again.resolved["model"]["encoders"]["right"] == shared["right"]


def test_modality_dropout_is_in_the_model(folder, tmp_path):
    model = {"modality_dropout": 0.5}
    run = _train(folder, tmp_path / "run", model)
    assert run.model.get_layer("modality_dropout").rate == 0.5


def test_a_model_of_some_modalities_learns_from_one_of_all(folder, tmp_path):
    model = {
        "modalities": ["left"],
        "encoders": {"left": {"units": 4, "hidden": [5]}},
        "auxiliary": False,
    }
    method = {"name": "distillation", "teacher": "plain", "weight": 1.0}
    runs = [
        _train(folder, tmp_path / str(i), model, method=chosen)
        for i, chosen in enumerate([method, None])
    ]
    for run in runs:
        assert sorted(run.inputs) == ["left"]
        assert sorted(run.schema.inputs) == ["left"]
        assert sorted(run.model.modalities) == ["left"]
        assert run.predict([{"left": "1 2"}])[0]["status"] == "ok"
        assert len(mm.recipe.held_rows(run)) == 12
    weights = [run.model.get_weights() for run in runs]
    assert not all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_a_teacher_of_other_rows_is_refused(folder, tmp_path):
    plain = copy.deepcopy(PLAIN)
    plain["data"]["seed"] = 7
    method = {"name": "distillation", "teacher": "plain"}
    plain["training"]["method"] = method
    with pytest.raises(ArgumentError, match="trained on other data: splits"):
        Recipe(plain, "other", folder).train(tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_source_in_a_table_needs_its_target(folder, tmp_path):
    method = {"name": "transfer", "source": "other.csv"}
    with pytest.raises(ArgumentError, match="needs `target`, the column"):
        _train(folder, tmp_path / "run", method=method)


@pytest.mark.parametrize(
    ("section", "settings", "reason"),
    [
        ("training", {"method": "mutul"}, "'mutul'.*'mutual'"),
        ("training", {"method": {"name": "mutual", "wait": 1}}, "wait.*weight"),
        ("training", {"method": {"weight": 1}}, "name"),
        ("training", {"method": "co_training"}, "co_training.*'unlabelled'"),
        ("model", {"modalities": ["lft"]}, "'left'.*'lft'"),
        ("model", {"modalities": "left"}, "list"),
        ("model", {"modality_dropout": 1.5}, "modality_dropout.*1.5"),
    ],
)
def test_mistakes_are_told_before_any_work(section, settings, reason, folder):
    plain = copy.deepcopy(PLAIN)
    plain[section] |= settings
    with pytest.raises(ArgumentError, match=reason):
        Recipe(plain, "wrong", folder)
