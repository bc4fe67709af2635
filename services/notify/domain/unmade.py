"""Letters that could not be made, or may have arrived: which are given up, and what the desk is told of them.

The reasons are the texts of `Invalid`, raised while a letter is composed and encoded, and `BUG`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from shared.events import LetterKind, NotMade, NotRepeated

MAY_BE_MADE_LATER: Final = frozenset({"unknown-form", "unknown-key", "unknown-product"})
"""Reasons that an operator can mend: a key, a product or a form that is put into its folder late.

While a release is rolled out, intake may have a new form minutes before notify.

Such a letter is a task for the desk, but is not given up. Its record becomes a dead letter, and that record or the
next fact about the request tries again.
"""

BUG: Final[NotMade] = "bug"
"""The reason of a letter that a bug of ours stops. What it raised is in the log and in the dead letter."""

EXPIRED: Final[NotMade] = "quote-expired"
"""The reason of a quote that staff, or we, let lie until it was not valid any more."""

DEAD_ADDRESS: Final[NotMade] = "dead-address"
"""The reason of a letter that is not sent, because no mail arrives at its address."""

ARRIVAL_UNKNOWN: Final[NotRepeated] = "arrival-unknown"
"""The reason of a letter that may have arrived, and is not sent again because its reader shall not get it twice."""

_UNREADABLE: Final = "ご依頼のデータを読み取れませんでした。"
_WRONG_QUOTE: Final = "お見積りのデータに、この商品にない内容がありました。"
REASONS: Final[Mapping[str, str]] = {
    "document-failed": "PDF(見積書など)を作成できませんでした。",
    "document-too-slow": "PDF(見積書など)の作成に時間がかかりすぎました。",
    "document-not-sound": "作成したPDF(見積書など)が壊れていました。",
    "bad-address": "メールアドレスが、宛先として使えない形でした。",
    "broken-head": "メールの宛先や件名に、使えない文字がありました。",
    BUG: "システムの不具合で作成できませんでした。",
    EXPIRED: "送付する前に、お見積りの有効期限が過ぎました。",
    ARRIVAL_UNKNOWN: (
        "送信の最後にメールサーバーの応答が途切れたか、バックアップから戻したため、届いたかどうかが分かりません。"
    ),
    DEAD_ADDRESS: "このメールアドレスは存在しない、と以前の送信で分かっているため、送信しませんでした。",
    "no-premium": "お見積りの保険料が、円でご案内できる金額ではありませんでした。",
    "letter-too-big": "メールが、送信できる大きさを超えました。",
    "no-brochure": "メールでお送りする資料が、この商品に登録されていません。",
    **dict.fromkeys(("no-parcel", "broken-parcel", "bad-contact", "bad-terms", "bad-declared"), _UNREADABLE),
    **dict.fromkeys(("no-head-option", "unknown-choice", "unknown-question", "bad-grid"), _WRONG_QUOTE),
}
"""For each `NotMade` that gives a letter up, and each `NotRepeated`."""
_TASKS_FOR: Final[Mapping[str, str]] = {
    EXPIRED: (
        "このお見積りの金額は、お客様にお伝えにならないでください。新しいお見積りを手配し、お客様にご連絡ください。"
    ),
    ARRIVAL_UNKNOWN: (
        "このメールが届いているかを、お客様にお電話などでご確認ください。届いていないときは、内容をお伝えください。"
    ),
}
_TASKS: Final[Mapping[LetterKind, str]] = {
    "receipt": "ご依頼の受付を、お客様にお電話などでお伝えください。資料をご希望の場合は、別途お届けください。",
    "quote": "画面でお見積りを確認し、お客様にお電話などで結果をお伝えください。見積書は、別途お届けください。",
    "referral": "担当者からご連絡することを、お客様にお電話などでお伝えください。",
}


def outcome_id(letter_id: str, reason: str) -> str:
    """Under what it is kept that a letter was not made for *reason*: if it may be made later, another end follows."""
    return f"{letter_id}:{reason}" if reason in MAY_BE_MADE_LATER else letter_id


def why_too_late(kind: LetterKind, until: datetime | None, at: datetime) -> NotMade | None:
    """Why it is a task for the desk that this letter was not sent before *at*; None if it is none, or not too late."""
    return EXPIRED if kind == "quote" and until is not None and at >= until else None


def in_words(reason: str) -> str:
    """*reason* for people. One that has no words yet is shown as it is."""
    return REASONS.get(reason, f"その他の理由({reason})")


def what_to_do(kind: LetterKind, reason: str | None = None) -> str:
    """What a person does in place of a letter to the contact, that ended for *reason*."""
    return _TASKS_FOR.get(reason or "", _TASKS[kind])
