"""What a mail server's words are about: a refusal of us, or of what we send, does not make an address dead."""

import pytest

from services.notify.domain.bounce_reason import reason_of, status_in
from shared.events import BounceReason

SENDER = "bounces+5c0e2a3e-0b3f-5a51-9c58-2d5d7e6a9b10-hjfmx5avon@agency.example"


def reason(diagnostic: str, status: str = "5.0.0", around: str = "", sender: str = SENDER) -> BounceReason:
    return reason_of(status_in(diagnostic) or status, f"smtp; {diagnostic}", around, sender)


@pytest.mark.parametrize(
    "diagnostic",
    [
        "550 Sender verify failed: unrouteable address",
        f"550 Verification failed for <{SENDER}>: unrouteable address",
        f"550 <{SENDER}>: user unknown",
        "550 <someone@agency.example>: Sender address rejected: Domain not found",
        "550 5.1.0 sender rejected: domain does not exist",
        "550 5.1.1 sender rejected: user unknown",
        "550 Relaying denied: unknown user",
        "550 no RDNS entry for 192.0.2.10",
        "550 Too many invalid recipients",
        "550 Sending rate exceeded: recipient unknown",
        "550 5.5.0 HELO invalid: host not found",
        "550 authentication required",
        "553 sorry, mail from your location is administratively denied",
        "553 sorry, your envelope sender domain must exist (#5.1.8)",
    ],
)
def test_a_refusal_of_us_is_a_rule_of_the_server_whatever_it_does_not_find(diagnostic: str) -> None:
    assert reason(diagnostic) == "blocked"


def test_a_refusal_that_names_a_plain_return_path_is_of_us() -> None:
    assert reason("550 <noreply@agency.example>: user unknown", sender="noreply@agency.example") == "blocked"


def test_a_refusal_of_us_counts_too_where_only_the_text_around_says_it() -> None:
    around = "Your mail could not be delivered:\n  550 Sender verify failed: unrouteable address"

    assert reason("", around=around) == "blocked"


@pytest.mark.parametrize("diagnostic", ["550 Administrative prohibition", "550 Message content rejected"])
def test_a_rule_about_the_content_is_a_rule(diagnostic: str) -> None:
    assert reason(diagnostic) == "blocked"


@pytest.mark.parametrize(
    "diagnostic",
    ["550 5.6.0 Invalid header found", "550 5.3.0 Rejected", "550 Rejected", "550 No", "550 5.2.1", "550 Denied"],
)
def test_a_code_with_words_that_name_nobody_is_no_dead_address(diagnostic: str) -> None:
    assert reason(diagnostic) == "other"


@pytest.mark.parametrize(
    "diagnostic",
    [
        "550",
        "550 <yoshida@customer.example>",
        "550-https://mx.customer.example/help",
        "550 Requested action not taken: mailbox unavailable",
        "550 5.1.1 <yoshida@customer.example>: User unknown in relay recipient table",
        "550 5.2.1 no such user",
    ],
)
def test_a_code_alone_or_with_words_for_the_recipient_is_of_the_address(diagnostic: str) -> None:
    assert reason(diagnostic) == "no-such-address"


def test_a_mailbox_that_gets_too_many_mails_at_the_moment_is_there() -> None:
    """Gmail gives it the code of one that is closed."""
    busy = "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more"

    assert reason(busy) == "not-reached"
    assert reason("550 5.2.1 The email account that you tried to reach is disabled") == "disabled"
