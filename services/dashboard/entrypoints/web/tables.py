"""Writes tables as CSV and XLSX, piece by piece. What customers typed stays text: it never becomes a formula."""

import asyncio
import csv
import io
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import WriteOnlyCell

from services.dashboard.entrypoints.web.visible import visible
from services.dashboard.entrypoints.web.wording import jst
from shared.clock import JST

Cell = str | int | datetime | None
Rows = AsyncIterable[Sequence[Cell]]

_CARE: Final = re.compile(
    r"[=+\-@#\t\r＝＋－＠]"
    # A number, a fraction, a day or a time, with what belongs to them: `1,200`, `12345E67`, `1/2`, `1-2-3`, `1:30 PM`.
    r"|[(（\\¥￥$]?[0-9０-９][0-9０-９.,/:eE%() \-．，／：％）年月日時分秒]*( ?[AaPp][Mm]?)?\Z"
    # A day with the name of its month, or a year of an era.
    r"|[0-9]{1,2}[ \-/]?[A-Za-z]{3,9}([ \-/,].*)?\Z|[A-Za-z]{3,9}[ \-/]?[0-9]{1,4}\b"
    r"|([MTSHRmtshr]|明治|大正|昭和|平成|令和)[0-9元]{1,2}[./\-年]"
)
"""Text that Excel would read as a formula, an error, a number or a day: it drops leading zeros, and a 受付番号 like
12345E67 is a power of ten to it. Only this is marked as text, because marking takes longer than writing."""
_LONGEST: Final = 32_767
"""Characters in a cell of Excel."""
_CHUNK: Final = 64 * 1024


async def as_csv(rows: Rows) -> AsyncIterator[bytes]:
    """UTF-8 with a byte order mark, without which Excel reads Japanese as garbage."""
    yield b"\xef\xbb\xbf"
    async for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([_in_csv(cell) for cell in row])
        yield line.getvalue().encode()


async def as_xlsx(rows: Rows) -> AsyncIterator[bytes]:
    """A workbook with one sheet. Its rows wait in a file, not in memory."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("一覧")
    async for row in rows:
        cells: list[object] = []
        for value in row:
            plain = _in_excel(value)
            if isinstance(plain, str) and _needs_care(plain):
                cell = WriteOnlyCell(sheet, plain)
                cell.data_type, cell.number_format = "s", "@"
                cells.append(cell)
            else:
                cells.append(plain)
        sheet.append(cells)
    with tempfile.TemporaryFile() as file:
        # It compresses everything, which takes seconds for a long list.
        await asyncio.to_thread(workbook.save, file)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


Write = Callable[[Rows], AsyncIterator[bytes]]
KINDS: Final[Mapping[str, tuple[str, Write]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
"""The content type and the writer of each kind of file."""


def _needs_care(text: str) -> bool:
    return bool(_CARE.match(text))


def _in_csv(cell: Cell) -> str | int:
    match cell:
        case str():
            text = visible(cell)
            return f"'{text}" if _needs_care(text) else text
        case datetime():
            return jst(cell)
        case _:
            return "" if cell is None else cell


def _in_excel(cell: Cell) -> str | int | datetime | None:
    match cell:
        case str():
            return visible(cell)[:_LONGEST]
        case datetime():
            return cell.astimezone(JST).replace(tzinfo=None)
        case _:
            return cell
