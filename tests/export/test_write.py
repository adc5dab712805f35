import keras
import numpy as np
import pytest

from mmfusion import encoders, export, fusion, models, tasks
from mmfusion.export import conversion


@pytest.fixture
def traces(monkeypatch):
    """What is appended to whenever a model is traced or called."""
    found = []
    call = models.FusionModel.call

    def counted(self, *args, **kwargs):
        found.append(self)
        return call(self, *args, **kwargs)

    monkeypatch.setattr(models.FusionModel, "call", counted)
    return found


@pytest.fixture
def small():
    keras.utils.set_random_seed(0)
    return models.fusion_model(
        {name: encoders.vector_mlp(3, units=4) for name in ("a", "b")},
        fusion.ConcatFusion(4),
        tasks.Classification(2),
        optional=("b",),
    )


def test_a_conversion_traces_a_model_once_for_each_signature(small, traces):
    del traces[:]
    conversion.convert(small)
    assert len(traces) == len(conversion.signatures(small)) == 2


def test_a_saved_model_is_of_one_trace(small, traces, tmp_path):
    x = {name: np.ones((2, 3), "float32") for name in ("a", "b")}
    small.predict(x | {"b_present": np.ones(2, bool)}, verbose=0)
    del traces[:]
    export.saved_model(small, tmp_path / "model", samples=x)
    assert len(traces) == 1
