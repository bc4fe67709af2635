"""No personal data in a log, however careless a log call is."""

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel, ValidationError

from shared.errors import Unavailable
from shared.runtime.logs import set_up_logs

CANARIES = ("カナリヤ商事", "canary@example.jp", "03-1234-5678", "秘密の告知")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    before, usual = logging.getLogger().handlers, structlog.get_config()
    set_up_logs("rating", "json")
    stream = io.StringIO()
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    yield stream
    logging.getLogger().handlers = before
    structlog.configure(**usual)


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def assert_no_canary(stream: io.StringIO) -> None:
    assert not [canary for canary in CANARIES if canary in stream.getvalue()]


def test_a_fact_on_the_allow_list_is_shown(lines: io.StringIO) -> None:
    structlog.get_logger("t").info("quote offered", quote_id="q-1", premium_yen=67_000)

    (line,) = logged(lines)
    assert (line["event"], line["quote_id"], line["premium_yen"]) == ("quote offered", "q-1", 67_000)
    assert (line["service"], line["level"]) == ("rating", "info")


def test_any_other_key_is_hidden(lines: io.StringIO) -> None:
    structlog.get_logger("t").info("careless", company=CANARIES[0], email=CANARIES[1])

    assert_no_canary(lines)
    assert logged(lines)[0]["company"] == "[hidden]"


def test_another_librarys_sentence_loses_its_addresses_and_numbers(lines: io.StringIO) -> None:
    logging.getLogger("smtp").warning("refused %s, call %s", CANARIES[1], CANARIES[2])

    assert_no_canary(lines)
    assert logged(lines)[0]["event"] == "refused [mail], call [number]"


def test_quoted_input_of_a_validation_error_is_hidden(lines: io.StringIO) -> None:
    class Form(BaseModel):
        turnover: int

    with pytest.raises(ValidationError) as refusal:
        Form.model_validate({"turnover": CANARIES[3]})
    logging.getLogger("fast_depends").error("failed: %s", refusal.value)

    assert_no_canary(lines)


def test_an_exception_shows_where_it_passed_but_not_its_text(lines: io.StringIO) -> None:
    try:
        try:
            raise ValueError(CANARIES[0])
        except ValueError as error:
            raise Unavailable("mongo") from error
    except Unavailable:
        structlog.get_logger("t").exception("record failed")

    assert_no_canary(lines)
    exception = logged(lines)[0]["exception"]
    assert exception[0] == "Unavailable: mongo"
    assert "ValueError" in exception


def test_an_exception_in_another_librarys_line_is_treated_alike(lines: io.StringIO) -> None:
    try:
        raise ValueError(CANARIES[3])
    except ValueError:
        logging.getLogger("uvicorn.error").exception("in ASGI application")

    assert_no_canary(lines)


@pytest.mark.parametrize("text", ["x" * 60_000, "x." * 30_000, "0" * 60_000, "0-" * 30_000, "dup key: " * 6_000])
def test_a_long_line_is_cut_and_costs_no_more_than_it_is_long(lines: io.StringIO, text: str) -> None:
    """A line of 60 KB once took ten seconds, in which nothing else of the process worked."""
    started = time.process_time()
    logging.getLogger("smtp").warning("%s", text)
    structlog.get_logger("t").info("step", reason=text)

    assert time.process_time() - started < 0.1
    assert all(len(line["event"]) <= 2_001 and len(line.get("reason", "")) <= 2_001 for line in logged(lines))


def test_an_address_at_the_end_of_a_long_line_is_not_cut_in_half(lines: io.StringIO) -> None:
    logging.getLogger("smtp").warning("%s %s", "x" * 1_990, CANARIES[1])

    assert_no_canary(lines)
    assert "canary" not in lines.getvalue()


def test_a_line_that_nobody_reads_any_more_fails_no_request(lines: io.StringIO) -> None:
    lines.close()

    structlog.get_logger("t").info("request accepted")


class _Unprintable:
    def __repr__(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize("value", [{("a", "b"): 1}, _Unprintable()], ids=["no JSON", "no text"])
def test_a_value_that_cannot_be_written_fails_no_work(lines: io.StringIO, value: object) -> None:
    structlog.get_logger("t").info("careless", kind=value)

    (line,) = logged(lines)
    assert (line["event"], line["level"]) == ("careless", "info")


@pytest.mark.usefixtures("lines")
def test_half_a_character_costs_no_line() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)

    structlog.get_logger("t").info("careless", kind="\ud83d")

    stream.seek(0)
    assert json.loads(stream.read())["event"] == "careless"
