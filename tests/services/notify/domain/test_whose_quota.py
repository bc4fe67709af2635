"""Whose quota, whose mailbox and whose words a refusal speaks of: real wordings, each with where it is published.

In brackets is the title of the page, issue or source file. A refusal of us waits (`later`, or `away` for all letters);
a refusal of the recipient is told to the desk at once.
"""

import pytest

from services.notify.domain.replies import Command, Reply, outcome_after_content, outcome_before_content


def outcome(command: Command, line: str) -> str | None:
    """Of the reply whose lines were joined to *line*, with its code in front as the server sends it."""
    reply = Reply(command, int(line[:3]), line[4:])
    return outcome_after_content(reply) if command == "content" else outcome_before_content(reply)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "554 5.7.1 <a@x.example>: Recipient address rejected: Quota exceeded",
            id="a hoster's policy service [log of PHPMailer against zenbox]",
        ),
        pytest.param(
            "554 5.7.1 <a@x.example>: Recipient address rejected: Policy Rejection- Quota Exceeded.",
            id="policyd [simple-java-mail 348, there with 450 4.7.1]",
        ),
        pytest.param(
            "554 5.7.1 <a@x.example>: Recipient address rejected: You have exceeded your Outmail quota.",
            id="Prolateral [What does SMTP 554 5.7.1 mean?]",
        ),
        pytest.param(
            "550 5.4.5 <a@x.example>: Recipient address rejected: Domain Sending Quota Exceeded",
            id="mailhostbox [log of its Postfix]",
        ),
        pytest.param(
            "550 5.4.6 <a@x.example>: Recipient address rejected: Email Sending Quota Exceeded",
            id="Titan [gomail 174: Recipient address rejected: Email Sending Quota Exceeded]",
        ),
        pytest.param(
            "550 Domain agency.example has exceeded the max emails per hour (125/100 (125%)) allowed.",
            id="cPanel [bounce of o2switch]",
        ),
        pytest.param(
            "550 Domain agency.example has exceeded the max defers and failures per hour (5/5 (26%)) allowed."
            " Message discarded.",
            id="cPanel [Domain has exceeded the max defers and failures per hour]",
        ),
        pytest.param("550 5.4.5 Daily user sending limit exceeded.", id="Google [Gmail SMTP errors and codes]"),
        pytest.param(
            "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
            id="Microsoft 365 [OfficeDocs-Exchange 2729: Please add NDR 5.1.90]",
        ),
        pytest.param(
            "550 5.2.2 Submission quota exceeded", id="Microsoft 365 [Non-delivery reports in Exchange Online]"
        ),
        pytest.param(
            "550 5.7.233 Your message can't be sent because your tenant exceeded its daily limit for sending email to"
            " external recipients (tenant external recipient rate limit)",
            id="Microsoft 365, a tenant [Non-delivery reports in Exchange Online]",
        ),
        pytest.param(
            "550 5.4.6 Unusual sending activity detected.", id="Zoho [Unable to send message;Reason:550 5.4.6 Unusual]"
        ),
        pytest.param("550 5.4.6 mail rate exceeded limit", id="Zoho, a rate [550 5.4.6 mail rate exceeded limit]"),
        pytest.param(
            "552 Message would take you over your relay quota of 500 Current quota used: 487",
            id="GoDaddy [AVideo 7527: email limit to 487]",
        ),
        pytest.param("550 sorry, too many emails (#5.7.1)", id="OVH [Magento-SMTP-Pro-Email-Extension 94]"),
        pytest.param("550 User has exceeded outgoing email quota", id="some servers [Papercut-SMTP 199]"),
        pytest.param(
            "550 5.7.1 [CSR] Our system has detected an unusual amount of unsolicited email originating from your"
            " address",
            id="a hoster's filter [I am receiving an error sending e-mail]",
        ),
        pytest.param("550 Sending quota exceeded", id="Coremail [list of its bounces: sending quota exceeded]"),
        pytest.param("554 5.7.1 <a@x.example>: Relay access denied", id="WebARENA [電子メール~制限事項]"),
        pytest.param("550 Relaying denied.", id="SPPD, POP before SMTP [メールの送受信でトラブルが発生した場合]"),
        pytest.param(
            "553 5.3.0 <a@x.example>... Please receive your mail before sending", id="POP before SMTP [メール送受信時]"
        ),
        pytest.param("550 5.7.1 Access denied", id="a refused network [エラーメール:550系/550番台]"),
        pytest.param("450 4.7.1 Hourly limit exceeded", id="for now [Papercut-SMTP 199]"),
        pytest.param(
            "450 User is receiving mail too quickly tnmpmscs",
            id="Yahoo to Lolipop [レンタルサーバーからのメールが「450 …」で拒否される]",
        ),
        # Not published; of the same kind.
        pytest.param("550 Quota exceeded", id="a quota, nobody knows whose"),
        pytest.param(
            "554 5.7.1 <a@x.example>: Recipient address rejected: User quota exceeded", id="a user's, as policy"
        ),
        pytest.param("550 5.7.1 User over quota today", id="a user's day"),
        pytest.param("550 5.2.2 Your box reached its message quota", id="our box, by a mailbox's code"),
        pytest.param("550 Throttled: user quota exceeded", id="we are too quick"),
        pytest.param("552 5.3.1 Quota of your plan exceeded", id="our plan"),
    ],
)
def test_what_we_may_send_is_not_the_mailbox_of_the_customer(line: str) -> None:
    """The agency had sent its mails of the day. `Recipient address rejected: Quota exceeded` was taken for a full box.

    Postfix puts `Recipient address rejected` before whatever a policy service says, and policy services count what *we*
    send. Every letter of that evening failed for good, and the desk was told that the customers' mailboxes were full.
    """
    assert outcome("RCPT", line) == "later"


