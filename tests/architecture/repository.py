"""The repository as the architecture tests see it: its files, its packages, its compose file."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from services import registry

ROOT: Final = Path(__file__).parents[2]
SERVICES: Final = tuple(service.name for service in registry.SERVICES)
PACKAGES: Final = ("cli", "local", "pricing", "services", "shared")
"""What is installed; tests and benchmarks are not."""


def tracked_files() -> list[Path]:
    """What a commit would hold: files that git knows or would add."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(path for name in listing.split("\0") if name and (path := ROOT / name).is_file())


def text_files() -> Iterator[tuple[Path, str]]:
    """Every tracked file of ours that is text, with its text."""
    for path in tracked_files():
        if "vendor" in path.parts:
            continue
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT), content.decode("utf-8")


def imports_of(path: Path) -> Iterator[str]:
    """The modules that a Python file imports, by full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module


def compose() -> dict[str, Any]:
    """docker-compose.yml, with its anchors resolved."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found
