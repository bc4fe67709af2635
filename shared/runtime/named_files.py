"""What is in a file that a variable `…_FILE` names: read by services and by commands, which import nothing heavy."""

from pathlib import Path
from typing import Final

SUFFIX: Final = "_FILE"


def secret_in(path: Path) -> str:
    """What the file holds, without the line's end. Raises `ValueError`, which says why not, and not what is in it."""
    try:
        text = path.read_text("utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"names a file that cannot be read ({type(error).__name__})") from None
    if not text:
        raise ValueError("names a file that is empty")
    return text
