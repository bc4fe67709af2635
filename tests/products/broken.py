"""Products with something wrong in them: copies of the real one, each with a change."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from shared.products import Problem, ProductError, load_product, load_products

ORIGINAL = load_products()["cyber-security"].folder


@dataclass(frozen=True)
class Change:
    """In *file*, *old* becomes *new*; *message* must come about *key*, in the line that has *at* (or else *new*)."""

    file: str
    old: str
    new: str
    key: str
    message: str
    at: str = ""


def copy_of_the_product(into: Path) -> Path:
    """A whole product of our own to break."""
    return Path(shutil.copytree(ORIGINAL, into / "cyber-security"))


def edit(path: Path, old: str, new: str) -> str:
    """Replace the one place that says *old*; the file's new text."""
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in {path.name}")
    changed = text.replace(old, new)
    path.write_text(changed, encoding="utf-8")
    return changed


def problem_of(change: Change, folder: Path) -> Problem:
    """Make the *change*; the complaint that should come."""
    path = folder / change.file
    lines = edit(path, change.old, change.new).splitlines()
    [line] = [number for number, text in enumerate(lines, start=1) if (change.at or change.new) in text]
    return Problem(path, line, change.key, change.message)


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """What the loader says of *folder*."""
    try:
        load_product(folder)
    except ProductError as error:
        return error.problems
    return ()
