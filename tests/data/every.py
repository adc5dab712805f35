"""Tests that run for every modality, or for each that a graph reads."""

import pytest
import tensorflow as tf

from tests.data.cases import MODALITIES

every_modality = pytest.mark.parametrize(
    "case", MODALITIES, ids=lambda case: case.name
)
every_decoding = pytest.mark.parametrize(
    "case",
    [case for case in MODALITIES if case.decodes],
    ids=lambda case: case.name,
)


def raw_tensor(modality, value):
    """A raw value as a graph takes it."""
    return tf.constant(value, modality.raw_spec.dtype)
