"""Names that columns lend to inputs."""

import pytest

from mmfusion import checks
from mmfusion.data.inference.names import name_of


@pytest.mark.parametrize(
    "column", ["Mask", "_mask", "photo_mask", "2 Eyes", "id", "é", "present"]
)
def test_a_name_is_one_that_a_model_takes(column):
    name = name_of(column, {"photo"})
    checks.check_modality_name(name)
    assert name not in ("photo", "id")