def test_the_daily_quota_of_ses_stops_all_letters_and_burns_none() -> None:
    """Amazon's code for it is one of log-in failures [Errors related to the sending quotas for your SES account]."""
    assert outcome("RCPT", "454 Throttling failure: Daily message quota exceeded") == "away"
    assert outcome("content", "454 Throttling failure: Maximum sending rate exceeded") == "later"
    assert outcome("content", "550 5.2.2 Submission quota exceeded") == "later"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "552 5.2.2 The email account that you tried to reach is over quota. Please direct the recipient to",
            id="Google [Gmail SMTP errors and codes]",
        ),
        pytest.param(
            "552 5.2.2 <a@x.example>: Recipient address rejected: User over quota", id="web.de [anonaddy 749]"
        ),
        pytest.param("552 <a@x.example>... Mail quota exceeded", id="Juno [Mail Quota Exceeded]"),
        pytest.param("552 a@x.example has a full mailbox", id="AOL [Mail Quota Exceeded]"),
        pytest.param(
            "552 Requested mail action aborted: exceeded storage allocation\nQuota exceeded.",
            id="1&1 [bounce of kundenserver]",
        ),
        pytest.param(
            "552 5.2.2 <a@x.example> Quota exceeded (mailbox for user is full)", id="Dovecot [chatmail relay 21]"
        ),
        pytest.param("550 account is over quota", id="[Sisimai: MailboxFull]"),
        pytest.param("550 recipient storage full, try again later", id="Yahoo [bounce-handler: rules]"),
        pytest.param("550 Mailbox full", id="no code"),
        pytest.param("550 user over quota", id="a user, no code"),
        pytest.param("552 Mailbox quota exceeded", id="a mailbox's quota"),
        pytest.param("554 5.7.1 <a@x.example>: Recipient address rejected: Mailbox full", id="a policy that looked"),
    ],
)
def test_a_full_mailbox_is_told_at_once(line: str) -> None:
    """The desk calls instead; to wait for three days for a mailbox that nobody empties helps nobody."""
    assert outcome("RCPT", line) == "refused"


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


def test_a_bare_refusal_at_the_final_dot_waits() -> None:
    """The recipient was accepted before: whatever is meant now, it is not that there is no such mailbox."""
    assert outcome("content", "550 Recipient rejected") == "later"
