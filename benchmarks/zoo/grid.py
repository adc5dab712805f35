"""GRID, speaker 1: mouth and voice around one word of each clip."""

import functools

import keras
import numpy as np
from sklearn.decomposition import PCA
from sklearn.model_selection import StratifiedKFold, train_test_split

import mmfusion as mm
from benchmarks.zoo.problem import Problem, Rows
from mmfusion.data.datasets import clips

FOLDS = 5
SNR = -10.0  # dB, of white noise against the window of the word.
# Of each training clip, moved by up to so many seconds.
COPIES, SHIFT = 8, 0.06
TASKS = ("digit", "color")
_FRAMES = 16


def problems(folder):
    """One for each task and fold: every clip is tested in one fold of each.

    Args:
        folder: path, as `Clips` takes it.

    Returns:
        Dict of task to list of `Problem`.
    """
    read = functools.cache(lambda: Clips(folder))
    return {
        task: [
            Problem(
                f"grid-{task}-{fold}",
                ("audio", "video"),
                lambda task=task, fold=fold: read().rows(task, fold),
                encoders=_encoders,
                epochs={"encoder": 12, "features": 8, "end": 4},
                batch=64,
                seed=fold,
            )
            for fold in range(FOLDS)
        ]
        for task in TASKS
    }


class Clips:
    """Rows of clips: 16 frames and 0.64 seconds around the middle of a word.

    The sound is under noise.

    Args:
        folder: path, as `mmfusion.data.datasets.grid` takes it.
    """

    def __init__(self, folder):
        self.clips = clips.load(folder)
        self.ids = [clip.id for clip in self.clips]

    def rows(self, task, fold):
        """One fold of one task.

        Training rows come with `COPIES` more of each, moved in time and under
        other noise. Frames lose their mean over the clip and keep 32 principal
        components of the training frames, log-mel frames 24.

        Args:
            task: str, one of `TASKS`.
            fold: int. Every clip is tested in one of `FOLDS`.

        Returns:
            `Rows`; its test rows are the clips of the fold.
        """
        words = [clip.words[task] for clip in self.clips]
        classes = sorted(set(words))
        y = np.array([classes.index(word) for word in words])
        train, validation, test = _parts(y, fold)
        random = np.random.default_rng(fold)
        copies = np.repeat(train, COPIES)
        clip = np.concatenate([np.arange(len(y)), copies])
        moved = np.zeros(len(clip))
        moved[len(y) :] = random.uniform(-SHIFT, SHIFT, len(copies))
        middles = [
            self.clips[i].middle(task) + by
            for i, by in zip(clip, moved, strict=True)
        ]
        video = np.stack(
            [self._frames(*at) for at in zip(clip, middles, strict=True)]
        )
        sounds = np.stack(
            [
                self._sound(i, middle, (row, fold) if row >= len(y) else (i,))
                for row, (i, middle) in enumerate(
                    zip(clip, middles, strict=True)
                )
            ]
        )
        return Rows(
            {
                "audio": _components(_log_mel(sounds, train), train, 24),
                "video": _components(video, train, 32),
            },
            y[clip],
            np.array(self.ids)[clip],
            {
                "train": np.concatenate([train, np.arange(len(y), len(clip))]),
                "validation": validation,
                "test": test,
            },
        )

    def _frames(self, clip, middle):
        frames = self.clips[clip].frames_around(middle, _FRAMES)
        frames = frames.astype("float32")
        return (frames - frames.mean(0)).reshape(_FRAMES, -1)

    def _sound(self, clip, middle, seed):
        """The window of a word, under white noise of its own."""
        clean = self.clips[clip].sound_around(middle, _FRAMES)
        clean = clean.astype("float64")
        power = (clean**2).mean() / 10 ** (SNR / 10)
        noise = np.random.default_rng(seed).normal(size=len(clean))
        return clean + np.sqrt(power) * noise


def _parts(y, fold):
    """Rows that train (320), validate (80) and test (100)."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    rest, test = list(folds.split(y, y))[fold]
    train, validation = train_test_split(
        rest, test_size=0.2, random_state=fold, stratify=y[rest]
    )
    return train, validation, test


def _log_mel(waves, train):
    audio = mm.data.Audio(
        column="wav",
        sample_rate=clips.RATE,
        seconds=waves.shape[1] / clips.RATE,
        num_mels=32,
        window_ms=32,
        hop_ms=10,
    )
    loudest = np.abs(waves[train]).max()
    whole = (np.clip(waves / loudest, -1, 1) * 32767).astype("int16")
    audio.adapt(list(whole[train]))
    return np.stack([np.asarray(audio.transform(wave)) for wave in whole])


def _components(x, train, count):
    """Leading components of each step, fitted to the training rows."""
    rows, steps = x.shape[:2]
    flat = x.reshape(rows * steps, -1)
    components = PCA(count, random_state=0)
    components.fit(x[train].reshape(len(train) * steps, -1))
    z = components.transform(flat).reshape(rows, steps, count)
    # Half whitened: the leading ones stay large, and do not drown the others.
    return (z / np.sqrt(z[train].std((0, 1)))).astype("float32")


def _encoders(x):
    """Networks that give steps, untrained, by modality."""
    found = {}
    for name, values in sorted(x.items()):
        inputs = keras.Input(values.shape[1:], name=name)
        y = keras.layers.Dropout(0.2)(inputs)
        y = keras.layers.Conv1D(48, 5, padding="same", activation="relu")(y)
        y = keras.layers.MaxPool1D(2)(y)
        y = keras.layers.Dropout(0.4)(y)
        y = mm.layers.PositionEmbedding()(keras.layers.Dense(64)(y))
        y = keras.layers.Dense(64, activation="relu")(y)
        found[name] = keras.Model(inputs, y, name=f"{name}_steps")
    return found
