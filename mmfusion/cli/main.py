"""Starts a command and turns what happened into an exit code."""

import importlib
import signal
import sys

import click

from mmfusion._version import __version__
from mmfusion.cli.warned import warnings_in_one_line
from mmfusion.errors import (
    ArgumentError,
    DataError,
    MissingExtraError,
    MmfusionError,
    TableError,
)

# Command -> the line that `mmfusion --help` shows, without importing it.
COMMANDS = {
    "demo": "Train, explain and export a model on generated data.",
    "init": "Write a recipe for a table or a folder, with reasons.",
    "check": "Read all data once, and say what is wrong with it.",
    "train": "Train what a recipe says.",
    "evaluate": "Score a run on its test split.",
    "predict": "Answer the rows of a table, one answer a row.",
    "export": "Write a run's model for servers or phones.",
    "list": "Show what has a name: encoders, fusions, data sets, ...",
}

OK, FAULTS, USAGE, INTERRUPTED, TERMINATED = 0, 1, 2, 130, 143


class _Commands(click.Group):
    """Finds each command in the file of its name when it is called."""

    def list_commands(self, ctx):
        return list(COMMANDS)

    def get_command(self, ctx, name):
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"mmfusion.cli.{name}")
        return module.command

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"max_content_width": 88})
@click.version_option(__version__, prog_name="mmfusion")
def cli():
    """Models that look, read and listen at once."""


def main(arguments=None):
    """Runs the command line and exits with the code of the outcome.

    0 ok; 1 the work found faults or failed; 2 usage, recipe, the table itself
    or a missing extra; 130 and 143 interrupted.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        # In standalone mode click itself would exit, with 1 on Ctrl-C.
        with warnings_in_one_line():
            code = cli.main(
                arguments, prog_name="mmfusion", standalone_mode=False
            )
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        code = USAGE
    except click.ClickException as error:
        _say(error.format_message())
        code = error.exit_code if error.exit_code != FAULTS else USAGE
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        code = INTERRUPTED
    except MmfusionError as error:
        _say(error)
        code = _code(error)
    except OSError as error:
        _say(f"{error.filename or ''}: {error.strerror or error}")
        code = FAULTS
    sys.exit(code or OK)


def _code(error):
    if isinstance(error, TableError | ArgumentError | MissingExtraError):
        return USAGE
    if isinstance(error, DataError) and not error.problems:
        return USAGE
    return FAULTS


def _say(message):
    click.echo(f"mmfusion: {message}", err=True)


def _terminate(number, frame):
    _say("terminated")
    sys.exit(TERMINATED)
