"""Warnings of this package as a line each, without the code that gave them."""

import contextlib
import pathlib
import warnings

import click

_PACKAGE = pathlib.Path(__file__).parent.parent


@contextlib.contextmanager
def warnings_in_one_line():
    """Within it, what this package warns of is told as other notes are."""
    with warnings.catch_warnings():
        otherwise = warnings.showwarning

        def show(message, category, filename, *rest, **named):
            if _is_ours(filename):
                _say(message)
            else:
                otherwise(message, category, filename, *rest, **named)

        warnings.showwarning = show
        yield


def tell(recorded):
    """Tells those of this package among warnings that were recorded."""
    for warning in recorded:
        if _is_ours(warning.filename):
            _say(warning.message)


def _is_ours(filename):
    return _PACKAGE in pathlib.Path(filename).parents


def _say(message):
    click.echo(f"mmfusion: warning: {message}", err=True)
