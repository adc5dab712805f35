"""Encoders and a fusion or a decision, to one functional model."""

from mmfusion import checks, embedding_checks
from mmfusion.decision import Decision
from mmfusion.errors import ArgumentError
from mmfusion.fusion import Fusion
from mmfusion.layers import Alignment, LearnPresent, MeanPool
from mmfusion.models.encoding import encode
from mmfusion.models.fusion_model import FusionModel


def fusion_model(
    encoders,
    fusion,
    task,
    optional=(),
    auxiliary=False,
    alignment=(),
    modality_dropout=0.0,
    name="fusion_model",
):
    """Builds encoders, one fusion of their embeddings, and heads on it.

    Args:
        encoders: dict of modality name to `keras.Model`. The same object
            under two names shares its weights.
        fusion: a layer of `mmfusion.fusion`.
        task: a task, or a list of them, each with a name of its own.
        optional: names of the modalities that a row may come without. Each
            has one more input `<name>_present`, `(batch,)` bool.
        auxiliary: bool. Whether each modality has a head of its own, too,
            whose probabilities are the outputs `<task>_<modality>`; they learn
            from the task's target (joint learning), each from the rows that
            have its modality.
        alignment: a layer of alignment from `mmfusion.layers`, or a list of
            them, applied in order to the embeddings. Defaults to none.
        modality_dropout: float in `[0, 1)`. How likely, in training, alignment
            and fusion go without an optional modality that a row has; one
            modality at least stays. Its encoder sees all rows that have it,
            and so does its own head if nothing is aligned. Defaults to 0.
        name: str.

    Returns:
        `FusionModel`, dict of inputs to dict of outputs by task name.

    Raises:
        ArgumentError: If a name cannot be used or `optional` names none.

    Example:

    >>> import mmfusion as mm
    >>> encoders = {
    ...     "image": mm.encoders.image_cnn((8, 8, 3), units=4),
    ...     "text": mm.encoders.text_bag(20, units=4),
    ... }
    >>> task = mm.tasks.Classification(["cat", "dog"])
    >>> model = fusion_model(
    ...     encoders, mm.fusion.ConcatFusion(4), task, optional=["text"]
    ... )
    >>> sorted(model.input), sorted(model.output)
    (['image', 'text', 'text_present'], ['label'])
    """
    if isinstance(fusion, Decision) or not isinstance(fusion, Fusion):
        raise ArgumentError(
            "`fusion_model` expects a layer of `mmfusion.fusion`. "
            f"Received: {_shown(fusion)}. Decisions go into "
            "`late_fusion_model`."
        )
    inputs, embeddings, flags, present, masks, modalities = encode(
        encoders, optional, modality_dropout
    )
    aligners = _aligners(alignment)
    heads = [p.name for p in _tasks(task)]
    extra = [f"{p}_{m}" for p in heads for m in embeddings if auxiliary]
    _check_names(name, inputs, modalities, aligners, fusion, heads + extra)
    embeddings, masks = _align(aligners, embeddings, present, masks)
    fused = fusion(embeddings, present=present, masks=masks)
    outputs = {part.name: part(fused) for part in _tasks(task)}
    if auxiliary:
        pooled = {
            m: MeanPool()(x, mask=masks.get(m)) if len(x.shape) == 3 else x
            for m, x in embeddings.items()
        }
        for part in _tasks(task):
            outputs |= _heads(part, pooled, present if aligners else flags)
    return FusionModel(
        inputs,
        outputs,
        modalities=modalities,
        fusion=fusion.name,
        auxiliary=extra,
        alignment=[aligner.name for aligner in aligners],
        name=name,
    )


