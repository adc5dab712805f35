"""A model as boxes and arrows, read from its functional graph."""

import dataclasses

from keras import Model

from mmfusion.decision import Decision
from mmfusion.fusion import Fusion
from mmfusion.layers import KeepPresent, LearnPresent, ModalityDropout


@dataclasses.dataclass
class Box:
    """One box of the drawing.

    Attributes:
        kind: str. `"modality"`, `"encoder"`, `"fusion"`, `"decision"`,
            `"task"`, `"model"` or `"layer"`.
        title: str. Its name.
        lines: list of str. Shapes, parameters.
        sources: list of keys of the boxes it reads.
        optional: bool. Whether a row may come without it.
        level: int. Longest way from an input, in arrows.
    """

    kind: str
    title: str
    lines: list
    sources: list
    optional: bool = False
    level: int = 0


def read_graph(model) -> dict:
    """Boxes of a `FusionModel`: modalities, encoders, fusion, tasks.

    A modality's inputs are one box; its flag, and the layer that blanks what
    is absent, are part of it.

    Args:
        model: `FusionModel`.

    Returns:
        dict of key to `Box`; sources come before those that read them.
    """
    boxes = {}
    owner = {}
    encoders = {part["encoder"] for part in model.modalities.values()}
    dropout = [
        f"dropped in training: {layer.rate:.0%}"
        for layer in model.layers
        if isinstance(layer, ModalityDropout)
    ]
    for name, part in sorted(model.modalities.items()):
        shapes = [model.input[key] for key in part["inputs"]]
        lines = [f"{_shape(t.shape)} {t.dtype}" for t in shapes]
        if part["flag"]:
            lines.append(f"flag {part['flag']}")
            lines += dropout
        boxes["modality", name] = Box(
            "modality", name, lines, [], optional=bool(part["flag"])
        )
        owner |= dict.fromkeys(part["inputs"], ("modality", name))
        owner[part["flag"]] = None

    def visit(tensor):
        """The key of the box that a tensor comes from; None for a flag."""
        # Keras keeps the graph here; it has no public way to walk it where a
        # layer is called twice (an encoder shared by two modalities).
        operation, node, _ = tensor._keras_history
        sources = operation._inbound_nodes[node].input_tensors
        if not sources:
            return owner.get(operation.name)
        if isinstance(operation, (KeepPresent, LearnPresent)):
            return visit(sources[0])
        if isinstance(operation, ModalityDropout):
            return None
        key = (operation.name, node)
        if key not in boxes:
            keys = [found for found in map(visit, sources) if found]
            boxes[key] = Box(
                _kind(operation, encoders, model),
                operation.name,
                _lines(operation, node, model),
                list(dict.fromkeys(keys)),
                level=1 + max(boxes[k].level for k in keys),
            )
            box = boxes[key]
            # What a fusion makes is there whatever is absent.
            if box.kind not in ("fusion", "decision"):
                box.optional = all(boxes[k].optional for k in keys)
        return key

    for tensor in model.output.values():
        visit(tensor)
    return boxes


def _kind(operation, encoders, model):
    if operation.name in encoders:
        return "encoder"
    if isinstance(operation, Decision):
        return "decision"
    if isinstance(operation, Fusion):
        return "fusion"
    if operation.name in model.output or hasattr(operation, "default_loss"):
        return "task"
    return "model" if isinstance(operation, Model) else "layer"


def _lines(operation, node, model):
    lines = []
    if not isinstance(operation, Model):
        lines.append(type(operation).__name__)
    outputs = operation._inbound_nodes[node].output_tensors
    classes = getattr(operation, "classes", None)
    if classes:
        several = getattr(operation, "gives", None) == "labels"
        lines.append(f"{len(classes)} {'labels' if several else 'classes'}")
    else:
        lines += [f"\N{RIGHTWARDS ARROW} {_shape(t.shape)}" for t in outputs]
    weights = getattr(operation, "count_params", int)()
    if weights:
        lines.append(f"{weights:,} parameters")
    return lines


def _shape(shape):
    return " \N{MULTIPLICATION SIGN} ".join(
        "?" if size is None else f"{size}" for size in shape[1:]
    )
