"""The version and the commit of this code, for `mitsumori --version`."""

import subprocess
from importlib import metadata
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
COMMIT_FILE: Final = _HERE / "commit.txt"
"""The build of the image (deploy/Dockerfile) writes it, because the image has no git."""


def version() -> str:
    """`0.1.0 (67db9b1)`; without the commit where neither the build nor git knows it."""
    number = metadata.version("mitsumori")
    commit = _commit_of_image() or _commit_of_checkout()
    return f"{number} ({commit})" if commit else number


def _commit_of_image() -> str:
    return COMMIT_FILE.read_text("ascii").strip() if COMMIT_FILE.is_file() else ""


def _commit_of_checkout() -> str:
    root = _HERE.parent
    if not (root / ".git").exists():
        return ""  # An installed package may be inside the checkout of another project.
    command = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # a fixed command
    except (OSError, subprocess.CalledProcessError):
        return ""
