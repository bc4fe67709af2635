"""Whose words a refusal has, and whom they name: what a server only repeats, and what has no subject.

In brackets is the title of the page or source file that publishes the wording.
"""

import pytest

from services.notify.domain.replies import Command, Reply, outcome_after_content, outcome_before_content


def outcome(command: Command, line: str) -> str | None:
    """Of the reply whose lines were joined to *line*, with its code in front as the server sends it."""
    reply = Reply(command, int(line[:3]), line[4:])
    return outcome_after_content(reply) if command == "content" else outcome_before_content(reply)


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        pytest.param("RCPT", "550 Callout verification failed", "later", id="Exim asked our server"),
        pytest.param("RCPT", "550 Previous (cached) callout verification failure", "later", id="and remembers"),
        pytest.param(
            "RCPT",
            "550 Callback setup failed while verifying <us@agency.example>\n5.1.1 User unknown\nThe initial connection,"
            " or a HELO or MAIL FROM:<> command was rejected.",
            "later",
            id="Exim, callback [Exim: acl.c]",
        ),
        pytest.param(
            "RCPT",
            "550 Verification failed for <us@agency.example>\nCalled:   203.0.113.9\nSent:     RCPT TO:<us>\n"
            "Response: 550 5.1.1 User unknown",
            "later",
            id="Exim, what it was told",
        ),
        pytest.param(
            "RCPT",
            "550 5.1.7 <us@agency.example>: undeliverable address: host mx.agency.example[203.0.113.9] said: 550 5.1.1"
            " User unknown (in reply to RCPT TO command)",
            "later",
            id="Postfix asked our server",
        ),
        pytest.param(
            "RCPT", "550 5.7.1 Refused; remote host said: 550 5.1.1 User unknown", "later", id="a policy, and why"
        ),
        pytest.param("RCPT", "550 Refused (550 5.1.1 User unknown)", "later", id="in brackets"),
        pytest.param("RCPT", '550 5.7.1 Refused: "550 5.2.1 mailbox disabled"', "later", id="in quotation marks"),
        pytest.param("RCPT", "550 Refused by our gateway\n5.1.1 User unknown at remote", "later", id="a later line"),
        pytest.param("content", "554 5.7.1 Refused: mx.x.example said: 552 5.2.2 mailbox full", "later", id="content"),
        pytest.param("MAIL", "550 Refused: mx said: 552 5.3.4 message too big", "away", id="a size that is repeated"),
        pytest.param(
            "RCPT",
            "550 5.1.1 <a@x.example>: Recipient address rejected: undeliverable address: host mx.x.example[203.0.113.9]"
            " said: 550 5.7.1 Unable to relay",
            "refused",
            id="Postfix asked the recipient's server, and decided",
        ),
        pytest.param("RCPT", "550 550 5.1.1 User unknown", "refused", id="its own code twice"),
        pytest.param("RCPT", "550 5.1.1 User unknown. Please verify the address", "refused", id="a hint"),
        pytest.param("RCPT", "550 5.1.1 Recipient verification failed", "refused", id="the recipient was looked for"),
    ],
)
def test_what_a_server_repeats_is_not_what_it_says(command: Command, line: str, expected: str) -> None:
    """A customer's server asked the agency's whether noreply@ exists, was told `550 5.1.1`, and said so to us.

    The customer was taken for unknown. Only the code and the words that are the server's own can be of the recipient.
    """
    assert outcome(command, line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("550 Recipient rejected", "refused", id="the recipient is its subject"),
        pytest.param("550 5.0.0 Recipient rejected", "refused", id="with a code that says nothing"),
        pytest.param("550 <a@x.example> recipient refused.", "refused", id="refused"),
        pytest.param("550 Recipient not accepted here", "refused", id="not accepted"),
        pytest.param("550 <a@x.example>: Recipient address rejected", "refused", id="without a reason"),
        pytest.param("550 No such recipient here", "refused", id="no such recipient"),
        pytest.param("550 No such person at this address", "refused", id="no such person [node-bounce-handler]"),
        pytest.param("550 Addressee unknown", "refused", id="addressee [node-bounce-handler]"),
        pytest.param("550 Unknown local part a", "refused", id="a local part [node-bounce-handler]"),
        pytest.param("550 This email address is not known to this system", "refused", id="[node-bounce-handler]"),
        pytest.param("550 Account not found", "refused", id="an account that is not there [node-bounce-handler]"),
        pytest.param(
            "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
            "refused",
            id="Exchange Online: no such mailbox [Fix NDR error code 550 5.4.1]",
        ),
        pytest.param("550 Rejected", "later", id="nobody is named"),
        pytest.param("550 5.0.0 Rejected", "later", id="nobody is named, with a code"),
        pytest.param("550 Denied by policy", "later", id="a policy"),
        pytest.param("550 Access denied", "later", id="access"),
        pytest.param("550 5.7.1 Recipient rejected", "later", id="a policy's code"),
        pytest.param("554 Recipient rejected", "later", id="not the code of a mailbox"),
        pytest.param("550 Recipient rejected by policy", "later", id="something follows"),
        pytest.param("550 Recipient rejected: too many mails", "later", id="a reason follows"),
        pytest.param(
            "554 5.7.1 <a@x.example>: Recipient address rejected: Access denied", "later", id="Postfix: a rule"
        ),
        pytest.param("550 <a@x.example>: Recipient address rejected: Access denied", "later", id="Postfix: no code"),
        pytest.param("554 5.7.1 <a@x.example>: Recipient address rejected: Greylisted", "later", id="a policy service"),
        pytest.param("550 Account disabled", "later", id="it may be ours"),
    ],
)
def test_a_bare_refusal_is_of_the_recipient_only_if_the_recipient_is_its_subject(line: str, expected: str) -> None:
    """`Recipient rejected` took three days to reach the desk; `Rejected` may be said of anybody, and still waits."""
    assert outcome("RCPT", line) == expected


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("RCPT", "550 5.1.2 Domain of originator not found"),
        ("RCPT", "550 5.1.1 Bounce: envelope from does not exist"),
        ("RCPT", "550 Return path does not exist: mailbox not found"),
        ("RCPT", "550 MAIL FROM address unknown"),
        ("RCPT", "550 HELO address not found"),
        ("RCPT", "550 no reverse address found"),
        ("RCPT", "550 Unknown user. You must log in first"),
        ("RCPT", "550 unknown user name or bad password"),
        ("RCPT", "550 this mailbox is not allowed to use SMTP: mailbox disabled"),
        ("RCPT", "550 SMTP user unknown"),
        ("RCPT", "550 account not found: please check SMTP settings"),
        ("content", "550 5.1.1 Message From: address does not exist"),
        ("content", "550 Unknown user in header From"),
        ("content", "554 Too many spam complaints"),
        ("content", "550 5.7.1 blocked: spam rate too high"),
        ("content", "554 Message rejected: content from this domain is blocked"),
    ],
)
def test_what_does_not_exist_may_be_ours(command: Command, line: str) -> None:
    """`Not found`, `unknown` and `spam` are said of a greeting, a log-in, a `From:` and a network as well."""
    assert outcome(command, line) == "later"


