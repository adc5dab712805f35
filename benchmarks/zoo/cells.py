"""What is trained once and kept: encoders, fusions, whole models."""

import pathlib
import time

import keras
import numpy as np

from benchmarks.kept import kept
from benchmarks.zoo import training


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

        def made():
            keras.backend.clear_session()
            result = make()
            told = result.get("validation", [""])[0]
            print(f"{key}: {told} {result['seconds']:.0f} s", flush=True)
            return result

        return kept(self.folder, key, made)

    def units(self, problem):
        """The unit of each test row: an array of str."""

        def make():
            start = time.perf_counter()
            rows = problem.rows
            return {
                "units": rows.groups[rows.parts["test"]].tolist(),
                "seconds": time.perf_counter() - start,
            }

        return np.array(self.get(f"units-{problem.name}", make)["units"])

    def features(self, problem):
        """What trained encoders give: steps and embeddings, by modality.

        Each encoder is trained by itself: steps, one layer over all of them,
        the embedding, then what `ConcatFusion` makes of one, and a head.

        Returns:
            Dict of modality to dict of `"steps"` `(rows, steps, dim)` and
            `"embedding"` `(rows, dim)`, arrays; dict of modality to result.
        """
        found, scores = {}, {}
        for name in problem.modalities:
            key = f"encoder-{problem.name}-{name}"
            scores[name] = self.get(
                key, lambda n=name: self._encode(problem, n)
            )
            with np.load(self.folder / f"{key}.npz") as stored:
                found[name] = dict(stored)
        return found, scores

    def _encode(self, problem, name):
        keras.utils.set_random_seed(problem.seed)
        encoder = problem.encoders(problem.rows.x)[name]
        whole = training.summary(encoder)
        model = training.assembled(
            "fusion",
            "concat",
            lambda steps: {name: whole},
            problem.rows.classes,
        )
        result = training.fit(
            model, problem, "encoder", {name: problem.rows.x[name]}
        )
        both = keras.Model(
            encoder.input,
            {"steps": training.steps_of(encoder), "embedding": whole.output},
        )
        given = both.predict(problem.rows.x[name], batch_size=512, verbose=0)
        # The result is written after these: it says that they are whole.
        key = f"encoder-{problem.name}-{name}"
        whole.save_weights(self.folder / f"{key}.weights.h5")
        np.savez(self.folder / f"{key}.npz", **given)
        return result

    def on_features(self, problem, kind, name, only=None):
        """A fusion of given features; of one modality where `only` says so."""

        def make():
            features, _ = self.features(problem)
            _, steps = training.middle(kind, name)
            x = {
                n: values["steps" if steps else "embedding"]
                for n, values in features.items()
                if only in (None, n)
            }
            keras.utils.set_random_seed(problem.seed)
            model = training.assembled(
                kind,
                name,
                lambda steps: {
                    n: training.given(v.shape[1:]) for n, v in x.items()
                },
                problem.rows.classes,
            )
            return training.fit(model, problem, "features", x)

        return self.get(_key("features", problem, kind, name, only), make)

    def end_to_end(self, problem, kind, name, only=None):
        """The same with encoders, which learn on from what they were."""

        def make():
            x = {n: v for n, v in problem.rows.x.items() if only in (None, n)}
            keras.utils.set_random_seed(problem.seed)
            encoders = problem.encoders(problem.rows.x)

            def towers(steps):
                found = {}
                for n in x:
                    whole = training.summary(encoders[n])
                    stored = f"encoder-{problem.name}-{n}.weights.h5"
                    whole.load_weights(self.folder / stored)
                    found[n] = encoders[n] if steps else whole
                return found

            model = training.assembled(kind, name, towers, problem.rows.classes)
            return training.fit(model, problem, "end", x)

        return self.get(_key("end", problem, kind, name, only), make)


def _key(stage, problem, kind, name, only):
    return f"{stage}-{problem.name}-{kind}-{name}-{only or 'all'}"
