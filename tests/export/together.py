"""All fusions, or all decisions, as the outputs of one model."""

import json

import keras
import numpy as np

import mmfusion as mm
from mmfusion.models.encoding import encode
from tests.conformance.cases import DECISIONS, FUSIONS, ROWS

# Steps and width of what is optional beside an image.
_SHAPES = {"audio": (3, 4), "text": (2, 2)}


def _different(cases):
    """Cases by name, without those whose layer is that of another one."""
    found = {}
    for case in cases:
        config = case.create().get_config()
        config.pop("name")
        key = json.dumps([case.name, config], default=str, sort_keys=True)
        found.setdefault(key, (f"{case.name}_{case.variant}".strip("_"), case))
    return dict(found.values())


def _of_rank(rank):
    return [case for case in FUSIONS if case.create().embedding_rank == rank]


# By group, and name of an output.
GROUPS = {
    "pooled": _different(_of_rank(2)),
    "steps": _different(_of_rank(3)),
    "decision": _different(DECISIONS),
}


def build(group):
    """A model with an output for each case of a group, and rows for it.

    Image is always there, audio and text are optional; where steps are fused,
    audio alone, a sequence with a mask: attention of every two costs most.
    """
    keras.utils.set_random_seed(3)
    random = np.random.default_rng(3)
    steps = group == "steps"
    encoders = {"image": mm.encoders.vector_mlp(3, units=4, hidden=())}
    x = {"image": random.normal(size=(ROWS, 3)).astype("float32")}
    optional = ["audio"] if steps else ["audio", "text"]
    for name in optional:
        shape = _SHAPES[name]
        encoders[name] = (
            mm.encoders.vector_sequence(
                shape, units=4, hidden=(), pool=None, masked=True
            )
            if steps
            else mm.encoders.vector_mlp(shape[-1], units=4, hidden=())
        )
        shape = shape if steps else shape[-1:]
        x[name] = 5 * random.normal(size=(ROWS, *shape)).astype("float32")
        if steps:
            lengths = np.resize([shape[0], 1], (ROWS, 1))
            x[f"{name}_mask"] = np.arange(shape[0]) < lengths
    inputs, embeddings, _, present, masks, modalities = encode(
        encoders, optional, modality_dropout=0.5
    )  # Of which nothing is left in a file.
    if group == "decision":
        embeddings = {
            name: mm.tasks.Classification(3, name=f"head_{name}")(y)
            for name, y in embeddings.items()
        }
    outputs = {}
    for name, case in GROUPS[group].items():
        fused = case.create()(embeddings, present=present, masks=masks)
        task = mm.tasks.Classification(
            3, head=group != "decision", target="label", name=name
        )
        outputs[name] = task(fused)
    model = mm.models.FusionModel(inputs, outputs, modalities=modalities)
    spread(model, random)
    return model, x


def spread(model, random):
    """Weights that show it if they are lost.

    Zero biases and unit scales would hide that. Variances stay above zero.
    Kernels of convolutions are random, and a deep network would not survive a
    shift of all of them.
    """
    for weight in model.weights:
        if len(weight.shape) > 2 or not weight.trainable:
            continue
        noise = random.uniform(0.05, 0.4, weight.shape)
        weight.assign(keras.ops.convert_to_numpy(weight) + noise)
