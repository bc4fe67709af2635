"""What `mitsumori disclose` tells as a paper that a person can read: the same, in the same order, with Japanese names.

Whatever the JSON has is on the paper, also what a later version adds and has no name here. Only the bytes of enclosed
files are not: a paper cannot hold them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from local.disclosed_words import LISTS, NAMES, PARTS, WORDS, YEN
from shared.clock import JST
from shared.products.documents import FONTS
from shared.runtime.typst import Show, Typesetter
from shared.runtime.typst_process import TypstProcess

TITLE: Final = "保有個人データの開示"
_TEMPLATES: Final = Path(__file__).parent / "papers"
_LONGEST_S: Final = 300.0
"""Of a person with hundreds of mails."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_NOTES: Final = (
    "この書面は、当社がお客さまについて保有しているもののすべてです。ほかの方の情報と、職員の名前は含みません。日時は日本時間です。",
    "添付ファイルの内容は、この書面には印刷できません。ファイルごとに、名前、大きさ、SHA-256 を示します。",
)
_GAPS: Final = "〓は、この書面で印字できない文字です。お預かりしたとおりに記録しています。"
NOTHING: Final = "なし"
_TOP: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading with labels and values below it. `has_parts`: more headings belong to it, so it may have no rows."""

    level: int
    title: str
    rows: Sequence[tuple[str, str]]
    has_parts: bool = False


async def disclosed_paper(found: Mapping[str, Any]) -> bytes:
    """The PDF of what was *found*. Raises `Invalid`, and never for what is in it."""
    made_at = datetime.fromisoformat(found["disclosed_at"])

    def fill(show: Show) -> dict[str, Any]:
        parts = [part for name in ("requests", "mails_with_links") for part in _listed(name, found[name], _TOP, show)]
        numbers = "、".join(one["reception_no"] for one in found["requests"])
        has_gaps = any("〓" in text for part in parts for row in part.rows for text in row)
        return {
            "title": TITLE,
            "made_at": _moment(found["disclosed_at"]),
            "head": [(NAMES["reception_no"], show(numbers) or NOTHING)],
            "notes": [*_NOTES, *([_GAPS] if has_gaps else [])],
            "parts": parts,
        }

    async with aclosing(TypstProcess(FONTS, _LONGEST_S)) as typst:
        return await Typesetter(FONTS, typst).pdf(_TEMPLATES / "disclosure.typ", _TEMPLATES, fill, made_at)


def _parts(title: str, value: Mapping[str, Any], level: int, show: Show) -> Iterator[Part]:
    """What has a heading of its own comes after what has not, one level deeper."""
    rows: list[tuple[str, str]] = []
    below: list[Part] = []
    for key, one in value.items():
        name = _name(key, show)
        if isinstance(one, list) and key in LISTS:
            below += _listed(key, one, level + 1, show)
        elif isinstance(one, Mapping) and (key in PARTS or key not in NAMES):  # also a section of the form
            below += _parts(name, one, level + 1, show)
        elif isinstance(one, list) and any(isinstance(each, Mapping) for each in one):
            rows += [(f"{name} {number}", _text(key, each, show)) for number, each in enumerate(one, start=1)]
        else:
            rows.append((name, _text(key, one, show)))
    yield Part(level=level, title=title, rows=rows, has_parts=bool(below))
    yield from below


def _listed(key: str, found: Sequence[Any], level: int, show: Show) -> Iterator[Part]:
    name = _name(key, show)
    if any(isinstance(value, list | Mapping) for one in found for value in one.values()):
        for number, one in enumerate(found, start=1):
            yield from _parts(f"{name} {number}", one, level, show)
    else:
        rows = [(f"{name} {number}", _text(key, one, show)) for number, one in enumerate(found, start=1)]
        yield Part(level=level, title=name, rows=rows)


def _text(key: str, value: object, show: Show) -> str:
    if key == "cells" and isinstance(value, Mapping):
        return show(value["note"]) or _text("premium", value["premium"], show)
    if isinstance(value, Mapping):
        lines = (f"{_name(name, show)}: {_text(name, one, show)}" for name, one in value.items())
        return "\n".join(lines) or NOTHING
    if isinstance(value, list):
        is_deep = any(isinstance(one, list) or (key != "cells" and isinstance(one, Mapping)) for one in value)
        return ("\n" if is_deep else "、").join(_text(key, one, show) for one in value) or NOTHING
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, int):
        return f"{value:,}円" if key in YEN else f"{value:,}"
    return _words(key, str(value), show) if value else NOTHING


def _words(key: str, text: str, show: Show) -> str:
    if key == "content":
        return "この書面には印刷できません。"
    if (key == "at" or key.endswith("_at")) and _MOMENT.fullmatch(text):
        return _moment(text)
    return show(WORDS.get(key, {}).get(text, text))


def _name(key: str, show: Show) -> str:
    return NAMES.get(key) or show(key)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text).astimezone(JST)
    return f"{moment:%Y年}{moment.month}月{moment.day}日 {moment:%H時%M分%S秒}"
