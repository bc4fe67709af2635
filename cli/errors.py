"""How every command ends when the user can fix the problem: one sentence and exit code 2, never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from shared.errors import MitsumoriError


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the text of one of our own errors and exit with 2. Use it with `with`, or as the decorator of a command."""
    try:
        yield
    except MitsumoriError as reason:
        print(f"mitsumori: {reason}", file=sys.stderr)
        raise typer.Exit(2) from None
