"""Logs: constant texts with the facts as keys, JSON in production, and no personal data.

Only the keys of `ALLOWED` are shown; the value of any other is hidden, so a careless log call leaks nothing. Lines of
other libraries go through the same processors. Exceptions are shown as their class and where they were raised, never
with their text (pydantic quotes input, Mongo quotes keys, SMTP quotes recipients), unless the error is one of ours.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, Final, Literal, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from shared.errors import MitsumoriError
from shared.runtime.log_repeats import Repeats

ALLOWED: Final = frozenset(
    {
        *("event", "level", "logger", "timestamp", "service", "exception"),
        *("request_id", "reception_no", "quote_id", "letter_id", "product", "kind", "revision", "state", "account"),
        *("premium_yen", "tariff", "engine", "reason", "code", "reply_code", "error", "outcome", "step"),
        *("topic", "partition", "offset", "type", "group", "lag", "count", "case_count", "key_count"),
        *("tries", "attempt", "took_ms", "wait_s", "host", "port", "url", "path", "method", "status", "trace_id"),
        "subscription",
    }
)
_LONGEST_TEXT: Final = 2_000
_PERSONAL: Final = (
    # It begins where a word begins: from each character of a long word, it would take the square of its length.
    (re.compile(r"(?<![^\s@<>'\"=])[^\s@<>'\"=]+@[^\s@<>'\",;:)\]]+"), "[mail]"),
    (re.compile(r"(?<![\w-])\+?\d{2,4}[-ー(\s]?\d{2,4}[-ー)\s]?\d{3,4}(?![\w-])"), "[number]"),
    (re.compile(r"(input_value=|dup key: ).*", re.DOTALL), r"\1[hidden]"),
)


def set_up_logs(service: str, style: Literal["console", "json"]) -> None:
    """Send every line of this process to stdout in one style; call once, before anything is logged."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _named(service),
        _exception_without_text,
        redact,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(_as_json)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())
    )
    handler = logging.StreamHandler(sys.stdout)
    structlog.configure(
        processors=[*shared, last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda name="": _Lines(name, handler),
        cache_logger_on_first_use=True,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[scrub, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for library in ("aiokafka", "faststream", "pymongo", "uvicorn", "asyncio", "mail"):
        logging.getLogger(library).setLevel(logging.WARNING)
    # FastStream warns at every start that it makes no topics, which is how we want it.
    logging.getLogger("delivery").setLevel(logging.ERROR)


class _Lines:
    """Writes our own lines where *handler* writes those of other libraries.

    They do not go through `logging`, which makes two records of each line: that was most of what a line cost.
    """

    def __init__(self, name: str, handler: "logging.StreamHandler[TextIO]") -> None:
        self.name = name
        self._handler = handler

    def info(self, line: str) -> None:
        """A line that cannot be written is lost: no request fails because nobody reads the log any more."""
        self._handler.acquire()
        try:
            with suppress(OSError, ValueError):
                # Half a character from outside must not cost the line.
                self._handler.stream.write(f"{line}\n".encode(errors="backslashreplace").decode())
                self._handler.stream.flush()
        finally:
            self._handler.release()

    debug = warning = error = critical = info


_encode: Final = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _as_json(line: EventDict, **_: object) -> str:
    try:
        return _encode(line)
    except Exception as error:  # noqa: BLE001  # no work fails because of what it says of itself
        kept = {key: line[key] for key in ("event", "level", "logger", "timestamp", "service") if key in line}
        return _encode(kept | {"error": type(error).__name__})


def redact(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Hide the value of every key that is not in `ALLOWED`, and cut texts after 2,000 characters."""
    return {key: _cut(value) if key in ALLOWED or key.startswith("_") else "[hidden]" for key, value in line.items()}


def _cut(value: object) -> object:
    is_long = isinstance(value, str) and len(value) > _LONGEST_TEXT
    return f"{value[:_LONGEST_TEXT]}…" if isinstance(value, str) and is_long else value


def scrub(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Mask mail addresses, numbers that may be telephone numbers, and quoted input in another library's sentence."""
    text = str(line["event"])
    for pattern, mask in _PERSONAL:
        text = pattern.sub(mask, text)
    line["event"] = text
    return line


def _named(service: str) -> Processor:
    def name(_logger: object, _method: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    return name


def _exception_without_text(_logger: object, _method: str, line: MutableMapping[str, Any]) -> EventDict:
    raised: ExcInfo | BaseException | bool | None = line.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()  # type: ignore[assignment]  # inside an except block it is complete
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        line["exception"] = describe(error)
    return line


def describe(error: BaseException) -> list[str]:
    """Where *error* and its causes were raised, innermost last. Only our own texts: others may quote what was sent."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        text = f": {cause}" if isinstance(cause, MitsumoriError) else ""
        lines.append(type(cause).__name__ + text)
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
        cause = cause.__cause__ or cause.__context__
    return lines
