"""Releases of a product: its form changes, and the one before is kept (CONTRIBUTING.md)."""

from pathlib import Path
from typing import Final

from shared.products import Form, load_form
from tests.shared.products.builders import copy_of_the_product, replace_once

Edit = tuple[str, str]
"""What stands in form.yaml, and what comes in its place."""

VERSION: Edit = ('version: "2026-10-01"', 'version: "2027-04-01"')
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
    for old, new in (VERSION, *edits):
        replace_once(path, old, new)
    return before
