"""Codes that change every 30 seconds: the values of RFC 6238, and what is not accepted."""

from datetime import UTC, datetime, timedelta

import pytest

from services.dashboard.domain.second_step import (
    SecondStep,
    address_of,
    as_text,
    code_of,
    from_text,
    matching_step,
    recovery_codes,
    recovery_digest,
)

KEY = b"12345678901234567890"
NOW = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        pytest.param(59, "287082", id="1970-01-01 00:00:59"),
        pytest.param(1_111_111_109, "081804", id="2005-03-18 01:58:29"),
        pytest.param(1_111_111_111, "050471", id="2005-03-18 01:58:31"),
        pytest.param(1_234_567_890, "005924", id="2009-02-13 23:31:30"),
        pytest.param(2_000_000_000, "279037", id="2033-05-18 03:33:20"),
        pytest.param(20_000_000_000, "353130", id="2603-10-11 11:33:20"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    assert code_of(KEY, seconds // 30) == code


@pytest.mark.parametrize(("steps_away", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong_and_not_more(steps_away: int, accepted: bool) -> None:  # noqa: FBT001  # a row
    found = matching_step(KEY, code_of(KEY, STEP + steps_away), NOW)

    assert found == (STEP + steps_away if accepted else None)


def test_a_code_that_was_used_or_is_older_does_not_match_again() -> None:
    second = SecondStep(key=KEY, last_step=STEP, recovery=frozenset())

    codes = [code_of(KEY, STEP + away) for away in (-1, 0, 1)]

    assert [second.match(code, NOW) for code in codes] == [None, None, STEP + 1]


def test_a_code_may_be_typed_as_apps_show_it() -> None:
    second, code = SecondStep(key=KEY, last_step=0, recovery=frozenset()), code_of(KEY, STEP)

    assert second.match(f" {code[:3]} {code[3:]}", NOW) == STEP
    assert second.match(code, NOW + timedelta(minutes=2)) is None


def test_a_recovery_code_matches_however_it_is_typed() -> None:
    [code] = recovery_codes([bytes(range(10))])
    second = SecondStep(key=KEY, last_step=0, recovery=frozenset({recovery_digest(code)}))

    assert code == "aaaq-eaye-aude-scbt"[:4] + code[4:]
    assert {second.match(typed, NOW) for typed in (code, code.upper(), code.replace("-", " "))} == {
        recovery_digest(code)
    }
    assert second.match("aaaa-aaaa-aaaa-aaaa", NOW) is None


def test_without_its_key_no_code_is_right() -> None:
    """The codes of an empty key are known to everybody."""
    assert SecondStep(key=b"", last_step=0, recovery=frozenset()).match(code_of(b"", STEP), NOW) is None


@pytest.mark.parametrize("text", ["", "x", "AAAA", "A" * 33, "あ"])
def test_what_is_no_key_is_none(text: str) -> None:
    assert from_text(text) is None
    assert from_text(as_text(KEY)) == KEY


def test_apps_read_the_key_and_the_account_from_the_address() -> None:
    address = address_of(KEY, "tanaka")

    assert address.startswith("otpauth://totp/%E8%A6%8B")
    assert address.partition(":")[2].partition("?")[0].endswith(":tanaka")
    assert f"secret={as_text(KEY)}&" in address
