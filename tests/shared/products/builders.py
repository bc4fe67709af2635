"""Products with something wrong in them: copies of the real one, each with a change."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pricing.tariff import load_priced_product
from shared.products import Problem, ProductError, load_products

ORIGINAL = load_products()["cyber-security"].folder
HERE = "# here"


@dataclass(frozen=True)
class Change:
    """In *file*, *old* becomes *new*; *message* must come about *key*, in the line of `# here`, or of *new*."""

    file: str
    old: str
    new: str
    key: str
    message: str

    def make(self, folder: Path) -> Problem:
        """Make the change in the product in *folder*; the problem that should be reported."""
        path = folder / self.file
        before = replace_once(path, self.old, self.new)
        line = before.count("\n") + self.new.partition(HERE)[0].count("\n") * (HERE in self.new) + 1
        return Problem(path, line, self.key, self.message)


def copy_of_the_product(into: Path) -> Path:
    """A whole product for a test to change."""
    return Path(shutil.copytree(ORIGINAL, into / "cyber-security"))


def replace_once(path: Path, old: str, new: str) -> str:
    """Replace the only occurrence of *old*; the text before it."""
    before, *rest = path.read_text(encoding="utf-8").split(old)
    if len(rest) != 1:
        raise AssertionError(f"{old!r} appears {len(rest)} times in {path.name}")
    path.write_text(before + new + rest[0], encoding="utf-8")
    return before


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """The problems that the loader reports in *folder*."""
    try:
        load_priced_product(folder)
    except ProductError as error:
        return error.problems
    return ()
