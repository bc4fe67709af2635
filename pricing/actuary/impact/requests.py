"""A file of requests: one JSON object a line, or one JSON array of them. Only the answers are used."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.errors import Invalid


@dataclass(frozen=True, slots=True)
class Requests:
    """The answers of every request that could be read; `places` are their lines, `unreadable` those of the others."""

    answers: tuple[Mapping[str, Any], ...]
    places: tuple[int, ...]
    unreadable: tuple[int, ...]


def read_requests(path: Path) -> Requests:
    """Each request is `{"answers": {…}}` or the answers themselves. Raises `Invalid` where there is none to read."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{path}: ファイルを読めません({error.strerror})。") from None
    except UnicodeDecodeError:
        raise Invalid(f"{path}: UTF-8のファイルではありません。") from None
    values = _in_array(text, path) if text.lstrip().startswith("[") else _in_lines(text)
    requests = [(place, _answers(value)) for place, value in values]
    readable = [(place, answers) for place, answers in requests if answers is not None]
    if not readable:
        raise Invalid(f"{path}: 読み取れる申込みが一件もありません。")
    places, answers = zip(*readable, strict=True)
    return Requests(answers, places, tuple(place for place, answers in requests if answers is None))


def _in_array(text: str, path: Path) -> Iterable[tuple[int, object]]:
    values = _json(text)
    if not isinstance(values, list):
        raise Invalid(f"{path}: JSONの配列として読めません。")
    return enumerate(values, start=1)


def _in_lines(text: str) -> Iterable[tuple[int, object]]:
    # Not by str.splitlines: JSON text may hold U+2028 and its like, which end no line of the file.
    return ((place, _json(line)) for place, line in enumerate(text.split("\n"), start=1) if line.strip())


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _answers(value: object) -> Mapping[str, Any] | None:
    answers = value.get("answers", value) if isinstance(value, dict) else None
    return answers if isinstance(answers, dict) and answers else None
