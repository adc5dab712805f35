"""What `compile` needs, from the tasks of a model."""

from mmfusion import checks


def compile_arguments(model, weights=None, losses=None):
    """Loss, loss weights and metrics for every output of a model.

    Args:
        model: a `FusionModel`.
        weights: dict of output name to float, or None: all count one. Where
            it is given, every output must be named.
        losses: dict of output name to a loss in place of the task's own.

    Returns:
        Dict of keyword arguments for `model.compile`.

    Raises:
        ArgumentError: If `weights` or `losses` names an unknown output, or
            `weights` leaves one out.

    Example:

    >>> import mmfusion as mm
    >>> model = mm.models.fusion_model(
    ...     {"v": mm.encoders.vector_mlp(3, units=4)},
    ...     mm.fusion.ConcatFusion(4),
    ...     mm.tasks.Classification(2),
    ... )
    >>> sorted(compile_arguments(model))
    ['loss', 'loss_weights', 'metrics']
    """
    tasks, losses = model.tasks, losses or {}
    checks.check_keys("losses", losses, tasks)
    if weights is not None:
        checks.check_keys("loss weights", weights, tasks, required=tasks)
        weights = {name: float(weights[name]) for name in tasks}
    return {
        "loss": {
            name: losses.get(name) or task.default_loss()
            for name, task in tasks.items()
        },
        "loss_weights": weights,
        "metrics": {
            name: task.default_metrics() for name, task in tasks.items()
        },
    }
