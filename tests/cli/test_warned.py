"""Warnings of the package are lines of the command line."""

import warnings

import numpy as np
import PIL.Image
import pytest

import mmfusion
from mmfusion.cli.warned import tell, warnings_in_one_line
from mmfusion.data import read


def test_a_warning_of_the_package_is_one_line(tmp_path, capsys):
    lines = ["x,y,split"]
    lines += [f"a{n}.png,{n % 2},{'train' if n < 8 else 'test'}"
              for n in range(10)]  # fmt: skip
    for n in range(10):
        gray = np.full((4, 4), 20 * (n % 9), "uint8")
        PIL.Image.fromarray(gray).save(tmp_path / f"a{n}.png")
    table = tmp_path / "t.csv"
    table.write_text("\n".join(lines))
    inputs = {"photo": mmfusion.data.Image("x", size=(4, 4))}
    with pytest.warns(UserWarning, match="of someone else") as others:
        with warnings_in_one_line():
            read(table, inputs, "y", split={"column": "split"})
            warnings.warn("of someone else", stacklevel=1)
    assert len(others) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("mmfusion: warning: The test is easier than")
    assert "a9.png" in told and "a0.png" in told


def test_of_recorded_warnings_those_of_the_package_are_told(capsys):
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        warnings.warn("of someone else", stacklevel=1)
        place = (UserWarning, mmfusion.__file__, 1)
        warnings.warn_explicit("of a format", *place)
    assert len(recorded) == 2
    tell(recorded)
    assert capsys.readouterr().err == "mmfusion: warning: of a format\n"
