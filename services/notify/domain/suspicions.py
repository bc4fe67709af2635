"""Why somebody should look at a request before it is trusted, as the desk's letter puts it."""

from collections.abc import Iterable, Mapping
from typing import Final

_SENTENCES: Final[Mapping[str, str]] = {
    "honeypot": "画面には表示されない入力欄に、記入がありました。",
    "too-fast": "人が入力するには早すぎる時間で、送信されました。",
    "no-start": "フォームの最初の画面を開かずに、送信されました。",
    "many-links": "自由記入欄に、多くのURLが書かれています。",
    "many-requests": "同じ接続元から、短い時間に多くの送信がありました。",
    "advertisement": "会社名やお名前の欄に、広告のような文章やURL・メールアドレスがあります。",
    "many-to-mailbox": "同じメールアドレスで、1日に多くのご依頼がありました。",
    "mail-ceiling": "1時間に送るメールの上限を超えています。",
}
_OTHER: Final = "その他の理由"
"""For codes that only a newer intake knows."""


def in_sentences(suspicions: Iterable[str]) -> list[str]:
    """Each reason once, for people."""
    return list(dict.fromkeys(_SENTENCES.get(code, _OTHER) for code in suspicions))
