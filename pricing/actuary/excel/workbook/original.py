"""The tariff that a workbook was made of, kept in a hidden sheet, so that all that was not edited keeps its text."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from pricing.actuary.excel.workbook.cells import cell_at, set_text
from shared.errors import Invalid

ORIGINAL_TITLE: Final = "_original"
FORMAT: Final = "mitsumori tariff 1"


def write_original(sheet: Worksheet, content: bytes) -> None:
    """The file, a line to a cell, each in quotes so that no spreadsheet can change a space or a sign in it."""
    lines = (json.dumps(line, ensure_ascii=False) for line in content.decode().split("\n"))
    for number, line in enumerate((FORMAT, sha256(content).hexdigest(), *lines), start=1):
        set_text(cell_at(sheet, number, 1), line)
    sheet.sheet_state = "veryHidden"


def read_original(cells: Sequence[str]) -> bytes:
    """The file from the first column of its sheet. Raises `Invalid` when it is not there, or has been changed."""
    if cells[:1] != [FORMAT]:
        raise Invalid("`mitsumori tariff export` で作った Excel ではありません。")
    try:
        content = "\n".join(str(json.loads(line)) for line in cells[2:]).encode()
    except ValueError:
        content = b""
    if sha256(content).hexdigest() != cells[1]:
        raise Invalid("隠しシートの原本が書き換えられています。もう一度 export してください。")
    return content
