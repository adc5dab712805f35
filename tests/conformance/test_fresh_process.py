"""Every saved thing loads in a fresh process and gives the same numbers."""

import json
import subprocess
import sys

import keras
import numpy as np
import pytest

from tests.conformance.cases import EVERY

# One process of the test runner has them all: saving them takes a while.
pytestmark = pytest.mark.xdist_group("fresh")
# Started once for all cases: a start costs seconds.
_READER = """
import json, pathlib, sys
import numpy as np
import mmfusion as mm

folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.glob("*.keras")):
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as file:
        inputs = dict(file)
    if list(inputs) == ["only"]:
        inputs = inputs["only"]
    model = mm.load_model(path)
    answer = model(inputs)
    answer = answer["sequence"] if isinstance(answer, dict) else answer
    np.save(path.with_suffix(".npy"), np.asarray(answer))
"""


@pytest.fixture(scope="module")
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    chosen = [
        item.callspec.params["case"]
        for item in request.session.items
        if item.path == request.path and hasattr(item, "callspec")
    ]
    for case in chosen:
        model, inputs = case.model(), case.inputs()
        answer = model(inputs)
        answer = answer["sequence"] if isinstance(answer, dict) else answer
        expected = np.asarray(answer)
        model.save(folder / f"{case}.keras")
        arrays = inputs if isinstance(inputs, dict) else {"only": inputs}
        np.savez(folder / f"{case}.npz", **arrays)
        (folder / f"{case}.json").write_text(json.dumps(expected.tolist()))
    subprocess.run(
        [sys.executable, "-c", _READER, str(folder)], check=True, timeout=600
    )
    return folder


@pytest.mark.variant  # What is written is the same on every backend.
@pytest.mark.parametrize("case", EVERY, ids=str)
def test_saved_and_loaded_in_a_fresh_process(case, folder):
    expected = np.array(json.loads((folder / f"{case}.json").read_text()))
    loaded = np.load(folder / f"{case}.npy", allow_pickle=False)
    np.testing.assert_allclose(loaded, expected, atol=1e-6)


def test_the_backend_is_the_one_asked_for():
    assert keras.backend.backend() in {"tensorflow", "jax"}
