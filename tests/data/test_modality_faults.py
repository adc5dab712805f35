"""What every modality says of values that are missing, broken or damaged."""

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data import BadValue
from tests.data.cases import MODALITIES
from tests.data.every import every_decoding, raw_tensor


@every_decoding
def test_a_missing_value_is_known_on_the_host_and_in_the_graph(case):
    modality = case.ready()
    assert modality.check(raw_tensor(modality, case.blank)) == "missing"
    assert modality.is_missing(None)
    if not isinstance(case.blank, np.ndarray):
        assert modality.is_missing(case.blank)
        with pytest.raises(BadValue) as caught:
            modality.read(case.blank)
        assert caught.value.reason == "missing"
    for value in case.raw:
        assert not modality.is_missing(value)


@every_decoding
def test_broken_values_get_their_reason_in_the_graph(case):
    modality = case.ready()
    for value, reason in case.broken.items():
        assert modality.check(raw_tensor(modality, value)) == reason


@every_decoding
def test_broken_values_raise_bad_value_only(case):
    modality = case.ready()
    for value, reason in case.broken.items():
        if isinstance(value, bytes) and value[:2] == b"BM":
            continue  # Pillow reads what the graph does not.
        value = list(value) if isinstance(value, tuple) else value
        with pytest.raises(BadValue) as caught:
            modality.read(value)
        assert caught.value.faults
        elsewhere = reason.endswith("unsupported format")
        assert elsewhere or reason == caught.value.reason


@pytest.mark.parametrize(
    "case",
    [case for case in MODALITIES if isinstance(case.raw[0], bytes)],
    ids=lambda case: case.name,
)
def test_no_damage_makes_check_fail_or_read_raise_anything_else(case):
    modality = case.ready()
    check = tf.function(modality.check, input_signature=[modality.raw_spec])
    random = np.random.default_rng(0)
    for value in case.raw:
        for _ in range(40):
            damaged = np.frombuffer(value, "uint8").copy()
            places = random.integers(0, min(len(damaged), 80), 3)
            damaged[places] = random.integers(0, 256, 3)
            damaged = damaged[: random.integers(1, len(damaged) + 1)].tobytes()
            status = check(tf.constant(damaged)).numpy().decode()
            try:
                array = modality.read(damaged)
            except BadValue:
                continue
            assert status in ("", "unsupported format"), status
            assert array.size and array.dtype == modality.read(value).dtype
