"""The letters in the mailbox, counted by their ids: none may be there twice."""

import re
from collections import Counter
from pathlib import Path
from typing import Final

_ID: Final = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_HEAD_BYTES: Final = 8_192


def sent_twice(maildir: Path) -> set[str]:
    """The ids of letters that came more than once. Raises `ValueError` for a mail without an id."""
    return {letter for letter, count in copies_in(maildir).items() if count > 1}


def copies_in(maildir: Path) -> Counter[str]:
    """How often each letter came, by its id. Raises as above."""
    return Counter(map(_letter, (maildir / "new").iterdir()))


def _letter(path: Path) -> str:
    with path.open("rb") as file:
        found = _ID.search(file.read(_HEAD_BYTES))
    if found is None:
        raise ValueError(f"no Message-ID in {path.name}")
    return found[1].decode()