def test_a_bare_refusal_at_the_final_dot_waits() -> None:
    """The recipient was accepted before: whatever is meant now, it is not that there is no such mailbox."""
    assert outcome("content", "550 Recipient rejected") == "later"


@pytest.mark.parametrize(
    "line",
    [
        "550 Requested action not taken: mailbox unavailable\nReject due to policy restrictions.\nFor explanation see",
        "550 Dynamic/zombied/spam IPs blocked",
        "550 Too much spam.",
        "550 we dont accept spam",
        "550 5.7.1 You have sent too much spam",
        "550 host 203.0.113.9 banned for spam",
        "550 this network sends spam",
        "554 5.7.1 spam; your access to this mail system has been suspended due to spam",
        "554 Spam Detected - Mail Rejected. Contact your hosting provider to lift the block",
        "550 Attachments are not permitted in the free plan",
        "550 No valid mailbox plan: subscription expired",
        "550 Too many invalid recipients",
        "550 5.1.0 Too many invalid recipients",
        "550 5.3.4 Requested action not taken; We noticed some unusual activity in your Hotmail account.",
        "552 Disk full",
        "552 No space left on device",
        "552 Mail system full",
    ],
)
@pytest.mark.parametrize("command", ["RCPT", "content"])
def test_spam_and_plans_are_said_of_whoever_sends(command: Command, line: str) -> None:
    """The first is a published reply of GMX to an address that it does not like; it had burnt every letter there.

    `Too many invalid recipients` is what Cisco's gateways say for an hour to a host that is suspected of guessing.
    """
    assert outcome(command, line) == "later"


@pytest.mark.parametrize(
    "line",
    [
        "550 The user's space has been used up",
        "550 mailfolder is full",
        "550 User has too many messages on the server",
        "550 unknown email address",
        "550 There is no one at this address",
        "550 <a@x.example> not found",
        "550 this address no longer accepts mail",
        "550 mailbox currently suspended",
        "550 <a@x.example> is a deactivated mailbox",
        "550 invalid/inactive user",
    ],
)
def test_a_mailbox_that_is_full_or_gone_is_told_at_once(line: str) -> None:
    """The desk heard of it three days late. Of Sisimai's tables; after the dot they may be of us."""
    assert outcome("RCPT", line) == "refused"
