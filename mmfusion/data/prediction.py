"""Answers of a model, one a row and in the order of the rows."""

import numpy as np


def predict(split, model, batch_size):
    """The classes that a model finds; see `Split.predict`."""
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
            answer[output] = answer[f"{output}_probability"] = None
            if row not in place:
                continue
            probabilities = answers[output][place[row]]
            if not np.all(np.isfinite(probabilities)):
                status = f"{output}: the answer is not finite"
                error = f"the model gives no finite answer for {output!r}"
                continue
            best = int(np.argmax(probabilities))
            answer[output] = task.classes[best]
            answer[f"{output}_probability"] = float(probabilities[best])
        rows.append({**answer, "status": status, "error": error})
    return rows
