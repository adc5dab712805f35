"""`mmfusion demo`."""

import pathlib
import time

import click

from mmfusion.cli.quiet import held_back, progress, start_tensorflow
from mmfusion.cli.show import run_summary


@click.command()
@click.option("--out", type=click.Path(), help="Folder.  [runs/demo-<n>]")
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", hidden=True
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(out, overrides, as_json):
    """Train, explain and export a model on generated data, in a minute.

    Pictures, captions and sounds are made on the spot, so that the best
    possible score of each of them alone is known. Needs no network.
    """
    start = time.perf_counter()
    start_tensorflow()
    from mmfusion import export
    from mmfusion import recipe as recipes
    from mmfusion.data.datasets import describe

    def say(text):
        if not as_json:
            click.echo(text)

    plan = recipes.load(pathlib.Path(__file__).with_suffix(".yaml"), overrides)
    say("Generated pictures, captions and sounds; what can be reached:")
    rows = plan.read()
    say(describe(rows))
    say("Training the fused model, then each modality alone ...")
    run = plan.train(out, rows, verbose=progress(as_json))
    for target in (export.saved_model, export.litert):
        with held_back():  # The converter logs each of its steps.
            path = target(
                run.model,
                run.path / "exports" / target.__name__,
                inputs=run.inputs,
                samples=rows.test,
            )
        say(f"{target.__name__}: {path}, equal to the model")
    run_summary(run, as_json)
    say(f"{time.perf_counter() - start:.0f} s")
