"""`mmfusion export`."""

import pathlib
import warnings

import click

from mmfusion.cli.quiet import held_back, start_tensorflow
from mmfusion.cli.show import echo_json
from mmfusion.cli.trusted import trusted_option
from mmfusion.cli.warned import tell


@click.command()
@click.argument("run", type=click.Path())
@click.option(
    "--format",
    "target",
    required=True,
    help="saved_model (TF Serving) or litert (phones).",
)
@click.option("--out", type=click.Path(), help="Where.  [RUN/exports/...]")
@trusted_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(run, target, out, as_json, trusted):
    """Write the model of RUN for servers or phones, compared with it."""
    start_tensorflow()
    from mmfusion import registry
    from mmfusion import run as runs
    from mmfusion.recipe import held_rows

    export = registry.get("export", target)
    opened = runs.load(run, trusted)
    path = pathlib.Path(out) if out else opened.path / "exports" / target
    rows = held_rows(opened)
    # The converter logs each of its steps, and warns of its own parts.
    with held_back(), warnings.catch_warnings(record=True) as warned:
        written = export(opened.model, path, inputs=opened.inputs, samples=rows)
    tell(warned)
    if as_json:
        echo_json({"path": str(written)})
    else:
        click.echo(f"{target}: {written}, equal to the model")
