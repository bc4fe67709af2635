"""Writes tables as CSV and XLSX, piece by piece. What customers typed stays text: it never becomes a formula."""

import asyncio
import csv
import io
import re
import tempfile
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from xlsxwriter import Workbook

from services.dashboard.entrypoints.web.visible import visible
from services.dashboard.entrypoints.web.wording import jst
from shared.clock import JST

Cell = str | int | date | datetime | None
Rows = AsyncIterable[Sequence[Cell]]

_DIGIT: Final = "[0-9０-９]"
_MONTHS: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_CARE: Final = re.compile(
    "|".join(
        (
            r"[=+\-@#\t\r＝＋－＠]",
            # 1,200  12345E67  (5)  ¥100  50%  and 1 1/2
            rf"[(（\\¥￥$]?{_DIGIT}[0-9０-９.,．，]*(?:e[0-9]+)?[)）%％]?\Z",
            rf"{_DIGIT}+ {_DIGIT}+/{_DIGIT}+\Z",
            # 1/2  1-2-3  2026/1/2 10:00  3-2026: telephone numbers and postal codes are no days.
            rf"{_DIGIT}{{1,4}}[-/.．／]{_DIGIT}{{1,2}}(?:[-/.．／]{_DIGIT}{{1,4}})?(?:[ T].*)?\Z",
            rf"{_DIGIT}{{1,2}}[-/／]{_DIGIT}{{4}}\Z",
            # 1:30  1:30:05 PM
            rf"{_DIGIT}{{1,4}}[:：]{_DIGIT}{{1,2}}(?:[:：][0-9.]+)?(?: ?[ap]m?)?\Z",
            # 2026年1月2日  3月4日  10時30分  R8.1.2
            rf"(?:{_DIGIT}{{1,4}}年)?{_DIGIT}{{1,2}}月(?:{_DIGIT}{{1,2}}日)?\Z|{_DIGIT}{{1,2}}時{_DIGIT}{{1,2}}分",
            rf"(?:[MTSHR]|明治|大正|昭和|平成|令和)(?:{_DIGIT}{{1,2}}|元)[-./年]{_DIGIT}",
            # 1-Jan  5 March 2026  Jan 5, 2026
            rf"[0-9]{{1,2}}[ \-/]?{_MONTHS}(?:[ \-/,]+[0-9]{{1,4}})?\Z",
            rf"{_MONTHS}[ \-/]?[0-9]{{1,4}}(?:, ?[0-9]{{4}})?\Z",
        )
    ),
    re.IGNORECASE,
)
"""Text of a CSV file that Excel would read as a formula, an error, a number or a day: it drops leading zeros, and a
受付番号 like 12345E67 is a power of ten to it."""
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
    with tempfile.TemporaryFile() as file:
        workbook = Workbook(file, {"constant_memory": True})
        sheet, text = workbook.add_worksheet("一覧"), workbook.add_format({"num_format": "@"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        number = -1
        async for row in rows:
            number += 1
            for column, cell in enumerate(row):
                match cell:
                    case str():
                        sheet.write_string(number, column, visible(cell)[:_LONGEST], text)
                    case int():
                        sheet.write_number(number, column, cell)
                    case datetime():
                        sheet.write_datetime(number, column, cell.astimezone(JST).replace(tzinfo=None), moment)
                    case date():
                        sheet.write_datetime(number, column, cell, day)
        # It compresses everything, which takes seconds for a long list.
        await asyncio.to_thread(workbook.close)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


Write = Callable[[Rows], AsyncIterator[bytes]]
KINDS: Final[Mapping[str, tuple[str, Write]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
"""The content type and the writer of each kind of file."""


def _in_csv(cell: Cell) -> str | int:
    match cell:
        case str():
            text = visible(cell)
            return f"'{text}" if _CARE.match(text) else text
        case datetime():
            return jst(cell)
        case date():
            return cell.isoformat()
        case _:
            return "" if cell is None else cell
