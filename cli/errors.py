"""How every command ends when a person can mend the reason: with one sentence and exit code 2, never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from shared.errors import MitsumoriError


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the reason of one of our own errors and exit with 2. It also decorates a whole command."""
    try:
        yield
    except MitsumoriError as reason:
        print(f"mitsumori: {reason}", file=sys.stderr)
        raise typer.Exit(2) from None
