import numpy as np

from mmfusion.explain import (
    Comparison,
    Interval,
    bootstrap_interval,
    compare,
)
from mmfusion.explain.verdict import best_single, sentence, verdict
from mmfusion.explain.wording import points


def _comparison(gain, adjusted):
    return Comparison(Interval(gain, gain - 0.02, gain + 0.02), 0.0, adjusted)


def test_yes_needs_every_single_modality():
    clear, unclear = _comparison(0.1, 0.01), _comparison(0.2, 0.06)
    assert verdict({"a": clear, "b": clear}) == "yes"
    assert verdict({"a": clear, "b": unclear}) == "not shown"


def test_no_needs_one_that_is_shown_to_be_better():
    better, unclear = _comparison(-0.1, 0.01), _comparison(-0.1, 0.2)
    clear = _comparison(0.1, 0.01)
    assert verdict({"a": clear, "b": better}) == "no"
    assert verdict({"a": clear, "b": unclear}) == "not shown"


def test_p_equal_to_the_risk_counts():
    assert verdict({"a": _comparison(0.1, 0.05)}) == "yes"


def test_the_best_single_is_the_one_with_the_smallest_gain():
    parts = {"a": _comparison(0.2, 0.01), "b": _comparison(0.1, 0.01)}
    assert best_single(parts) == "b"


def test_sentences_say_what_is_and_is_not_shown():
    parts = {"a": _comparison(0.01, 0.3), "b": _comparison(0.1, 0.01)}
    text = sentence(0.8, parts)
    assert text.startswith("It is not shown that fusion is worth it")
    assert "1.0 points more than a alone" in text
    assert "−1.0 to 3.0 points" in text
    assert text.endswith("The difference to a can be chance.")
    text = sentence(0.7, {"a": _comparison(-0.05, 0.001)})
    assert text.startswith("No, fusion is not worth it")
    assert "5.0 points fewer than a alone" in text


def test_points_have_no_negative_zero():
    assert points(-0.0001) == "0.0"


def test_the_comparison_is_paired_and_corrected():
    rng = np.random.default_rng(0)
    fused = rng.random(600) < 0.8
    # The same rows right but for 30: two intervals side by side would overlap.
    weaker = fused & ~(np.arange(600) % 20 == 0)
    parts = compare({"label": fused}, {"label": {"a": weaker, "b": fused}})
    parts = parts["label"]
    assert parts["a"].gain.low > 0
    assert parts["a"].gain.high - parts["a"].gain.low < 0.04
    assert parts["a"].adjusted == 2 * parts["a"].p
    assert parts["b"].p == 1.0 and parts["b"].gain.value == 0.0


def test_clusters_weaken_a_claim():
    fused = np.repeat([True, True, True, True], 50)
    alone = np.repeat([False, False, False, False], 50)
    rows = compare({"y": fused}, {"y": {"a": alone}})["y"]["a"]
    groups = np.repeat(np.arange(4), 50)
    units = compare({"y": fused}, {"y": {"a": alone}}, groups)["y"]["a"]
    assert rows.p < 0.01
    assert units.p == 0.125  # Four units that agree prove nothing.
    alone[:60] = True
    part = compare({"y": fused}, {"y": {"a": alone}}, groups)["y"]["a"]
    assert part.gain == bootstrap_interval(~alone, groups)
    assert part.gain != bootstrap_interval(~alone)
