"""How every command ends when a person can mend the reason: with one sentence and exit code 2, never a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer


@contextmanager
def plainly() -> Iterator[None]:
    """Print the reason of a `CannotStart` or of one of our own errors, and exit with 2."""
    from local.children import CannotStart  # noqa: PLC0415  # so that `--help` is quick
    from shared.errors import MitsumoriError  # noqa: PLC0415  # so that `--help` is quick

    try:
        yield
    except (CannotStart, MitsumoriError) as reason:
        print(f"mitsumori: {reason}", file=sys.stderr)
        raise typer.Exit(2) from None
