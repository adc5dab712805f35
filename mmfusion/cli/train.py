"""`mmfusion train`."""

import click

from mmfusion.cli.quiet import progress, start_tensorflow
from mmfusion.cli.show import run_summary


@click.command()
@click.argument("recipe", type=click.Path())
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a setting, such as training.epochs=3. May be repeated.",
)
@click.option(
    "--out",
    type=click.Path(),
    help="Folder of the run; it must not exist.  [runs/<recipe>-<n>]",
)
@click.option(
    "--tensorboard",
    type=click.Path(),
    metavar="DIR",
    help="Also log for TensorBoard.  [extra: tensorboard]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(recipe, overrides, out, tensorboard, as_json):
    """Train what RECIPE, a YAML file, says."""
    start_tensorflow()
    import keras

    from mmfusion import optional
    from mmfusion import recipe as recipes

    plan = recipes.load(recipe, overrides)
    callbacks = []
    if tensorboard:
        # Keras makes the callback without it and fails in the first epoch.
        optional.require("tensorboard", extra="tensorboard")
        callbacks.append(keras.callbacks.TensorBoard(tensorboard))
    rows = plan.read()
    told = _tell(rows.notes)
    run = plan.train(out, rows, callbacks, verbose=progress(as_json))
    _tell(rows.notes[told:])  # Of encoders that began as a file says.
    run_summary(run, as_json)


def _tell(notes):
    for note in notes:
        click.echo(f"mmfusion: note: {note}", err=True)
    return len(notes)
