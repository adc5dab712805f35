"""`mmfusion init`."""

import pathlib

import click

from mmfusion.cli.quiet import start_tensorflow


@click.command()
@click.argument("source", type=click.Path(), metavar="DATA")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="COLUMN",
    help="What shall be learned. May be repeated.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="COLUMN",
    help="A column that is not to be read. May be repeated.",
)
@click.option(
    "--out", type=click.Path(), help="File to write.  [<name of DATA>.yaml]"
)
def command(source, targets, without, out):
    """Write a recipe for DATA, a table or a folder, with reasons.

    What each column is for is inferred from its cells and the files they name.
    Every inference is printed, and stands in the recipe as a comment.
    """
    start_tensorflow()
    from mmfusion import data, files
    from mmfusion.data.inference.targets import need_target
    from mmfusion.errors import ArgumentError
    from mmfusion.recipe.draft import draft

    path = pathlib.Path(out or f"{_stem(source)}.yaml")
    if path.exists():
        raise ArgumentError(
            f"`{path}` exists. Choose another file with `--out`, or remove it."
        )
    found = data.infer(source, list(targets) or None, without)
    need_target(found)
    for column, reason in found.reasons.items():
        click.echo(f"{column}: {reason}")
    for note in found.notes:
        click.echo(f"mmfusion: note: {note}", err=True)
    files.write_text(path, draft(found, path))
    click.echo(f"recipe: {path}")


def _stem(source):
    """The name of a table without all of its endings; that of a folder."""
    return pathlib.Path(source).resolve().name.split(".")[0] or "data"
