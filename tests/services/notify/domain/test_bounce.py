"""What comes back to us, in the shapes in which mail servers and programs write it: what each means for its letter.

The samples in bounces/ are written for this table, after the shapes that are publicly known; all names are invented.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.bounce import Bounce, NoBounce, meaning
from services.notify.domain.inbound_mail import InboundMail, taken_apart
from shared.events import BounceReason, BounceType

FOLDER = Path(__file__).parent / "bounces"
SAMPLES = {path.stem: path for path in sorted(FOLDER.glob("*.eml"))}


def hard(reason: BounceReason, status: str | None = None, code: int | None = None) -> Bounce:
    return bounce("hard", reason, status, code)


def soft(reason: BounceReason, status: str | None = None, code: int | None = None) -> Bounce:
    return bounce("soft", reason, status, code)


def blocked(status: str | None = None, code: int | None = None) -> Bounce:
    return bounce("blocked", "blocked", status, code)


def bounce(kind: BounceType, reason: BounceReason, status: str | None, code: int | None) -> Bounce:
    return Bounce(type=kind, reason=reason, status=status, reply_code=code)


MEANINGS: dict[str, Bounce | NoBounce] = {
    "postfix-user-unknown": hard("no-such-address", "5.1.1", 550),
    "postfix-domain-not-found": hard("no-such-domain", "5.4.4"),
    "postfix-null-mx": hard("no-such-domain", "5.1.0"),
    "postfix-mailbox-full": soft("mailbox-full", "5.2.2", 552),
    "postfix-delayed": "delayed",
    "postfix-expired": soft("not-reached", "4.4.1"),
    "postfix-greylisted-until-expired": soft("not-reached", "4.7.1", 450),
    "postfix-too-big": soft("too-big", "5.3.4"),
    "postfix-no-original": hard("no-such-address", "5.1.1"),
    "postfix-plain-return-path": hard("no-such-address", "5.1.1"),
    "postfix-delivered-at-last": "auto-reply",
    "postfix-policy-service": blocked("5.7.1", 554),
    "exim-unrouteable": hard("no-such-address"),
    "exim-unknown-at-callout": hard("no-such-address", "5.0.0", 550),
    "exim-retry-timeout": soft("not-reached"),
    "exim-delayed": "delayed",
    "exim-frozen-quota": soft("mailbox-full"),
    "sendmail-user-unknown": hard("no-such-address", "5.1.1", 550),
    "sendmail-host-unknown": hard("no-such-domain", "5.1.2"),
    "sendmail-warning": "delayed",
    "sendmail-old-without-report": hard("no-such-address", None, 550),
    "exchange-recipient-not-found": hard("no-such-address", "5.1.1", 550),
    "exchange-mailbox-full-japanese": soft("mailbox-full", "5.2.2", 554),
    "exchange-55-without-report": soft("no-such-address"),
    "exchange-size-limit": soft("too-big", "5.2.3", 550),
    "m365-wasnt-found": hard("no-such-address", "5.1.10", 550),
    "m365-access-denied-541": hard("no-such-address", "5.4.1", 550),
    "m365-domain-does-not-exist": hard("no-such-domain", "5.4.310", 550),
    "m365-blocked-as-spam": blocked("5.7.350", 550),
    "m365-status-in-base64": hard("no-such-address", "5.1.10", 550),
    "gmail-address-not-found": hard("no-such-address", "5.1.1", 550),
    "gmail-over-quota": soft("mailbox-full", "5.2.2", 552),
    "gmail-unauthenticated": blocked("5.7.26", 550),
    "gmail-delay": "delayed",
    "gmail-disabled-account": hard("disabled", "5.2.1", 550),
    "ybb-unknown-user": soft("no-such-address"),
    "ybb-over-quota-japanese": soft("mailbox-full"),
    "docomo-unknown-user": hard("no-such-address", "5.1.1", 550),
    "docomo-refused-by-settings": blocked("5.7.1", 554),
    "au-user-unknown-iso-2022-jp": hard("no-such-address", None, 550),
    "au-mailbox-full-iso-2022-jp-base64": soft("mailbox-full"),
    "softbank-unknown-user": soft("no-such-address"),
    "softbank-refused": blocked(),
    "icloud-user-unknown": hard("no-such-address", "5.1.1", 550),
    "icloud-over-quota": soft("mailbox-full", "5.2.2", 552),
    "qmail-no-mailbox": hard("no-such-address", "5.1.1", 550),
    "qmail-no-host": hard("no-such-domain", "5.1.2"),
    "qmail-too-long-in-queue": soft("not-reached", "4.4.1"),
    "qmail-plain-return-path": hard("no-such-address", None, 550),
    "domino-not-listed": hard("no-such-address", "5.1.1"),
    "domino-vague-status": soft("too-big", "5.0.0"),
    "filter-gateway-denied": blocked("5.0.0", 550),
    "filter-gateway-user-invalid": hard("no-such-address", "5.1.1", 550),
    "filter-says-policy-means-user": hard("no-such-address", "5.7.1", 550),
    "filter-virus": blocked("5.7.0", 552),
    "sender-verify-failed": blocked("5.0.0", 550),
    "gmail-receiving-at-a-rate": soft("not-reached", "5.2.1", 550),
    "challenge-response": bounce("blocked", "confirmation-asked", None, None),
    "out-of-office-exchange-english": "auto-reply",
    "out-of-office-japanese": "auto-reply",
    "vacation-unix": "auto-reply",
    "thanks-for-asking-japanese": "auto-reply",
    "auto-reply-null-path-japanese": "auto-reply",
    "auto-reply-null-path-not-found-japanese": "auto-reply",
    "auto-reply-left-the-company": "auto-reply",
    "auto-reply-confirms-receipt": "auto-reply",
    "read-receipt": "auto-reply",
    "deleted-unread": "auto-reply",
    "a-person-replies": "other",
    "a-person-says-that-the-address-is-wrong": "other",
    "abuse-feedback": "other",
    "strangers-forged-mail": hard("no-such-address", "5.1.1", 550),
    "forged-tag": hard("no-such-address", "5.1.1", 550),
    "known-id-of-another-recipient": hard("no-such-address", "5.1.1", 550),
    "forwarded-then-unknown": hard("no-such-address", "5.1.1", 550),
    "role-address-one-member-left": hard("no-such-address", "5.1.1", 550),
    "forwarded-to-two-one-failed": soft("mailbox-full", "5.2.2", 552),
    "delivered-to-header": hard("no-such-address", "5.1.1", 550),
}
"""Whose letter the last ones are about is decided elsewhere (usecases/test_take_back.py)."""


def test_every_sample_is_in_the_table() -> None:
    assert SAMPLES.keys() == MEANINGS.keys()
    assert len(SAMPLES) >= 60


@pytest.mark.parametrize("sample", MEANINGS)
def test_a_sample_means_what_it_must(sample: str) -> None:
    mail = taken_apart(SAMPLES[sample].read_bytes())

    assert meaning(mail) == MEANINGS[sample]


@pytest.mark.parametrize("sample", MEANINGS)
def test_a_report_means_the_same_with_the_line_ends_of_the_wire(sample: str) -> None:
    mail = taken_apart(SAMPLES[sample].read_bytes().replace(b"\n", b"\r\n"))

    assert meaning(mail) == MEANINGS[sample]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("550 sorry, no mailbox here by that name", "no-such-address"),
        ("The account is temporarily over quota", "mailbox-full"),
        ("550 Requested action not taken: mailbox unavailable", "no-such-address"),
        ("Something went wrong", "other"),
        ("宛先のメールアドレスが見つかりませんでした", "no-such-address"),
        ("このアカウントは解約されています", "disabled"),
        ("添付ファイルのサイズが上限を超えています", "too-big"),
        ("相手のサーバーに接続できませんでした", "not-reached"),
    ],
)
def test_words_say_why_where_no_code_does(words: str, reason: BounceReason) -> None:
    headers = {"from": "MAILER-DAEMON@mx.agency.example", "subject": "failure notice"}

    found = meaning(InboundMail(headers=headers, text=words))

    assert isinstance(found, Bounce)
    assert found.reason == reason


@pytest.mark.parametrize("subject", ["Re: Undeliverable: Quote", "届きませんでした"])
def test_a_person_who_says_what_a_mail_server_says_is_read_by_a_person(subject: str) -> None:
    """Or anybody who has once got a letter could have its address taken for dead, and mean something else."""
    headers = {"from": "Sato <sato@customer.example>", "subject": subject}

    found = meaning(InboundMail(headers=headers, text="Your mail could not be delivered: 550 5.1.1 user unknown"))

    assert found == "other"


def test_a_server_that_gave_up_on_a_temporary_error_does_not_make_an_address_dead() -> None:
    """Its domain was not found for some days: the next letter may find it again."""
    status = {"action": "failed", "status": "4.4.4", "diagnostic-code": "X-Postfix; Host or domain name not found"}

    assert meaning(InboundMail(statuses=(status,))) == soft("no-such-domain", "4.4.4")


def test_of_several_recipients_the_worst_counts() -> None:
    unknown = {"action": "failed", "status": "5.1.1"}
    others = ({"action": "delivered", "status": "2.0.0"}, {"action": "delayed", "status": "4.4.1"})

    assert meaning(InboundMail(statuses=(*others, unknown))) == hard("no-such-address", "5.1.1")
    assert meaning(InboundMail(statuses=others)) == "delayed"


def test_words_in_the_letter_that_is_returned_say_nothing() -> None:
    sample = SAMPLES["exim-retry-timeout"].read_bytes()

    mail = taken_apart(sample + b"\nuser unknown, mailbox full, no such domain\n")

    assert meaning(mail) == soft("not-reached")


@given(content=st.binary(max_size=4_000))
def test_any_bytes_can_be_taken_apart_and_mean_something(content: bytes) -> None:
    found = meaning(taken_apart(content))

    assert isinstance(found, Bounce) or found in {"delayed", "auto-reply", "other"}


@given(sample=st.sampled_from(sorted(SAMPLES)), edits=st.lists(st.tuples(st.integers(0), st.binary(max_size=8))))
def test_a_damaged_report_can_be_taken_apart_too(sample: str, edits: list[tuple[int, bytes]]) -> None:
    content = SAMPLES[sample].read_bytes()
    for place, piece in edits:
        at = place % (len(content) + 1)
        content = content[:at] + piece + content[at + len(piece) // 2 :]

    found = meaning(taken_apart(content))

    assert isinstance(found, Bounce) or found in {"delayed", "auto-reply", "other"}
