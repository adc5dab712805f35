"""The chart of missing values, and names at the ends of lines."""

import itertools
import re

from mmfusion.report.lines import lines
from mmfusion.report.missing import missing

POINTS = [
    {"share": share, "value": 0.9 - share / 2, "low": 0.1, "high": 0.95}
    for share in (0.0, 0.5, 1.0)
]


def _metrics(**curves):
    return {"outputs": {"label": {"missing": curves}}}


def test_each_modality_has_a_line_with_its_name():
    drawing = missing(_metrics(each={"a": POINTS, "b": POINTS}, any=POINTS))
    assert drawing.count("<path") == 3
    for name in ("no a", "no b", "each of them"):
        assert f">{name}</text>" in drawing
    assert "left with nothing" in drawing
    assert "left with nothing" not in missing(_metrics(each={"a": POINTS}))


def test_without_optional_modalities_there_is_no_section():
    assert missing({"outputs": {"label": {}}}) is None


def test_names_of_lines_that_end_together_do_not_overlap():
    same = {name: ("k", [(0, 1.0), (1, 0.5)]) for name in "abcd"}
    other = {"far": ("k", [(0, 1.0), (1, 0.0)])}
    axis = [(0, "0"), (1, "1")]
    drawing = lines(same | other, 300, 200, 60, axis, axis, "x")
    ends = re.findall(r'<text x="\d+" y="([\d.]+)" class="k">(\w+)<', drawing)
    places = [float(y) for y, _ in ends]
    gaps = [b - a for a, b in itertools.pairwise(sorted(places))]
    assert len(ends) == 5 and min(gaps) >= 14.9
