"""Answers of a model, one a row and in the order of the rows."""

import numpy as np


def predict(split, model, batch_size):
    """What a model answers, as its tasks read it; see `Split.predict`."""
    good = [row for row, status in enumerate(split.status) if status == "ok"]
    answers = {}
    if good:
        known = [name for name in split.inputs if name in model.modalities]
        batches = split.take(good).batches(
            batch_size, shuffle=False, modalities=known
        )
        # Targets would only be carried along.
        inputs = batches.map(lambda *parts: parts[0])
        answers = model.predict(inputs, verbose=0)
    place = {row: at for at, row in enumerate(good)}
    ids = split.ids()
    rows = []
    for row, status in enumerate(split.status):
        error = split.errors[row]
        answer = {"id": ids[row]}
        for output, task in model.tasks.items():
            values = answers[output][place[row]] if row in place else None
            if values is not None and not np.all(np.isfinite(values)):
                status = f"{output}: the answer is not finite"
                error = f"the model gives no finite answer for {output!r}"
                values = None
            for suffix, value in task.answer(values).items():
                answer[output + suffix] = value
        rows.append({**answer, "status": status, "error": error})
    return rows
