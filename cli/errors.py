"""How every command ends when the user can fix the problem: one sentence and exit code 2, never a traceback."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import typer

from shared.errors import Invalid, MitsumoriError

_SENTENCES: Final[Mapping[str, str]] = {
    "mongo": (
        "MongoDB を利用できません。MongoDB が動いていることと、接続先(MITSUMORI_MONGO または --mongo)、"
        "ユーザー名、パスワードをご確認ください。"
    ),
    "mongo-address": (
        "MongoDB の接続先(MITSUMORI_MONGO または --mongo)を読み取れません。mongodb:// から始め、"
        "ユーザー名とパスワードの中の記号(@ は %40、: は %3A、/ は %2F、% は %25)はパーセントエンコードしてください。"
    ),
}
"""What a word for machines means to an operator, and what they can do."""


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print the text of one of our own errors and exit with 2. Use it with `with`, or as the decorator of a command."""
    try:
        yield
    except MitsumoriError as reason:
        print(f"mitsumori: {_SENTENCES.get(str(reason), reason)}", file=sys.stderr)
        raise typer.Exit(2) from None


@contextmanager
def told(problems: Mapping[str, str]) -> Iterator[None]:
    """As `exit_on_error`, with the sentence that *problems* has for an `Invalid` in a word for machines."""
    with exit_on_error():
        try:
            yield
        except Invalid as reason:
            raise Invalid(problems.get(str(reason), str(reason))) from None
