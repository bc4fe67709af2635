"""What the replies of the providers that agencies send through mean, each at the stage where it is given.

The texts are shortened. Where they come from: Amazon "SES SMTP response codes" and "Email sending errors", Microsoft
"Non-delivery reports in Exchange Online", Google "Gmail SMTP errors and codes" and "SMTP relay service error messages",
the help pages of the other senders, Sakura "Error messages", and the collection `smtp-field-manual` of Postmark.
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
            "554 Message rejected: Email address is not verified. The following identities failed the check in region"
            " AP-NORTHEAST-1: noreply@agency.example",
            id="SES: nobody verified our address",
        ),
        pytest.param("554 Message rejected: Sending paused for this account.", id="SES: we are paused"),
        pytest.param(
            "554 Access denied: User `arn:1:user/x' is not authorized to perform `ses:Send'", id="SES: rights"
        ),
        pytest.param(
            "554 5.2.252 SendAsDenied; a@x.example not allowed to send as b@x.example", id="Microsoft: send as"
        ),
        pytest.param(
            "550 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process"
            " message due to a permanent exception: Cannot submit message.",
            id="Microsoft: send as, before 5.2.252",
        ),
        pytest.param(
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender", id="Microsoft: 5.7.60"
        ),
        pytest.param("550 5.7.705 Access denied, tenant has exceeded threshold", id="Microsoft: too much for a tenant"),
        pytest.param("550 5.7.708 Access denied, traffic not accepted from this IP", id="Microsoft: our address"),
        pytest.param(
            "550 5.1.8 Access denied, spam abuse detected; OutboundSpamException", id="Microsoft: our account is banned"
        ),
        pytest.param("550 5.7.501 Access denied, spam abuse detected", id="Microsoft: our account is banned, 5.7.501"),
        pytest.param("550 5.7.64 TenantAttribution; Relay Access Denied", id="Microsoft: no connector"),
        pytest.param("554 5.2.121 The sender has exceeded the limit per hour", id="Microsoft: enough for this hour"),
        pytest.param(
            "550 5.7.25 [203.0.113.9] The IP address sending this\n5.7.25 message does not have a PTR record",
            id="Gmail: PTR",
        ),
        pytest.param(
            "550 5.7.26 This mail has been blocked because the sender is unauthenticated", id="Gmail: SPF, DKIM"
        ),
        pytest.param("550 5.7.29 Email sent without TLS encryption is not accepted", id="Gmail: encryption"),
        pytest.param("550 5.4.5 Daily user sending limit exceeded", id="Gmail: enough for today"),
        pytest.param(
            "550 5.7.1 [203.0.113.9 12] Our system has detected an unusual rate of\n5.7.1 unsolicited mail originating"
            " from your IP address. To protect our users from spam, blocked",
            id="Gmail: spam, but ours is only the address",
        ),
        pytest.param(
            "550 5.7.1 [203.0.113.9] Our system has detected that this message is likely suspicious due to the very low"
            " reputation of the sending domain. To best protect our users from spam, blocked",
            id="Gmail: our reputation",
        ),
        pytest.param(
            "550 5.7.1 Mail relay denied [203.0.113.9]. See support.google.com/a/answer/6140680", id="Workspace"
        ),
        pytest.param("550 5.7.1 Invalid credentials for relay [203.0.113.9].", id="Workspace: not registered"),
        pytest.param(
            "550 Domain mg.agency.example is not allowed to send: Please activate your Mailgun account", id="Mailgun"
        ),
        pytest.param("550 The agency.example domain is not verified. Please, add and verify your domain", id="Resend"),
        pytest.param("550 Maximum credits exceeded", id="SendGrid: paid for no more"),
        pytest.param("550 The from address does not match a verified Sender Identity.", id="SendGrid: our address"),
        pytest.param("550 5.7.1 The 'From' address is not a Sender Signature on your account", id="Postmark"),
        pytest.param("550 5.7.1 Account is pending approval: only to your own domain", id="Postmark: not approved"),
        pytest.param("550 5.7.0 Your SMTP account is not yet activated. Contact us", id="Brevo: not activated"),
        pytest.param("525 5.7.1 Unauthorized IP address 203.0.113.9", id="Brevo: our address"),
        pytest.param("554 Account temporarily blocked for spam complaints, contact support", id="Mailjet: blocked"),
        pytest.param("550 5.7.1 Unconfigured Sending Domain <agency.example>", id="SparkPost"),
        pytest.param(
            "550 From header sender domain not verified.\nVerify the sender domain to be allowed", id="SMTP2GO"
        ),
        pytest.param("554 5.7.1 Service unavailable; Helo name rejected by policy", id="Sakura: policy"),
        pytest.param(
            "550 5.7.1 <a@x.example>... Relaying denied. Proper authentication required.", id="Sakura: log in"
        ),
        pytest.param("554 5.7.1 <a@x.example>: Relay access denied", id="Xserver"),
        pytest.param("550 Your account has been suspended because of spam", id="KAGOYA: suspended"),
        pytest.param("550 The from address does not exist in our records", id="our address, as if it were a mailbox"),
        pytest.param("550 Invalid user credentials", id="our password, as if it were a mailbox"),
        pytest.param("550 Hourly quota of this user reached", id="our hour, as if it were a mailbox"),
        pytest.param("550 soushin seigen: 1 jikan no jougen wo koemashita", id="a limit, in romaji"),
        pytest.param("550 送信制限を超えました", id="a limit, in Japanese"),
        pytest.param("554 Message not allowed - [PH01] Email not accepted for policy reasons", id="Yahoo: a policy"),
        pytest.param("550 5.7.1 [CS01] Message rejected due to local policy", id="iCloud: a policy"),
        pytest.param("554 5.7.1 Rejected as spam: IP 203.0.113.9 is listed at bl.spam.example", id="listed as spam"),
        pytest.param(
            "550 see https://help.example/spam-content and mail unknown-user@help.example", id="words in links"
        ),
        pytest.param("550 rejected by [10.5.1.1]", id="an IP address that looks like 5.1.1"),
        pytest.param("550 refused by Mailer 5.1.1.9", id="a version that looks like 5.1.1"),
        pytest.param(
            "550 5.1.2 The domain of the sender address does not exist", id="a recipient's code for the sender"
        ),
        pytest.param("550 5.2.1 Your account is disabled", id="a mailbox's code for our account"),
        pytest.param("552 5.7.0 Daily quota of your plan reached", id="a big letter's code for our plan"),
        pytest.param("552 Quota exceeded", id="a quota, nobody knows whose"),
        pytest.param("550 4.7.1 Try again later", id="a refusal that says it is none"),
        pytest.param("554 Your email account has been locked due to spam activity", id="our account is locked"),
        pytest.param("550 5.7.1 Your mailbox has been disabled due to spam activity", id="our mailbox is closed"),
        pytest.param("550 5.7.1 Outgoing spam: the user was stopped", id="what we send looks like spam"),
        pytest.param("550 5.2.2 Message quota per hour exceeded", id="our hour, by a mailbox's code"),
        pytest.param("554 5.7.1 Spam source blocked: 203.0.113.9", id="our address, as a source"),
        pytest.param("554 Blocked for spam from this server", id="our server"),
        pytest.param("550 Blocked by spam filter because of missing rDNS", id="our name"),
        pytest.param("550 5.7.1", id="a policy and no word"),
    ],
)
def test_what_the_provider_has_against_us_burns_no_letter_at_the_final_dot(line: str) -> None:
    """The trial of SES ended. Each letter failed at its first try, and so did the mails that told the desk of it.

    These refusals are worded in any way, and most come when the server has the content. They wait, for up to three
    days, until somebody mends the account. What nobody can tell apart waits too: late is better than burnt.
    """
    assert outcome("content", line) == "later"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "550 5.7.1 [203.0.113.9 12] Our system has detected that this\n5.7.1 message is likely unsolicited mail. To"
            " reduce the amount of spam,\n5.7.1 this message has been blocked. https://support.google.com/mail/answer/1",
            id="Gmail: looks like spam",
        ),
        pytest.param(
            "552 5.7.0 Blocked because its content presents a potential security issue", id="Gmail: an attachment"
        ),
        pytest.param("552 5.2.3 Your message exceeded Google's message size limits", id="Gmail: too big"),
        pytest.param("550 5.7.1 Message rejected as spam by Content Filtering", id="Exchange: looks like spam"),
        pytest.param("552 Message is too long.", id="SES: too big"),
        pytest.param("554 5.7.1 rejected: prohibited virus or spam content", id="Sakura: content"),
        pytest.param("554 5.7.0 Reject, id=1-2 - INFECTED: Eicar", id="amavis: a virus"),
        pytest.param(
            "554 5.7.1 Spam message rejected; If this is not spam contact abuse", id="rspamd: looks like spam"
        ),
        pytest.param("550 virus detected", id="no code, a virus"),
        pytest.param(
            "552 sorry, that message size exceeds my databytes limit (#5.3.4)", id="qmail: its code at the end"
        ),
        pytest.param("554 Message size exceeds fixed limit", id="too big, by another code"),
        pytest.param("554 5.6.0 Message is malformed", id="its form"),
        pytest.param("550 Unknown user a@docomo.ne.jp", id="docomo: says so only after the content"),
        pytest.param("552 Too much mail data a@docomo.ne.jp", id="docomo: the mailbox is full"),
        pytest.param(
            "554 delivery error: dd This user doesn't have a yahoo.co.jp account (a@x.example)", id="Yahoo! JAPAN"
        ),
        pytest.param("554 delivery error: dd This mailbox is disabled (554.30).", id="Yahoo: a mailbox that is closed"),
        pytest.param("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", id="Microsoft: no such mailbox"),
        pytest.param(
            "550 5.5.0 Requested action not taken: mailbox unavailable (S2017)", id="Outlook.com: no such mailbox"
        ),
        pytest.param(
            "550 5.2.2 The email account that you tried to reach is over quota", id="Gmail: the mailbox is full"
        ),
        pytest.param(
            "550 5.2.1 The email account that you tried to reach is disabled", id="Gmail: the mailbox is closed"
        ),
        pytest.param("550 5.7.1 No such user!", id="a policy's code for a mailbox"),
    ],
)
def test_what_is_clearly_of_the_letter_is_told_at_once(line: str) -> None:
    """The desk shall hear within minutes that a customer has no mail, and call; trying for three days helps nobody."""
    assert outcome("content", line) == "refused"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("552 5.7.0 Sending quota reached", "away", id="a quota, as policy"),
        pytest.param("552 5.2.2 Over quota", "away", id="the mailbox is full, and here it is ours"),
        pytest.param("552 Mailbox quota exceeded for this user", "away", id="our quota, no code"),
        pytest.param("552 5.2.2 mailbox size limit exceeded", "away", id="our mailbox is full, by its size"),
        pytest.param("550 Mailbox size limit reached", "away", id="our mailbox is full, by its size, no code"),
        pytest.param("500 5.5.2 Command line too long", "away", id="a line, and not the letter"),
        pytest.param("550 queue size too large", "away", id="a queue, and not the letter"),
        pytest.param("552 You have exceeded your daily sending limit", "away", id="our limit, no code"),
        pytest.param("552 5.3.1 Insufficient storage", "away", id="the server is full"),
        pytest.param("552 Insufficient system storage", "away", id="the server is full, no code"),
        pytest.param("552 Too many messages today", "away", id="our day"),
        pytest.param("554 5.3.2 System not accepting messages", "away", id="the server takes nothing"),
        pytest.param("550 5.2.1 Mailbox disabled", "away", id="our mailbox is closed"),
        pytest.param("550 This domain is not associated with your account", "away", id="Plunk: our domain"),
        pytest.param(
            "550 5.7.1 Client does not have permissions to send as this sender", "away", id="Microsoft: send as"
        ),
        pytest.param("502 5.7.0 Your SMTP account is not yet activated", "away", id="Brevo: not activated"),
        pytest.param("451 Authentication failed: Maximum credits exceeded", "later", id="SendGrid: for now"),
        pytest.param("552 5.3.4 Message size exceeds fixed limit", "refused", id="too big, Postfix"),
        pytest.param(
            "552 Requested mail action aborted: exceeded storage allocation", "refused", id="too big, RFC 5321"
        ),
        pytest.param("523 message too large", "refused", id="too big, by another code"),
    ],
)
def test_after_mail_only_the_size_is_of_the_letter(line: str, expected: str) -> None:
    """The agency's plan was used up: 552, and every letter was burnt as too big.

    A letter that is too big must not be taken for a refusal of us either: it would stop all the others behind it.
    """
    assert outcome("MAIL", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param("550 POP before SMTP required", "later", id="log in first, POP"),
        pytest.param("550 Please turn on SMTP Authentication in your mail client", "later", id="log in first, cPanel"),
        pytest.param("554 Service unavailable, IP [203.0.113.9] is listed", "later", id="listed"),
        pytest.param("554 203.0.113.9 blocked using zen.spamhaus.org", "later", id="blocked, Spamhaus"),
        pytest.param("553 sorry, that domain isn't in my list of allowed rcpthosts", "later", id="relay, qmail"),
        pytest.param(
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", "later", id="relay, code"
        ),
        pytest.param("550 relay not permitted", "later", id="relay, Exim"),
        pytest.param(
            "554 <a@x.example>: Recipient address rejected: Relay access denied", "later", id="relay, Postfix"
        ),
        pytest.param("550 Delivery is not allowed to this address.", "later", id="relay, hMailServer"),
        pytest.param("550 5.7.54 Unable to relay recipient in non-accepted domain", "later", id="relay, Exchange"),
        pytest.param("554 <mail.x.example[203.0.113.9]>: Client host rejected: Access denied", "later", id="our host"),
        pytest.param("553 agency.example does not exist", "later", id="SoftBank: our domain"),
        pytest.param(
            "550 Verification failed for <a@x.example>\nNo such user\nSender verify failed", "later", id="Exim"
        ),
        pytest.param("550 5.1.0 Domain of sender address a@x.example does not exist", "later", id="our domain, 5.1.0"),
        pytest.param("550 Blocked", "later", id="one word"),
        pytest.param("554 5.7.1 Content rejected - suspected spam", "later", id="spam, before anybody saw the letter"),
        pytest.param("550 5.1.1 <a@x.example>... User unknown", "refused", id="Sakura: no such mailbox"),
        pytest.param("550 5.1.2 <a@x.example>... Host unknown", "refused", id="Sakura: no such host"),
        pytest.param("550 <a@ezweb.ne.jp>: User unknown", "refused", id="au: no such mailbox"),
        pytest.param("550 Invalid recipient: <a@i.softbank.jp>", "refused", id="SoftBank: no such mailbox"),
        pytest.param("550 sorry, no mailbox here by that name (#5.1.1)", "refused", id="qmail: no such mailbox"),
        pytest.param("550 #5.1.0 Address rejected.", "refused", id="Cisco: no such mailbox"),
        pytest.param("550 5.4.1 Recipient address rejected: Access denied", "refused", id="Microsoft: no such mailbox"),
        pytest.param("550 No Such User Here", "refused", id="cPanel: no such mailbox"),
        pytest.param("550 Host unknown", "refused", id="no such host, no code"),
        pytest.param("550 a is not a valid mailbox", "refused", id="no such mailbox, in other words"),
        pytest.param("550 Unrouteable address", "refused", id="Exim: no such domain"),
        pytest.param("552 Quota exceeded", "refused", id="the mailbox is full"),
        pytest.param("556 5.1.10 Domain has null MX", "refused", id="a domain without mail"),
    ],
)
def test_after_rcpt_only_what_names_the_recipient_is_of_the_letter(line: str, expected: str) -> None:
    """The relay wanted a log-in and said so without an enhanced code: every customer's mailbox was taken for gone."""
    assert outcome("RCPT", line) == expected
