"""What several tests need."""

import os
import pathlib

import pytest

SHARED_DATASETS = os.environ.get("TFDS_DATA_DIR") or str(
    pathlib.Path(__file__).parents[2] / "shared/data/tensorflow_datasets"
)


def needs_dataset(*names):
    """Skips a test, with the reason, where a prepared data set is absent."""
    missing = [
        name
        for name in names
        if not (pathlib.Path(SHARED_DATASETS) / name).is_dir()
    ]
    return pytest.mark.skipif(
        bool(missing),
        reason=f"{', '.join(missing)} not prepared in {SHARED_DATASETS}",
    )
