"""One line of the file that the National Tax Agency publishes (全件データ, CSV, Unicode).

The columns are those of its リソース定義書 for downloads, 1 to 30. Docs: docs/companies.md.
"""

from collections.abc import Sequence
from typing import Final, Literal

from services.intake.domain.company import Company
from services.intake.domain.corporate_number import is_corporate_number

COLUMNS: Final = 30
_NUMBER, _PROCESS, _NAME = 1, 2, 6
_PREFECTURE, _CITY, _STREET, _POSTAL_CODE = 9, 10, 11, 15
_CLOSED_ON, _LATEST, _READING, _EXCLUDED = 18, 23, 28, 29
_DELETED: Final = "99"
_POSTAL_CODE_LENGTH: Final = 7

Unread = Literal["columns", "number", "name"]
"""What is wrong with a line that cannot be a company."""
Left = Literal["closed", "deleted", "past", "excluded", "abroad"]
"""Why a company is no company to choose: its register is closed, its number was taken back, the line is not its latest,
it is excluded from searches (検索対象除外), or it has no address in Japan."""


def read_row(row: Sequence[str]) -> Company | Left | Unread:
    """The company of *row*, or why there is none."""
    if len(row) != COLUMNS:
        return "columns"
    if not is_corporate_number(row[_NUMBER]):
        return "number"
    if not row[_NAME].strip():
        return "name"
    return _left_out(row) or _company(row)


def _left_out(row: Sequence[str]) -> Left | None:
    if row[_PROCESS] == _DELETED:
        return "deleted"
    if row[_LATEST] == "0":
        return "past"
    if row[_CLOSED_ON]:
        return "closed"
    if row[_EXCLUDED] == "1":
        return "excluded"
    return None if row[_PREFECTURE] else "abroad"


def _company(row: Sequence[str]) -> Company:
    code = row[_POSTAL_CODE]
    return Company(
        number=row[_NUMBER],
        name=row[_NAME],
        reading=row[_READING],
        postal_code=code if len(code) == _POSTAL_CODE_LENGTH and code.isascii() and code.isdecimal() else "",
        place=row[_PREFECTURE] + row[_CITY] + row[_STREET],
    )
