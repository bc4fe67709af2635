"""The words by which a report says why a letter did not arrive. bounce.py decides by them where no code does.

They are those of mail servers' own texts, in English and Japanese. The first row that fits counts, so a row that could
be read in two ways comes after the one that cannot.
"""

import re
from collections.abc import Mapping
from typing import Final

from shared.events import BounceReason

REASONS: Final[Mapping[BounceReason, re.Pattern[str]]] = {
    "mailbox-full": re.compile(
        r"\b(?:mail ?box|inbox|quota|storage|mail folder)\b.{0,40}\b(?:full|exceed\w{0,3}|over)\b|\bover ?quota\b"
        r"|\bout of storage\b|\bfull (?:mail ?box|inbox)\b|\bquota exceeded\b|\bmailfull\b"
        r"|容量.{0,20}(?:超|いっぱい|不足|オーバー)|メールボックス.{0,10}(?:いっぱい|一杯)",
        re.IGNORECASE,
    ),
    "too-big": re.compile(
        r"\b(?:message|mail|letter|attachment)\b.{0,30}\b(?:too (?:large|big)|size)\b|\bsize limit\b"
        r"|\bmaximum .{0,20}size\b|サイズ.{0,20}(?:超|大き|制限)|大きすぎ",
        re.IGNORECASE,
    ),
    "no-such-domain": re.compile(
        r"\b(?:host|domain)(?: or domain)?(?: name)?\b.{0,30}\b(?:unknown|not found|exist|couldn't be found)\b"
        r"|\bno such (?:host|domain)\b|\bnxdomain\b|\bunknown host\b|\bcouldn't find any host\b"
        r"|\bdns lookup failure\b|\bnull ?mx\b|\bdoes(?: not|n't) accept (?:any )?mail\b"
        r"|ドメイン.{0,20}(?:見つかりません|存在しません|ありません)",
        re.IGNORECASE,
    ),
    "disabled": re.compile(
        r"\b(?:account|mail ?box|user|recipient|address)\b.{0,40}"
        r"\b(?:disabled|inactive|suspended|deactivated|closed|no longer)\b"
        r"|\bdisabled (?:account|mail ?box)\b|利用(?:停止|を停止)|休止|解約|使われておりません",
        re.IGNORECASE,
    ),
    "no-such-address": re.compile(
        r"\b(?:unknown|no such|invalid|not a (?:valid|known)|non-?existent)"
        r" (?:users?|mail ?box|recipients?|address|account|local)\b"
        r"|\b(?:user|mail ?box|recipient|address|account)\b.{0,40}"
        r"\b(?:unknown|not found|not exist|couldn't be found|unrouteable)\b"
        r"|\bdoes(?: not|n't) exist\b|\bno mail ?box here by that name\b|\bnot listed in\b|\bunrouteable address\b"
        r"|\brecipient name is not recognized\b|\bwasn't found at\b|\brecipient not found\b|\brecipientnotfound\b"
        r"|\brecipient address rejected: (?:user|access denied)\b|\buser doesn't have a\b|存在(?:しません|しない)"
        r"|見つかりません|(?:宛|あて)先(?:不明|が不明)|該当する(?:ユーザ|アドレス)",
        re.IGNORECASE,
    ),
    "blocked": re.compile(
        r"\b(?:spam|junk|unsolicited|polic(?:y|ies)|blocked"
        r"|black ?list\w{0,2}|block ?list\w{0,2}|reputation|virus|malware)\b"
        r"|\b(?:spf|dkim|dmarc|content filter|access denied|not (?:permitted|allowed|authorized)|rejected (?:by|due))\b"
        r"|\b(?:message|content) (?:content )?(?:rejected|refused)\b|\badministrative(?:ly)? (?:prohibit|den)\w{0,5}\b"
        r"|受信(?:を|が)?拒否|拒否(?:設定|され)|迷惑メール|受信設定",
        re.IGNORECASE,
    ),
    "not-reached": re.compile(
        r"\breceiving mail (?:at a rate|too quickly)\b"
        r"|\bgr[ea]y-?list\w{0,3}\b|\btimed? ?out\b|\bretry time\b|\bno (?:response|answer)\b|\btry again\b"
        r"|\bconnection (?:refused|reset|lost)\b|\b(?:unable to|could ?n[o']t|cannot|can't) connect\b"
        r"|\bhas been in the queue\b|\b(?:time|message) (?:limit |has )?(?:expired|exceeded)\b"
        r"|\bgiv(?:e|en|ing) up\b|\btoo long\b|期限(?:切れ|を過ぎ)|タイムアウト|接続できません|応答(?:が)?ありません",
        re.IGNORECASE,
    ),
}

DELAYED: Final = re.compile(
    r"\b(?:delay(?:ed)?|still (?:trying|being)|will (?:be retried|keep trying|continue|retry|be attempted))\b"
    r"|\bnot (?:yet )?been (?:delivered yet|able to)\b|\bno action is (?:required|needed)\b"
    r"|\bdo not need to (?:resend|do)\b|\bwarning: (?:message|could not)\b|遅延|遅れて|再送を(?:試|続|行|繰)"
    r"|配信を(?:試み続け|続け)",
    re.IGNORECASE,
)
"""The server goes on trying."""
GAVE_UP: Final = re.compile(
    r"\bpermanent(?:ly)?\b|\bgiv(?:en|ing) up\b|\bfatal error\b|\bwill not be (?:retried|resent)\b"
    r"|\b(?:could ?n[o']t|unable to) (?:be )?deliver(?:ed)?\b|\bcould not send\b|\bdid not reach\b"
    r"|配信(?:を)?(?:中止|断念)",
    re.IGNORECASE,
)
"""It has stopped, though it may say for how long the letter was delayed."""
FAILURE: Final = re.compile(
    r"\b(?:undeliver(?:able|ed)|delivery (?:status notification|failure|has failed|report|problem)|failure notice)\b"
    r"|\breturned mail\b|\bmail (?:delivery (?:failed|failure|subsystem|system)|system error)\b|\bnon.?delivery\b"
    r"|\bnon remis\b|\b(?:could ?n[o']t|unable to|not) (?:be )?deliver(?:ed)?\b|\bdid not reach\b"
    r"|\bmessage (?:could not|not) sent\b|(?:配信|送信|配達|送達)(?:不能|できません|できなかった|失敗|エラー)"
    r"|戻って(?:き|まいり)ました|届(?:きません|けられません)",
    re.IGNORECASE,
)
"""What the subject or the text of a report says, whatever follows."""
CONFIRMATION: Final = re.compile(
    r"\bconfirm\b.{0,60}\b(?:human|person|click)\b|\bclick\b.{0,60}\bconfirm\b|\bverify that you are\b"
    r"|\b(?:added to|on) (?:my|the) (?:guest|allowed senders?|white ?list)\b|送信者(?:の)?確認"
    r"|(?:認証|承認)(?:手続き|キー).{0,20}(?:メール|お送り|お届け)",
    re.IGNORECASE,
)
"""A filter holds the letter until somebody answers."""
AUTO_REPLY: Final = re.compile(
    r"\bout of (?:the )?office\b|\bauto(?:matic)?[ -]?(?:reply|response|responder|answer)\b|\bvacation\b"
    r"|\bon leave\b|\baway from\b|\babwesenheit|自動(?:応答|返信|配信)|不在|休暇|休業"
    r"|お問い?合わせ(?:を)?(?:受け付け|受付|いただき|ありがとう)",
    re.IGNORECASE,
)
"""What the subject of an automatic answer says."""
