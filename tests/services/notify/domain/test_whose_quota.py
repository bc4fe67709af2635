"""Whose quota a refusal speaks of, ours or that of a mailbox: real wordings, each with where it is published.

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
        pytest.param(
            "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents more",
            id="Google, too quick for one mailbox [Gmail SMTP errors and codes]",
        ),
        # Not published; of the same kind.
        pytest.param("550 5.2.2 Account has exceeded its send quota", id="an account's, by a mailbox's code"),
        pytest.param("550 5.2.2 Mailbox has exceeded the limit of sent messages", id="what our mailbox sent"),
        pytest.param("550 5.4.1 <a@x.example>: Recipient address rejected: Quota exceeded", id="by an address's code"),
        pytest.param("552 5.2.2 Over quota: you may send 500 mails", id="what we may send"),
        pytest.param("552 Your package allows 300 mails", id="our package"),
        pytest.param("552 Too many mails", id="too many, by a big letter's code"),
        pytest.param("552 Limit exceeded", id="a limit of anything"),
        pytest.param("552 rate limit exceeded", id="a rate"),
        pytest.param("552 Transfer quota of account exceeded", id="our traffic"),
        pytest.param("550 account has exceeded its mail quota", id="an account's mails"),
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
