"""What is trained once and kept: encoders, fusions of features, whole models."""

import json
import pathlib

import keras
import numpy as np

from benchmarks.zoo import training
from mmfusion import files


class Cells:
    """Results in a folder; what is there is not done again.

    Args:
        folder: path.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, key, make):
        """The result of that name, made now if it was not."""
        path = self.folder / f"{key}.json"
        if not path.exists():
            keras.backend.clear_session()
            result = make()
            files.write_json(path, result)
            told = result.get("validation", [""])[0]
            print(f"{key}: {told} {result['seconds']:.0f} s", flush=True)
        return json.loads(path.read_text())

    def features(self, problem):
        """The sequences that trained encoders give, by modality; and scores.

        Each encoder is trained by itself, with the mean of its steps, one
        layer and a head.
        """
        found, scores = {}, {}
        for name in sorted(problem.x):
            key = f"encoder-{problem.name}-{name}"
            scores[name] = self.get(key, lambda n=name: self._encode(problem, n))
            found[name] = np.load(self.folder / f"{key}.npz")["steps"]
        return found, scores

    def _encode(self, problem, name):
        keras.utils.set_random_seed(problem.seed)
        encoder = problem.encoders(problem.x)[name]
        model = training.assembled(
            "fusion",
            "concat",
            lambda pool: {name: training.pooled(encoder)},
            problem.classes,
        )
        result = training.fit(model, problem, "encoder", {name: problem.x[name]})
        steps = encoder.predict(problem.x[name], batch_size=512, verbose=0)
        key = f"encoder-{problem.name}-{name}"
        encoder.save_weights(self.folder / f"{key}.weights.h5")
        # Whole or not at all: the result is written after it.
        np.savez(self.folder / f"{key}.npz", steps=steps["sequence"])
        return result

    def on_features(self, problem, kind, name, only=None):
        """A fusion of given features; of one modality where `only` says so."""
        key = f"features-{problem.name}-{kind}-{name}-{only or 'all'}"

        def make():
            x, _ = self.features(problem)
            x = {n: v for n, v in x.items() if only in (None, n)}
            keras.utils.set_random_seed(problem.seed)
            model = training.assembled(
                kind,
                name,
                lambda pool: {
                    n: training.taken(v.shape[1:], pool) for n, v in x.items()
                },
                problem.classes,
            )
            return training.fit(model, problem, "features", x)

        return self.get(key, make)

    def end_to_end(self, problem, kind, name, only=None):
        """The same with encoders that learn on."""
        key = f"end-{problem.name}-{kind}-{name}-{only or 'all'}"

        def make():
            x = {n: v for n, v in problem.x.items() if only in (None, n)}
            keras.utils.set_random_seed(problem.seed)
            encoders = problem.encoders(problem.x)

            def towers(pool):
                for n in x:
                    stored = f"encoder-{problem.name}-{n}.weights.h5"
                    encoders[n].load_weights(self.folder / stored)
                return {
                    n: training.pooled(encoders[n]) if pool else encoders[n]
                    for n in x
                }

            model = training.assembled(kind, name, towers, problem.classes)
            return training.fit(model, problem, "end", x)

        return self.get(key, make)
