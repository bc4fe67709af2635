"""The repository as the architecture tests see it: its files, its packages, its compose file, its image."""

import ast
import re
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


def compose(*, file: str = "docker-compose.yml", **variables: str) -> dict[str, Any]:
    """*file* as Compose reads it where *variables* are set, with its anchors resolved.

    A variable that it needs and that is not set is a word in capitals: its own name.
    """
    text = (ROOT / file).read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(
        re.sub(
            r"\$\{(\w+)(?::([-?])([^}]*))?\}",
            lambda variable: variables.get(variable[1], variable[3] if variable[2] == "-" else variable[1]),
            text,
        )
    )
    return found


def dockerfile() -> dict[str, str]:
    """The stages of the image by name, each from its `FROM`; the last one, which is the image, is called `image`."""
    text = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    stages = re.split(r"^(?=FROM )", text, flags=re.MULTILINE)[1:]
    names = [re.match(r"FROM \S+ AS (\w+)$", stage, re.MULTILINE) for stage in stages]
    return {name[1] if name else "image": stage for name, stage in zip(names, stages, strict=True)}
