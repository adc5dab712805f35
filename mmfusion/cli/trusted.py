"""The option that says which SavedModels a command may run."""

import click

trusted_option = click.option(
    "--trusted",
    multiple=True,
    type=click.Path(),
    metavar="DIR",
    help="A folder whose SavedModels may run. May be repeated.",
)
