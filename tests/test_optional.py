"""A missing extra is told with the command that installs it."""

import sys

import pytest

from mmfusion import optional
from mmfusion.errors import MissingExtraError


def test_a_missing_package_names_its_extra():
    with pytest.raises(
        MissingExtraError, match=r"pip install 'mmfusion\[video\]'"
    ):
        optional.require("not_a_package_at_all", extra="video")


def test_a_package_that_is_there_but_broken_is_not_called_missing(
    tmp_path, monkeypatch
):
    (tmp_path / "half_installed.py").write_text("import not_a_package_at_all")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(ModuleNotFoundError) as caught:
        optional.require("half_installed", extra="video")
    assert not isinstance(caught.value, MissingExtraError)
