"""Each letter has its own return path, and only we can make one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.return_path import LONGEST_OWN_NAME, ReturnPath, is_aligned, names_a_letter

LETTER = "5c0e2a3e-0b3f-5a51-9c58-2d5d7e6a9b10"
OLD, NEW = b"o" * 32, b"n" * 32
OURS = ReturnPath("bounces@agency.example", {"notify-1": OLD})


def test_a_report_that_comes_to_the_return_path_names_its_letter() -> None:
    address = OURS.of_letter(LETTER)

    assert address.startswith(f"bounces+{LETTER}-")
    assert OURS.letter_of(address) == LETTER


def test_a_mail_server_that_changes_the_case_of_an_address_changes_nothing() -> None:
    assert OURS.letter_of(OURS.of_letter(LETTER).upper()) == LETTER


def test_a_stranger_who_knows_the_id_of_a_letter_cannot_report_it() -> None:
    """Ids are in events, in logs and in the Message-ID of a mail that somebody forwarded."""
    stranger = ReturnPath("bounces@agency.example", {"notify-1": b"guess" * 6 + b"xy"})

    assert OURS.letter_of(stranger.of_letter(LETTER)) is None
    assert OURS.letter_of(f"bounces+{LETTER}@agency.example") is None


@given(text=st.text(max_size=200))
def test_any_other_text_names_no_letter(text: str) -> None:
    assert OURS.letter_of(text) is None


def test_a_letter_that_was_sent_before_a_new_key_is_still_known() -> None:
    rotated = ReturnPath(OURS.address, {"notify-1": OLD, "notify-2": NEW})

    assert rotated.letter_of(OURS.of_letter(LETTER)) == LETTER
    assert rotated.of_letter(LETTER) == ReturnPath(OURS.address, {"notify-2": NEW}).of_letter(LETTER)


def test_a_letter_with_an_id_of_another_form_has_the_plain_address() -> None:
    assert OURS.of_letter("no uuid\r\nRCPT TO:<x@y.example>") == "bounces@agency.example"


def test_the_longest_name_gives_an_address_that_mail_servers_must_take() -> None:
    longest = ReturnPath("b" * LONGEST_OWN_NAME + "@agency.example", {"notify-1": OLD}).of_letter(LETTER)

    assert len(longest.rpartition("@")[0]) == 64
    assert names_a_letter(longest)


@pytest.mark.parametrize(
    ("return_path", "is_so"),
    [
        ("bounces@agency.example", True),
        ("bounces@mail.AGENCY.example", True),
        ("bounces@agency.example.evil.example", False),
        ("bounces@notagency.example", False),
        ("bounces@example", False),
    ],
)
def test_a_return_path_counts_for_the_domain_of_the_sender_or_one_below_it(return_path: str, *, is_so: bool) -> None:
    assert is_aligned(return_path, "noreply@agency.example") is is_so
