"""A model with more heads, of the same weights."""

from mmfusion import checks
from mmfusion.errors import ArgumentError
from mmfusion.models.fusion_model import FusionModel


def with_tasks(model, tasks):
    """The model with more heads on its fused embedding, which only help.

    It shares every layer with the model: what it learns, the model knows.

    Args:
        model: a `FusionModel` that fuses embeddings.
        tasks: list of tasks, each with a name of its own.

    Returns:
        `FusionModel` whose outputs of these tasks are auxiliary.

    Raises:
        ArgumentError: If the model fuses decisions, or a name is taken.

    Example:

    >>> import mmfusion as mm
    >>> model = mm.models.fusion_model(
    ...     {"v": mm.encoders.vector_mlp(3, units=4)},
    ...     mm.fusion.ConcatFusion(4),
    ...     mm.tasks.Classification(2),
    ... )
    >>> more = with_tasks(model, [mm.tasks.Classification(5, name="colour")])
    >>> sorted(more.output), sorted(more.main_tasks)
    (['colour', 'label'], ['label'])
    """
    if model.fusion is None:
        raise ArgumentError(
            "`with_tasks` puts heads on a fused embedding. Received: "
            f"`{model.name}`, which fuses decisions."
        )
    checks.check_unique(
        "with_tasks",
        layer=[layer.name for layer in model.layers],
        task=[task.name for task in tasks],
    )
    fused = model.get_layer(model.fusion).output
    return FusionModel(
        model.input,
        {**model.output, **{task.name: task(fused) for task in tasks}},
        modalities=model.modalities,
        fusion=model.fusion,
        auxiliary=[*model.auxiliary, *(task.name for task in tasks)],
        alignment=model.alignment,
        name=model.name,
    )
