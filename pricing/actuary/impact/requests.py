"""A file of real requests: one JSON object a line, or one JSON array of them. Only the answers are looked at."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Requests:
    """The answers of every request that could be read; `places` are their lines, `bad` those of the others."""

    answers: tuple[Mapping[str, Any], ...]
    places: tuple[int, ...]
    bad: tuple[int, ...]


def read_requests(path: Path) -> Requests:
    """Each request is `{"answers": {…}}` or the answers themselves. Raises `Invalid` where there is none to read."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path}: ファイルを読めません({error.strerror})。") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path}: UTF-8のファイルではありません。") from None
    found = [(place, _answers(one)) for place, one in (_in_array(text, path) if _is_array(text) else _in_lines(text))]
    good = [(place, answers) for place, answers in found if answers is not None]
    if not good:
        raise Invalid(f"{path}: 読み取れる申込みが一件もありません。")
    places, answers = zip(*good, strict=True)
    return Requests(answers, places, tuple(place for place, answers in found if answers is None))


def _is_array(text: str) -> bool:
    return text.lstrip().startswith("[")


def _in_array(text: str, path: Path) -> Iterable[tuple[int, object]]:
    found = _json(text)
    if not isinstance(found, list):
        raise Invalid(f"{path}: JSONの配列として読めません。")
    return enumerate(found, start=1)


def _in_lines(text: str) -> Iterable[tuple[int, object]]:
    # Not by str.splitlines: JSON text may hold U+2028 and its like, which end no line of the file.
    return ((place, _json(line)) for place, line in enumerate(text.split("\n"), start=1) if line.strip())


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _answers(one: object) -> Mapping[str, Any] | None:
    answers = one.get("answers", one) if isinstance(one, dict) else None
    return answers if isinstance(answers, dict) and answers else None
