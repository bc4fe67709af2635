"""The Japanese texts of 滞留の確認: what a machine's words mean for who must decide whether to call somebody."""

from collections.abc import Mapping
from typing import Final

from shared.events import DESK, LETTERS, QUOTES, REQUESTS

TOPICS: Final[Mapping[str, str]] = {
    REQUESTS: "ご依頼の受付",
    QUOTES: "見積り",
    LETTERS: "メールの送信結果",
    DESK: "職員の処理",
}
_REASONS: Final[Mapping[str, str]] = {
    "bad-body": "内容の形が正しくありません",
    "bad-subject": "どのご依頼のものかが書かれていません",
    "not-an-event": "このシステムの記録の形をしていません",
    "unknown-type": "このシステムが知らない種類の記録です",
    "not-read-here": "このシステムが読まない種類の記録です",
    "cannot-be-stored": "データベースに保存できない内容です",
    "broken-parcel": "暗号化された内容が壊れています",
    "unknown-key": "暗号化された内容を開く鍵がありません",
}
_BUG: Final = "システムの不具合です"
_OTHER: Final = "その他の理由です"


def topic_in_words(topic: str) -> str:
    """What kind of record it is."""
    return TOPICS.get(topic, topic)


def reason_in_words(reason: str) -> str:
    """Why a record could not be worked on, with the word by which an administrator finds it.

    What a bug leaves is the name of its exception, `ValueError`: no reason that we give begins with a capital.
    """
    words = _REASONS.get(reason, _BUG if reason[:1].isupper() else _OTHER)
    return f"{words}（{reason}）"
