"""`mmfusion list`."""

import textwrap

import click

from mmfusion.cli.quiet import start_tensorflow
from mmfusion.cli.show import echo_json


@click.command()
@click.argument("kind", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(kind, as_json):
    """Show the names a recipe may use, of one KIND or of all."""
    start_tensorflow()
    from mmfusion import registry

    kinds = [kind] if kind else registry.kinds()
    names = {kind: registry.names(kind) for kind in kinds}
    if as_json:
        echo_json(names)
        return
    for kind, found in names.items():
        lines = textwrap.fill(
            ", ".join(found),
            width=80,
            initial_indent=f"{kind:<12} ",
            subsequent_indent=" " * 13,
        )
        click.echo(lines)
