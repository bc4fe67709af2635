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
        (550, "refused"),
        (552, "refused"),
        (554, "refused"),
    ],
)
def test_nothing_but_2xx_after_the_final_dot_is_acceptance(code: int, outcome: str) -> None:
    assert outcome_after_content(code) == outcome
