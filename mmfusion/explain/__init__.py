"""Is fusion worth it? Scores with intervals, and what they allow to say."""

from mmfusion.explain.evaluate import evaluate
from mmfusion.explain.holm import bootstrap_p_value, holm
from mmfusion.explain.interval import (
    Interval,
    bootstrap_interval,
    bootstrap_means,
    count_units,
)
from mmfusion.explain.metrics import check_metrics
from mmfusion.explain.notes import named_scores, notes
from mmfusion.explain.predictions import predict_split, scored_outputs
from mmfusion.explain.verdict import Comparison, compare
from mmfusion.explain.wording import Wording, percent, points
from mmfusion.explain.worth import Worth, worth

__all__ = [
    "Comparison",
    "Interval",
    "Wording",
    "Worth",
    "bootstrap_interval",
    "bootstrap_means",
    "bootstrap_p_value",
    "check_metrics",
    "compare",
    "count_units",
    "evaluate",
    "holm",
    "named_scores",
    "notes",
    "percent",
    "points",
    "predict_split",
    "scored_outputs",
    "worth",
]
