"""Is fusion worth it? Each modality trained alone, by the same rules."""

import dataclasses
import textwrap

import keras

from mmfusion import checks, models, training
from mmfusion.data.narrow import NarrowData
from mmfusion.errors import ArgumentError
from mmfusion.explain.evaluate import evaluate_with
from mmfusion.explain.interval import bootstrap_interval
from mmfusion.explain.metrics import check_metrics
from mmfusion.explain.notes import named_scores, notes
from mmfusion.explain.predictions import (
    goodness,
    predict_split,
    row_scores,
    scored_outputs,
)
from mmfusion.explain.verdict import best_single, compare, sentence, verdict
from mmfusion.explain.wording import Wording


@dataclasses.dataclass(frozen=True)
class Worth:
    """What `worth` found; `str` gives a table to read.

    Attributes:
        metrics: dict, the content of `metrics.json`, with `alone`.
        comparisons: dict of output to dict of modality to `Comparison`.
        models: dict of modality to the `FusionModel` trained alone.
        histories: dict of modality to its history, a dict of lists.
        rules: `training.Rules`, the same for all of them.
        predictions: dict of output to the fused model's answers.
        resamples: int. Bootstrap samples.
        seed: int. Of the bootstrap.
        wordings: dict of output to the `Wording` of its score.
    """

    metrics: dict
    comparisons: dict
    models: dict = dataclasses.field(repr=False)
    histories: dict = dataclasses.field(repr=False)
    rules: object
    predictions: dict = dataclasses.field(repr=False)
    resamples: int
    seed: int
    wordings: dict = dataclasses.field(repr=False)

    @property
    def level(self) -> float:
        """Of the intervals."""
        return self.metrics["interval"]["level"]

    @property
    def verdicts(self) -> dict:
        """`"yes"`, `"not shown"` or `"no"`, by output."""
        return {
            output: verdict(parts, self.level)
            for output, parts in self.comparisons.items()
        }

    @property
    def sentences(self) -> dict:
        """The verdict as one plain sentence, by output."""
        return {
            output: sentence(
                self.metrics["outputs"][output]["fused"]["value"],
                parts,
                self.level,
                self.wordings[output],
            )
            for output, parts in self.comparisons.items()
        }

    @property
    def gains(self) -> dict:
        """By output, how much better fused is than the best single modality.

        `Interval` in the unit of the score, positive where fused is better.
        """
        return {
            output: parts[best_single(parts)].gain
            for output, parts in self.comparisons.items()
        }

    def __str__(self):
        lines = []
        for output, scores in self.metrics["outputs"].items():
            wording = self.wordings[output]
            head = f"{output}: {wording.label} on {self.metrics['split']}"
            lines.append(
                f"{head:<33}  value    {self.level * 100:g} % interval"
            )
            for name, score in named_scores(scores):
                lines.append(_line(name, wording.score, score))
            head = "fused - {} alone"
            if not wording.higher_is_better:
                head = "{} alone - fused"
            for name, part in self.comparisons[output].items():
                gain = part.gain.to_dict()
                tail = f"  p (Holm) {part.adjusted:.3g}"
                lines.append(
                    _line(head.format(name), wording.gain, gain) + tail
                )
            lines += ["", textwrap.fill(self.sentences[output], 79), ""]
        lines += [textwrap.fill(note, 79) for note in notes(self.metrics)]
        return "\n".join(lines)


def worth(
    model,
    data,
    rules=None,
    split="test",
    outcome=None,
    level=0.95,
    resamples=2000,
    seed=0,
) -> Worth:
    """Trains each modality alone and compares it with the fused model.

    A single model (`models.alone`) is a fresh clone of the encoder with the
    connection layer and the head, trained from the start by the rules of the
    fused one: the same epoch cap, batch, optimizer and early stopping on
    validation. All are scored on the same rows of one split.

    No choice is made in favour of fusion: the best single modality is the one
    that fused gains least on, and the verdict is "yes" only where fused is
    better than each of them, with p-values corrected by Holm's method over all
    comparisons.

    It costs a training for each modality.

    Args:
        model: `FusionModel`, fitted, of at least two modalities.
        data: `Data` with `train`, `validation` and the split to score.
        rules: `training.Rules` of the fused model. Defaults to those it was
            compiled and fitted with, as far as the model remembers them.
        split: str. `"test"` or `"validation"`.
        outcome: `training.Outcome` of the fused model, if it was trained by
            `training.fit`: its time and XLA setting then enter the metrics.
        level: float. Of the intervals.
        resamples: int. Bootstrap samples for each interval.
        seed: int. Of the bootstrap.

    Returns:
        `Worth`.

    Raises:
        ArgumentError: If there is one modality only, or no such split.

    Reference:
        - The interval: `bootstrap_means`. The correction: `holm`.
    """
    checks.check_choice("worth", "split", split, ("test", "validation"))
    if len(model.modalities) < 2:
        raise ArgumentError(
            "`worth` expects a model of at least two modalities. "
            f"Received: {sorted(model.modalities)}."
        )
    rows = getattr(data, split)
    if rows is None or not len(rows):
        raise ArgumentError(
            f"`worth` scores the {split} split, and the data has none. Split "
            "some off, or choose another with `split=`."
        )
    # Before anything else asks the data for batches of another size.
    rules = rules or training.Rules.of(model)
    outputs = scored_outputs(model)
    fused = predict_split(model, rows)
    metrics = evaluate_with(model, rows, fused, level, resamples, seed)
    singles, outcomes = {}, {}
    scores, alone = ({output: {} for output in outputs} for _ in range(2))
    for name in sorted(model.modalities):
        # Before the weights are made; `fit` sets it again for the rest.
        keras.utils.set_random_seed(rules.seed)
        single = singles[name] = models.alone(model, name)
        outcomes[name] = training.fit(single, NarrowData(data, single), rules)
        found = row_scores(model, outputs, predict_split(single, rows), rows)
        better = goodness(model, found)
        for output in outputs:
            scores[output][name] = better[output]
            alone[output][name] = {
                **bootstrap_interval(
                    found[output], rows.groups, level, resamples, seed
                ).to_dict(),
                "epochs": int(outcomes[name].epochs),
                "flat": bool(outcomes[name].flat),
            }
    for output in outputs:
        metrics["outputs"][output]["alone"] = alone[output]
    metrics["seconds"] = {
        **({"fused": float(outcome.seconds)} if outcome else {}),
        "alone": float(sum(part.seconds for part in outcomes.values())),
    }
    if outcome:
        metrics["xla"] = {
            "on": bool(outcome.xla["on"]),
            "why": str(outcome.xla["why"]),
        }
    check_metrics(metrics)
    own = goodness(model, row_scores(model, outputs, fused, rows))
    return Worth(
        metrics=metrics,
        comparisons=compare(own, scores, rows.groups, level, resamples, seed),
        models=singles,
        histories={name: dict(part.history) for name, part in outcomes.items()},
        rules=rules,
        predictions={output: fused[output] for output in outputs},
        resamples=resamples,
        seed=seed,
        wordings={
            output: Wording.of(metrics["outputs"][output], model.tasks[output])
            for output in outputs
        },
    )


def _line(name, form, score):
    value, low, high = (form(score[key]) for key in ("value", "low", "high"))
    return f"  {name:<30} {value:>7}  {low:>7} to {high:>7}"
