"""What a docstring says a fusion or a decision costs, it costs."""

import re

import keras
import pytest

import mmfusion as mm
from tests.conformance.cases import DECISIONS, FUSIONS
from tests.fusion import cost

pytestmark = pytest.mark.variant  # A number of parameters knows no backend.
every = pytest.mark.parametrize(
    ("kind", "name"),
    sorted({(case.kind, case.name) for case in FUSIONS + DECISIONS}),
)
on_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="TensorFlow counts FLOPs."
)


def _documented(kind, name):
    """Parameters, FLOPs, and both against `ConcatFusion` where they are."""
    text = " ".join(mm.registry.get(kind, name).__doc__.split())
    found = re.search(
        r"At [^:]*: (\d+) parameters and ([\d,]+) (k?)FLOPs a row"
        r"(?:, ([\d.]+) and ([\d.]+) times)?",
        text,
    )
    parameters, flops, kilo, more, slower = found.groups()
    flops = int(flops.replace(",", "")) * (1000 if kilo else 1)
    return int(parameters), flops, more, slower


@every
def test_parameters_are_those_of_the_docstring(kind, name):
    layer, _ = cost.built(kind, name)
    concat, _ = cost.built("fusion", "concat")
    parameters, _, more, _ = _documented(kind, name)
    assert cost.parameters(layer) == parameters
    if more:
        ratio = parameters / cost.parameters(concat)
        assert float(more) == pytest.approx(ratio, abs=0.051)


@on_tensorflow
@every
def test_flops_are_those_of_the_docstring(kind, name):
    flops = cost.flops(*cost.built(kind, name))
    _, documented, _, slower = _documented(kind, name)
    assert documented == pytest.approx(flops, rel=0.03)
    if slower:
        ratio = flops / cost.flops(*cost.built("fusion", "concat"))
        assert float(slower) == pytest.approx(ratio, abs=0.051)


# The formulas, with D the sum of dims and M the number of modalities.
FORMULAS = {
    "bilinear_attention": lambda u, d, m: u * (d + m),
    "co_attention": lambda u, d, m: (
        u * (d + m)
        + m * (m - 1) // 2 * u**2
        + 2 * m * u**2
        + m * u
        + u * (u + 1)
    ),
    "concat": lambda u, d, m: u * (d + 1),
    "factorized_bilinear": lambda u, d, m: 5 * u * (d + m),
    "film": lambda u, d, m: u * (d + m) + 2 * u * (m - 1) * d,
    "gated": lambda u, d, m: (u + m) * d + m * (u + 1),
    "hypernetwork": lambda u, d, m: m * (u * (d + 1) + 8 * (u + d)),
    "low_rank": lambda u, d, m: 4 * u * (d + m) + u,
    "weighted": lambda u, d, m: u * (d + m) + m,
}


@pytest.mark.parametrize("name", sorted(FORMULAS))
@pytest.mark.parametrize("dims", [{"a": 5, "b": 7}, {"a": 5, "b": 7, "c": 3}])
def test_formulas_hold_for_other_sizes(name, dims):
    layer = mm.registry.get("fusion", name)(12)
    rank = (None,) if layer.embedding_rank == 2 else (None, 4)
    layer.build({n: (*rank, dim) for n, dim in dims.items()})
    expected = FORMULAS[name](12, sum(dims.values()), len(dims))
    assert cost.parameters(layer) == expected
