"""Products with something wrong in them: copies of the real one, each with a change."""

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pricing.tariff import load_priced_products
from services.intake.adapters import typst as intake
from services.notify.adapters.products import load_products_with_letters
from shared.products import Problem, ProductError, load_products
from shared.products.load import collected

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


def load_every_part(products: Path) -> None:
    """Load *products* as every service does: with tariffs, letters and papers. Raises `ProductError`, all at once."""
    problems: list[Problem] = []
    collected(problems, partial(load_priced_products, products))
    collected(problems, partial(load_products, products, intake.check_papers))
    collected(problems, partial(load_products_with_letters, products))
    if problems:
        raise ProductError(problems)


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """The problems that the loaders report in the product in *folder*."""
    try:
        load_every_part(folder.parent)
    except ProductError as error:
        return error.problems
    return ()
