"""Which version this is, for `mitsumori --version` and for whoever reports a fault."""

import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
RECORDED: Final = _HERE / "commit.txt"
"""Written by the build of the image (deploy/Dockerfile), where there is no git."""


def version() -> str:
    """`0.1.0 (67db9b1)`; without the commit where neither the build nor git knows it."""
    number = metadata.version("mitsumori")
    commit = _recorded() or _checked_out()
    return f"{number} ({commit})" if commit else number


def _recorded() -> str:
    return RECORDED.read_text("ascii").strip() if RECORDED.is_file() else ""


def _checked_out() -> str:
    root = _HERE.parent
    if not (root / ".git").exists():
        return ""  # An installed package may lie inside somebody else's checkout.
    command = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # our own words
    except (OSError, subprocess.CalledProcessError):
        return ""
