"""Copies of the real product: with something wrong in them, or after a release that changed the form."""

import shutil
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from pricing.tariff import load_priced_products
from pricing.tariff.published import publish
from services.intake.adapters import typst as intake
from services.notify.adapters.products import load_products_with_letters
from shared.products import Form, Problem, ProductError, load_form, load_products
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


Edit = tuple[str, str]
"""What stands in form.yaml, and what comes in its place."""

RENAMED_PLAN: Edit = ("{value: basic, label: ベーシック}", "{value: basic, label: スタンダード}")
_COST_LIMIT: Final = """\
            label: {}
            hint: 一連の事故・保険期間中
            choices:
              - {{value: "10000000", label: "1,000万円"}}
              - {{value: "20000000", label: "2,000万円"}}
              - {{value: "30000000", label: "{}"}}
"""
RENAMED_LIMIT: Edit = (
    _COST_LIMIT.format("費用損害の支払限度額", "3,000万円"),
    _COST_LIMIT.format("費用の限度額", "三千万円"),
)
"""A term of the cover, with one of its choices: the table on the 見積書 names both."""
REMOVED_INDUSTRY: Edit = ("              - {value: retail, label: 小売業}\n", "")
REMOVED_RIDER: Edit = (
    """\
          - key: rider_leak_only
            kind: choice
            label: 情報漏えい限定補償特約
            hint: 補償の対象を、情報の漏えいまたはそのおそれに限ります。ベーシックにのみ付帯できます。
            scale: attached
            default: no
            required: true
""",
    "",
)
REMOVED_RULE: Edit = (
    """\
  - when: {rider_leak_only: yes, not: {plan: basic}}
    key: rider_leak_only
    code: leak-only-needs-basic
    message: 情報漏えい限定補償特約は、プランが「ベーシック」の場合にのみ付帯できます
""",
    "",
)
"""Goes with the rider: a rule speaks only of questions that there are."""
REWORDED_DECLARATION: Edit = (
    "label: セキュリティポリシー または情報セキュリティポリシー を策定している。",
    "label: 情報セキュリティの方針を、経営者が文書で定めている。",
)


def a_release_of(folder: Path, *edits: Edit) -> Path:
    """A copy in *folder* of the product, after a release with *edits* of its form. The form before is kept."""
    product = copy_of_the_product(folder)
    release_form(product, *edits)
    return product


def release_form(product: Path, *edits: Edit) -> Form:
    """Give the form of *product* a new version with these *edits*, and keep the one before, which is returned."""
    path = product / "form.yaml"
    before = load_form(path, "")
    former = product / "former-forms" / f"{before.version}.yaml"
    former.parent.mkdir(exist_ok=True)
    former.write_bytes(path.read_bytes())
    day = before.version.partition("+")[0]
    a_year_later = f"{int(day[:4]) + 1}{day[4:]}"
    for old, new in ((f'version: "{day}"', f'version: "{a_year_later}"'), *edits):
        replace_once(path, old, new)
    return before


def a_release_without_retail(folder: Path) -> Path:
    """Retail is sold no more: from April the form does not offer it, and a new tariff has no price for it."""
    product = a_release_of(folder, REMOVED_INDUSTRY)
    text = (product / "tariff" / "2026-10-01.yaml").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.strip().startswith("retail:")]
    content = "\n".join(lines).replace('tariff: "2026-10-01"', 'tariff: "2027-04-01"').encode()
    publish(product / "tariff", "2027-04-01.yaml", content, sha256(content).hexdigest())
    return product
