"""What each reply of a mail server means: about the letter, about us, or nothing that can be trusted."""

import pytest

from services.notify.domain.replies import Command, Reply, outcome_after_content, outcome_before_content


@pytest.mark.parametrize(
    ("command", "code", "text", "outcome"),
    [
        pytest.param("DATA", 354, "go ahead", None, id="the content is asked for"),
        # One wrong setting burnt every letter, and nobody could be told by mail.
        pytest.param("MAIL", 530, "5.7.0 Must issue a STARTTLS command first", "away", id="no encryption"),
        pytest.param("MAIL", 530, "5.7.1 Authentication required", "away", id="not logged in"),
        pytest.param("MAIL", 503, "5.5.1 send hello first", "away", id="out of sequence"),
        pytest.param("MAIL", 554, "5.7.1 Client host blocked", "away", id="our address is blocked"),
        pytest.param("MAIL", 550, "sender domain not allowed", "away", id="our sender is refused"),
        pytest.param("MAIL", 553, "5.1.8 sender address rejected", "away", id="our sender does not exist there"),
        pytest.param("MAIL", 501, "syntax", "away", id="our sender is not understood"),
        pytest.param("MAIL", 555, "", "away", id="our options are not understood"),
        pytest.param("RCPT", 530, "5.7.0 authentication required", "away", id="not logged in, seen late"),
        pytest.param("RCPT", 535, "", "away", id="the password was refused"),
        pytest.param("RCPT", 538, "", "away", id="encryption is required"),
        pytest.param("RCPT", 454, "4.7.0 temporary authentication failure", "away", id="log-in is broken there"),
        pytest.param("DATA", 503, "no", "away", id="out of sequence at DATA"),
        # A single mailbox may say this too: it waits, and the others go on.
        pytest.param("RCPT", 550, "5.7.1 Relaying denied", "later", id="relay denied"),
        pytest.param("RCPT", 554, "5.7.1 Service unavailable; blocked using a list", "later", id="blocked at RCPT"),
        pytest.param("RCPT", 550, "relay not permitted", "later", id="relay denied without an enhanced code"),
        pytest.param("RCPT", 554, "Client host rejected: cannot find your reverse hostname", "later", id="our name"),
        pytest.param("DATA", 554, "5.7.1 policy", "later", id="policy at DATA"),
        pytest.param("MAIL", 452, "4.3.1 insufficient storage", "later", id="the server is full"),
        pytest.param("RCPT", 450, "4.7.1 greylisted", "later", id="greylisted"),
        # Postfix keeps what it has against our sender or our name until RCPT, so it burnt every letter at once.
        pytest.param("RCPT", 550, "5.1.8 <us>: Sender address rejected: Domain not found", "later", id="our domain"),
        pytest.param("RCPT", 550, "5.1.0 <us>: Sender address rejected: User unknown", "later", id="our mailbox"),
        pytest.param("RCPT", 501, "5.1.7 Bad sender address syntax", "later", id="our address"),
        pytest.param("RCPT", 504, "5.5.2 <us>: Helo command rejected: need a full name", "later", id="our greeting"),
        pytest.param("RCPT", 550, "5.4.5 Daily user sending limit exceeded", "later", id="enough for today, Gmail"),
        pytest.param("RCPT", 550, "Too many messages from your account", "later", id="enough for today, in words"),
        pytest.param("RCPT", 550, "Sender verify failed", "later", id="our sender, Exim"),
        pytest.param("RCPT", 550, "SPF check failed", "later", id="our DNS"),
        pytest.param("RCPT", 550, "5.3.2 not accepting messages now", "later", id="the server takes nothing"),
        pytest.param("RCPT", 550, "5.1.1 no such user; relay closed", "refused", id="a code that says more than words"),
        pytest.param("RCPT", 550, "5.4.1 Recipient address rejected", "refused", id="no such mailbox, Microsoft"),
        # About this recipient or this letter.
        pytest.param("RCPT", 550, "5.1.1 no such user", "refused", id="no such mailbox"),
        pytest.param("RCPT", 550, "unknown user", "refused", id="no such mailbox, no enhanced code"),
        pytest.param("RCPT", 550, "", "refused", id="no word at all"),
        pytest.param("RCPT", 552, "5.2.2 mailbox full", "refused", id="the mailbox is full"),
        pytest.param("RCPT", 553, "5.1.3 bad address", "refused", id="the address is not understood"),
        pytest.param("MAIL", 552, "5.3.4 too big", "refused", id="the letter is too big"),
        pytest.param("MAIL", 552, "", "refused", id="the letter is too big, no enhanced code"),
        pytest.param("MAIL", 554, "5.2.3 message too long", "refused", id="too long for the mailbox"),
        pytest.param("DATA", 554, "no valid recipients", "refused", id="nobody is left"),
        # No reply that the command can have.
        pytest.param("DATA", 250, "ok", "line-lost", id="a positive reply instead of 354"),
        pytest.param("DATA", 220, "hello", "line-lost", id="a greeting instead of 354"),
        pytest.param("MAIL", 354, "go", "line-lost", id="354 to MAIL"),
        pytest.param("RCPT", 354, "go", "line-lost", id="354 to RCPT"),
        pytest.param("RCPT", 334, "", "line-lost", id="a challenge nobody asked for"),
        pytest.param("MAIL", 421, "4.3.2 shutting down", "line-lost", id="the server hangs up"),
        pytest.param("RCPT", 421, "too many connections", "line-lost", id="the server hangs up in the middle"),
    ],
)
def test_what_a_reply_before_the_content_means(command: Command, code: int, text: str, outcome: str | None) -> None:
    assert outcome_before_content(Reply(command, code, text)) == outcome


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (250, "accepted"),
        (251, "accepted"),
        (354, "later"),
        (421, "later"),
        (451, "later"),
        (530, "later"),
        (550, "later"),
        (552, "refused"),
        (554, "later"),
    ],
)
def test_nothing_but_2xx_after_the_final_dot_is_acceptance(code: int, outcome: str) -> None:
    assert outcome_after_content(Reply("content", code)) == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        pytest.param("5.7.1 Client host blocked using zen.spamhaus.org", "later", id="our address is on a list"),
        pytest.param("5.4.5 Daily user sending limit exceeded", "later", id="enough for today, Gmail"),
        pytest.param("5.1.8 Access denied, bad outbound account", "later", id="our account, Microsoft"),
        pytest.param("5.7.26 Unauthenticated email is not accepted due to DMARC", "later", id="our DNS"),
        pytest.param("5.7.1 Relay access denied", "later", id="a server that checks at the end"),
        pytest.param("5.7.1 Message content rejected", "refused", id="a filter did not like what it says"),
        pytest.param("5.6.0 malformed", "refused", id="its form"),
        pytest.param("5.2.2 mailbox full", "refused", id="the mailbox is full"),
        pytest.param("", "later", id="no word at all: nobody knows of whom it is"),
    ],
)
def test_a_refusal_of_us_at_the_final_dot_costs_no_letter(text: str, outcome: str) -> None:
    """Some servers say whom they refuse only when they have the content; the letter was burnt by our DNS or our day."""
    assert outcome_after_content(Reply("content", 550, text)) == outcome
