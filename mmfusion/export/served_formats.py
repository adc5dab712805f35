"""Samples in formats that a graph reads, where they come in others."""

import dataclasses

import numpy as np
import tensorflow as tf


@dataclasses.dataclass
class Served:
    """Rows as `serving_raw` can read them.

    Attributes:
        arrays: dict of input name to array, of what is served.
        raw: dict of modality name to a list of raw values.
        rewritten: dict of modality name to the reasons for which the raw values
            of some rows were not served as they are.
    """

    arrays: dict
    raw: dict
    rewritten: dict

    def warning(self):
        """What to say of the formats, or "" where all are served."""
        if not self.rewritten:
            return ""
        parts = []
        for name, reasons in self.rewritten.items():
            total = sum(value is not None for value in self.raw[name])
            told = ", ".join(sorted(set(reasons)))
            parts.append(
                f"{len(reasons)} of {total} values of {name!r} ({told})"
            )
        name = next(iter(self.rewritten))
        return (
            f"`serving_raw` does not read {'; '.join(parts)}. They were "
            "compared as `encode` writes them; a client has to convert such "
            f"files, as `inputs[{name!r}].encode(inputs[{name!r}].read(path))` "
            "does."
        )


def as_served(inputs, arrays, raw):
    """Rewrites what only the host reads, such as FLAC, and reads it again.

    Args:
        inputs: dict of modality name to modality object.
        arrays: dict of input name to array `(rows, ...)`.
        raw: dict of modality name to a list of raw values, as `Modality.raw`
            gives them, None where there is none.

    Returns:
        `Served`.
    """
    arrays = {name: np.array(x) for name, x in arrays.items()}
    raw = {name: list(values) for name, values in raw.items()}
    rewritten = {}
    for name, modality in inputs.items():
        if not modality.decodes:
            continue
        for row, value in enumerate(raw[name]):
            if value is None:
                continue
            given = tf.constant(value, modality.raw_spec.dtype)
            reason = modality.check(given).numpy().decode()
            if not reason:
                continue
            raw[name][row] = modality.encode(modality.read(value))
            # Fewer bits may be another value: it is compared with itself.
            again = modality.read(raw[name][row])
            arrays[name][row] = modality.transform(again)
            rewritten.setdefault(name, []).append(reason)
    return Served(arrays, raw, rewritten)