def late_fusion_model(
    encoders,
    decision,
    task,
    optional=(),
    auxiliary=False,
    alignment=(),
    modality_dropout=0.0,
    name="late_fusion",
):
    """Builds a head for each encoder and fuses what they answer.

    Args:
        encoders: dict of modality name to `keras.Model`, with embeddings
            `(batch, dim)`.
        decision: a layer of `mmfusion.decision`. With several tasks each gets
            a copy of it. Not every one has a meaning for labels or numbers.
        task: a task, or a list of them, each with a name of its own.
        optional: names of the modalities that a row may come without.
        auxiliary: bool. Whether each modality's own answers are outputs,
            too, `<task>_<modality>`, which learn from the task's target,
            each from the rows that have its modality.
        alignment: a layer of alignment from `mmfusion.layers`, or a list of
            them, applied in order to the embeddings. Defaults to none.
        modality_dropout: float in `[0, 1)`, as in `fusion_model`.
        name: str.

    Returns:
        `FusionModel`, dict of inputs to dict of outputs by task name.

    Raises:
        ArgumentError: If a name cannot be used, `optional` names none, or the
            decision has no meaning for what a task gives.

    Example:

    >>> import mmfusion as mm
    >>> encoders = {
    ...     "image": mm.encoders.image_cnn((8, 8, 3), units=4),
    ...     "text": mm.encoders.text_bag(20, units=4),
    ... }
    >>> model = late_fusion_model(
    ...     encoders,
    ...     mm.decision.AverageDecision(),
    ...     mm.tasks.Classification(2),
    ...     auxiliary=True,
    ... )
    >>> sorted(model.output)
    ['label', 'label_image', 'label_text']
    """
    if not isinstance(decision, Decision):
        raise ArgumentError(
            "`late_fusion_model` expects a layer of `mmfusion.decision`. "
            f"Received: {_shown(decision)}. Fusions of embeddings go into "
            "`fusion_model`."
        )
    inputs, embeddings, flags, present, masks, modalities = encode(
        encoders, optional, modality_dropout
    )
    aligners = _aligners(alignment)
    heads = [f"{p.name}_{m}" for p in _tasks(task) for m in embeddings]
    heads += [p.name for p in _tasks(task)]
    _check_names(name, inputs, modalities, aligners, decision, heads)
    embeddings, _ = _align(aligners, embeddings, present, masks)
    embedding_checks.check_ranks(
        "late_fusion_model", _shapes(embeddings), rank=2
    )
    outputs, names = {}, []
    for part in _tasks(task):
        if outputs:  # Each further task has a decision of its own.
            decision = type(decision).from_config(
                {**decision.get_config(), "name": None}
            )
        decision = decision.deciding(part)
        heads = _heads(part, embeddings, present if aligners else flags)
        fused = decision(
            {m: heads[f"{part.name}_{m}"] for m in embeddings}, present=present
        )
        outputs[part.name] = part.again(part.name, head=False)(fused)
        if auxiliary:
            outputs |= heads
            names += heads
    return FusionModel(
        inputs,
        outputs,
        modalities=modalities,
        auxiliary=names,
        alignment=[aligner.name for aligner in aligners],
        name=name,
    )


def _heads(task, embeddings, present):
    """The task once more for each modality, `<task>_<modality>`."""
    found = {}
    for name, x in sorted(embeddings.items()):
        head = f"{task.name}_{name}"
        found[head] = task.again(head)(x)
        if name in present:
            learn = LearnPresent(name=f"{head}_learns")
            found[head] = learn(found[head], present[name])
    return found


def _aligners(alignment):
    """The layers of alignment as a list."""
    single = not isinstance(alignment, (list, tuple))
    aligners = [alignment] if single else list(alignment)
    for aligner in aligners:
        if not isinstance(aligner, Alignment):
            raise ArgumentError(
                "A model expects `alignment` to be layers of alignment, such "
                "as `mmfusion.layers.ProjectionAlignment(64)`. "
                f"Received: {_shown(aligner)}."
            )
    return aligners


def _align(aligners, embeddings, present, masks):
    """Embeddings and masks after the layers of alignment."""
    for aligner in aligners:
        embeddings = aligner(embeddings, present=present, masks=masks)
        masks = masks if aligner.keeps_steps else {}
    return embeddings, masks


def _tasks(task):
    tasks = list(task) if isinstance(task, (list, tuple)) else [task]
    names = [part.name for part in tasks]
    if len(set(names)) < len(names) or not names:
        raise ArgumentError(
            "A model expects tasks with different names. "
            f"Received: {names}. Give each a `name=`."
        )
    return tasks


def _check_names(who, inputs, modalities, aligners, fusion, outputs):
    """Keras wants all layers of a model to have different names."""
    encoders = {part["encoder"] for part in modalities.values()}
    checks.check_unique(
        who,
        input=inputs,
        encoder=encoders,
        alignment=[aligner.name for aligner in aligners],
        fusion=[fusion.name],
        task=outputs,
    )


def _shown(layer):
    return layer if isinstance(layer, str) else type(layer).__name__


def _shapes(tensors):
    return {name: tensor.shape for name, tensor in tensors.items()}
