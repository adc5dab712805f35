"""`mmfusion check`."""

import pathlib
import sys

import click

from mmfusion.cli.quiet import start_tensorflow
from mmfusion.cli.show import echo_json


@click.command()
@click.argument("what", type=click.Path(), metavar="DATA|RECIPE")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="COLUMN",
    help="What shall be learned, where it is no recipe. May be repeated.",
)
@click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a setting of the recipe. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(what, targets, overrides, as_json):
    """Read all of DATA once, and say what is wrong or worth knowing.

    A RECIPE (.yaml) says what each column is; else it is inferred, as `mmfusion
    init` does. Exit code 1 says that there are problems; without them the model
    is built, to see that the recipe fits.
    """
    start_tensorflow()
    from mmfusion import data
    from mmfusion import recipe as recipes
    from mmfusion.data.inference.targets import need_target
    from mmfusion.errors import ArgumentError

    if pathlib.Path(what).suffix in (".yaml", ".yml"):
        if targets:
            raise ArgumentError(
                "A recipe names its target. Leave out `--target`."
            )
        plan = recipes.load(what, overrides)
    else:
        if overrides:
            raise ArgumentError(
                "`--set` changes a recipe. Write one with `mmfusion init`."
            )
        found = data.infer(what, list(targets) or None)
        need_target(found)
        for column, reason in found.reasons.items():
            click.echo(f"mmfusion: note: {column}: {reason}", err=True)
        plan = recipes.Recipe(found.recipe(), pathlib.Path(what).stem)
    checkup = plan.check()
    if as_json:
        echo_json(checkup.to_dict())
    else:
        click.echo(str(checkup))
    if checkup.problems:
        sys.exit(1)
