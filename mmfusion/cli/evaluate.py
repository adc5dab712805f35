"""`mmfusion evaluate`."""

import click

from mmfusion.cli.quiet import start_tensorflow
from mmfusion.cli.show import echo_json, scores
from mmfusion.cli.trusted import trusted_option


@click.command()
@click.argument("run", type=click.Path())
@trusted_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(run, as_json, trusted):
    """Score the model of RUN on its test split, read again."""
    start_tensorflow()
    from mmfusion import explain
    from mmfusion import run as runs
    from mmfusion.recipe import held_rows

    opened = runs.load(run, trusted)
    metrics = explain.evaluate(opened.model, held_rows(opened))
    echo_json(metrics) if as_json else click.echo(scores(metrics))
