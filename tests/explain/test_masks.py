"""Modalities with steps: a mask goes wherever its value goes, and with it."""

import keras
import numpy as np
import pytest

from mmfusion import data, fusion, models, report, training
from mmfusion.explain import worth
from mmfusion.explain.missing import SHARES

# Its tests share a fixture, so one process runs them.
pytestmark = pytest.mark.xdist_group("explained_masks")

STEPS, ROWS, SEED = 3, 96, 5
RULES = training.Rules(
    epochs=15,
    batch_size=16,
    optimizer={"name": "adam", "learning_rate": 0.02},
    patience=None,
    xla="off",
)
KINDS = {
    "vectors": (data.Vector(dim=2, steps=STEPS, optional=True), (2,)),
    "pictures": (
        data.Several(data.Image(size=(4, 4)), most=STEPS, optional=True),
        (4, 4, 3),
    ),
    "clip": (data.Video(size=(4, 4), frames=STEPS, optional=True), (4, 4, 3)),
}
# A normalisation would take the brightness away.
PICTURE = {
    "name": "image_cnn",
    "hidden": [4],
    "units": 4,
    "normalization": None,
}
ENCODERS = {
    "vectors": {"units": 4, "hidden": [4]},
    "pictures": {"units": 4, "pool": "mean", "encoder": PICTURE},
    "clip": {"units": 4, "encoder": PICTURE},
}


@pytest.fixture(scope="module", params=KINDS)
def found(request):
    """Bright rows are one class; some have fewer steps, some have none."""
    modality, shape = KINDS[request.param]
    random = np.random.default_rng(0)
    bright = random.permutation(np.arange(ROWS) % 2)
    lengths = random.integers(0, STEPS + 1, ROWS)
    level = np.where(bright, 170, 90)
    walks = [
        random.integers(-60, 60, (n, *shape)) + level[row] if n else None
        for row, n in enumerate(lengths)
    ]
    dtype = "float32" if request.param == "vectors" else "uint8"
    scale = 1 / 50 if request.param == "vectors" else 1
    given = data.from_arrays(
        {
            "walk": [
                x if x is None else (x * scale).astype(dtype) for x in walks
            ],
            "facts": random.normal(size=(ROWS, 2)).astype("float32"),
        },
        {"label": bright},
        modalities={
            "walk": modality,
            "facts": data.Vector(dim=2, optional=True),
        },
        splits={"validation": 0.25, "test": 0.25},
    )
    keras.utils.set_random_seed(0)
    model = models.from_schema(
        given.schema,
        fusion.GatedFusion(4),
        encoders={
            "walk": ENCODERS[request.param],
            "facts": {"units": 4, "hidden": []},
        },
    )
    training.fit(model, given, RULES)
    return model, given, worth(model, given, RULES, seed=SEED, resamples=50)


def _hits(model, x, targets):
    answers = model.predict(x, verbose=0)["label"].argmax(axis=1)
    return answers == targets["label"]


def _only(x, name):
    return {key: part for key, part in x.items() if key.split("_")[0] == name}


def test_scores_are_of_values_with_their_masks(found):
    model, given, result = found
    x, targets = given.test.arrays()
    scores = result.metrics["outputs"]["label"]
    assert scores["fused"]["value"] == _hits(model, x, targets).mean()
    for name, single in result.models.items():
        own = _only(x, name)
        assert sorted(own) == sorted(single.input)
        alone, masked = scores["alone"][name], scores["masked"][name]
        assert alone["value"] == _hits(single, own, targets).mean()
        assert masked["value"] == _hits(model, own, targets).mean()
    # Were steps that are none counted, some rows would get other answers.
    every = _only(x, "walk")
    every["walk_mask"] = np.ones_like(every["walk_mask"])
    for part, one in (("alone", result.models["walk"]), ("masked", model)):
        hits = _hits(one, every, targets)
        assert scores[part]["walk"]["value"] != hits.mean()


def test_a_single_one_was_trained_on_its_mask(found):
    model, given, result = found
    keras.utils.set_random_seed(RULES.seed)
    single = models.alone(model, "walk")
    training.fit(single, given.only(["walk"]), RULES)
    x = _only(given.test.arrays()[0], "walk")
    again = single.predict(x, verbose=0)["label"]
    once = result.models["walk"].predict(x, verbose=0)["label"]
    np.testing.assert_allclose(once, again, atol=1e-6)


def test_what_is_taken_away_goes_with_its_mask(found):
    model, given, result = found
    x, targets = given.test.arrays()
    curves = result.metrics["outputs"]["label"]["missing"]
    rows = len(given.test)
    ranks, random = {}, np.random.default_rng(SEED)
    for name in ("facts", "walk"):
        ranks[name] = np.argsort(random.permutation(rows)) / rows

    def without(names, share):
        less = dict(x)
        for name in names:
            gone = ranks[name] < share
            for key in _only(x, name):
                less[key] = np.where(
                    gone.reshape(-1, *[1] * (x[key].ndim - 1)),
                    np.zeros_like(x[key]),
                    x[key],
                )
        return _hits(model, less, targets).mean()

    for at, share in enumerate(SHARES):
        for name in ("facts", "walk"):
            point = curves["each"][name][at]
            assert point["value"] == without([name], share), (name, share)
        assert curves["any"][at]["value"] == without(ranks, share), share


def test_a_report_is_made_of_them(found, tmp_path):
    model, given, result = found
    path = report.write(tmp_path, model, given.test, worth=result)
    assert "walk alone" in path.read_text(encoding="utf-8")
