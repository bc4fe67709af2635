"""The words by which a refusal of a mail server is known to be of us, or of one letter. replies.py decides by them.

They are those of the providers' own lists of errors, and of the tests. A word that is missing here only makes a letter
wait; one too many among those for the letter can burn all of them.
"""

import re
from typing import Final

SENDER: Final = re.compile(
    r"\bfrom:|\b(?:senders?|sending|originator|from address|(?:envelope|header|mail) from|return.path|callout|callback"
    r"|while verifying"
    r"|(?<!recipient )(?<!address )verif(?:y|ication) (?:failed|failure))\b",
    re.IGNORECASE,
)
"""Also the words of a server that asks ours whether our address exists."""
US: Final = re.compile(
    r"\b(?:client|ips?|isp|hosts? (?:in|banned|blocked|listed|rejected)|range"
    r"|polic(?:y|ies)|plan|trial|free|subscription|authorize|upgrade|pop"
    r"|too many(?! messages)|disk (?:full|quota)|insufficient disk|no space left|system full"
    r"|this server|from (?:this|your)|source|originating|out(?:going|bound)|relay\w{0,4}|submission"
    r"|your (?:\w{1,8} )?(?:access|account|(?:mail)?box|server|host|domain|network|address|plan|quota|limit)"
    r"|throttl\w{1,5}|rate|too quickly|transfer|traffic|send (?:quota|limit)|sent (?:mail|email|message)s"
    r"|(?:hour|dai|month)ly|per (?:hour|day|month)|today|(?:message|email) (?:count )?quota"
    r"|not allowed to (?:use|send)|account.{0,20}(?:suspended|blocked|locked)|\w{0,5}authenti\w{1,8}|credentials"
    r"|(?:may|can|cannot|can't) send|smtp (?:user|account)|settings|password"
    r"|log.?in|helo|ehlo|reverse|\w{0,5}list(?:ed)?|reputation|abuse detected|complaints?"
    r"|spf|dkim|dmarc|tls|r?dns|ptr)\b",
    re.IGNORECASE,
)
"""Needed only where words for the letter stand beside them: what neither names waits too."""
SIZE: Final = re.compile(
    r"\bsize\b|\btoo (?:big|large)\b|\b(?:message|mail|letter|data)\b.{0,10}\btoo long\b", re.IGNORECASE
)
OTHER_SIZE: Final = re.compile(r"\b(?:mailbox|queue|line|user|recipient)\b", re.IGNORECASE)
"""What may be too large besides the letter."""
STORAGE: Final = re.compile(r"\b(?:quota|storage|full|size|big|large|long|data|space)\b", re.IGNORECASE)
"""What a 552 can be about; some servers give it for any limit that they have."""
ALLOWANCE: Final = re.compile(r"\b(?:quota|limit|insufficient|too many)\b", re.IGNORECASE)
RECIPIENT: Final = re.compile(
    r"\b(?:user|mail ?box|recipient|address|addressee|local[ -]part)\b.{0,30}"
    r"\b(?:unknown|not known|exist|found|disabled|inactive|unavailable)\b"
    r"|\b(?:unknown|unrouteable|no such|no|(?:no|not a) valid|invalid|bad)"
    r" (?:users?|mail ?box|recipients?|address|person|local[ -]part)\b"
    r"|\bhost unknown\b|\bmailbox name\b|\buser doesn't have a\b"
    r"|\b(?:mail ?box|inbox)\b.{0,30}\b(?:full|quota|storage)\b|\bfull (?:mail ?box|inbox)\b",
    re.IGNORECASE,
)
GONE: Final = re.compile(
    r"\b(?:user|mail ?box|mail ?folder|recipient|(?:this|email) address)\b.{0,40}"
    r"\b(?:suspended|deactivated|no longer|not a known|used up|full|disk space|too many messages|missing home)\b"
    r"|\b(?:no one at this address|non.existent user|not a known user|deactivated mail ?box|unknown email address)\b"
    r"|\binvalid/inactive user\b|^not found$"
    r"|\b(?:no such|unknown|invalid) account\b|\baccount (?:unknown|not found|does not exist|by that name)\b",
    re.IGNORECASE,
)
"""To RCPT only: elsewhere it may be ours, and ours may be disabled at any time.

Most are bounces of Sisimai's tables (userunknown, mailboxfull, suspend).
"""
QUOTA_OF_RECIPIENT: Final = re.compile(
    r"\b(?:user|recipient|account)\b.{0,30}\b(?:over quota|storage)\b|\b(?:user|recipient)\b.{0,30}\bquota\b"
    r"|\bstorage allocation\b",
    re.IGNORECASE,
)
"""Not with a policy's code: a policy service counts what we send."""
BARE_REFUSAL: Final = re.compile(
    r"(?:the |this )?recipient(?: address)? (?:is |was |has been )?(?:rejected|refused|not accepted)(?: here)?[.!]?",
    re.IGNORECASE,
)
"""With nothing behind it. Its subject is the recipient; a bare `Rejected` or `Denied by policy` has no subject."""
CONTENT: Final = re.compile(
    r"\b(?:virus|infected|malware|phishing)\b"
    r"|\b(?:message|letter)\b.{0,40}\b(?:spam|junk|unsolicited)\b|\b(?:spam|junk) (?:message|mail|email|letter)\b"
    r"|\b(?:its|message|mail|letter) (?:content|body|format)\b"
    r"|\bcontent (?:rejected|refused|not (?:allowed|accepted))\b"
    r"|\battachments?\b.{0,30}\b(?:blocked|rejected|refused|(?:not|is) (?:allowed|accepted|permitted))\b",
    re.IGNORECASE,
)
"""Spam alone is no word for it: servers say it of the address that sends, also after the final dot."""
