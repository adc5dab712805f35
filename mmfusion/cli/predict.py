"""`mmfusion predict`."""

import csv
import io
import json
import sys

import click

from mmfusion.cli.quiet import start_tensorflow
from mmfusion.cli.show import echo_json
from mmfusion.cli.trusted import trusted_option

# A spreadsheet would run a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@click.command()
@click.argument("run", type=click.Path())
@click.argument("table", type=click.Path(), metavar="DATA")
@click.option(
    "--out", type=click.Path(), help="File to write.  [standard output]"
)
@trusted_option
@click.option("--json", "as_json", is_flag=True, help="Write JSON, not CSV.")
def command(run, table, out, as_json, trusted):
    """Answer every row of DATA, a table, in its order.

    Exit code 1 says that some rows have no answer; their status says why.
    """
    start_tensorflow()
    from mmfusion import files
    from mmfusion import run as runs

    opened = runs.load(run, trusted)
    rows = opened.read(table)
    for note in rows.notes:
        click.echo(f"mmfusion: note: {note}", err=True)
    answers = rows.predict(opened.model)
    if out and as_json:
        files.write_json(out, answers)
    elif out:
        files.write_text(out, as_csv(answers))
    elif as_json:
        echo_json(answers)
    else:
        click.echo(as_csv(answers), nl=False)
    bad = sum(answer["status"] != "ok" for answer in answers)
    if bad:
        click.echo(
            f"mmfusion: {bad} of {len(answers)} rows have no answer; their "
            "status says why",
            err=True,
        )
        sys.exit(1)


def as_csv(answers) -> str:
    """Answers as CSV that no spreadsheet takes for formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if answers:
        writer.writerow(list(answers[0]))
    for answer in answers:
        writer.writerow([_cell(value) for value in answer.values()])
    return text.getvalue()


def _cell(value):
    if isinstance(value, list):  # Labels.
        value = "|".join(map(str, value))
    elif isinstance(value, dict):
        value = json.dumps(value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
