"""What was typed when a session had ended, in the words of the form that it was typed into."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.dashboard.domain.account import KeptPost
from services.dashboard.entrypoints.web.wording import OUTCOMES
from services.dashboard.entrypoints.web.work_wording import CONTACTS, DECLINED, NOT_TAKEN_UP
from shared.clock import JST

_OF_CASE: Final = re.compile(r"/cases/([0-9A-Za-z_-]{1,64})/([a-z-]+)")
_ACTS: Final[Mapping[str, str]] = {
    "note": "メモを残す",
    "contact": "お客さまへの連絡を記録する",
    "assign": "対応者を変更する",
    "post": "資料を郵送済みにする",
    "close": "対応を終える",
    "reopen": "対応を再開する",
    "hold": "見積りを送付保留にする",
    "lift": "送付保留を解除する",
    "answers": "ご回答を訂正して見積もる",
    "address": "メールアドレスを訂正して再送する",
    "terms": "条件を変えて見積もる",
    "premium": "保険料を手動で設定する",
    "approve": "保険料の設定の承認に回答する",
    "release": "見積りをお客さまへ送付する",
    "release-mails": "お客さまへのメールの送信を許可する",
    "take-back": "直前の処理を取り消す",
}
"""By the `kind` of the form, or else by where it goes."""
_WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("answer", "approve"): "承認する",
    ("answer", "refuse"): "承認しない",
    **{("outcome", value): name for value, name in OUTCOMES.items()},
    **{("outcome", value): name for value, name in CONTACTS.items()},
}
_LABELS: Final[Mapping[str, str]] = {
    "outcome": "結果",
    "again_at": "次に連絡する日時",
    "until": "確認がすむ予定の日",
    "to": "対応者",
    "email": "正しいメールアドレス",
    "same_as": "もう一方のご依頼の受付番号",
    "premium": "保険料（年額、円）",
    "answer": "回答",
    "reason": "理由",
    "text": "内容",
}
"""The fields that people see, in the order of the forms. Those of machines are not shown."""


@dataclass(frozen=True, slots=True)
class ShownPost:
    """What somebody wanted to do. `request_id`: of the case that it is about, if it is about one."""

    post: KeptPost
    act: str
    request_id: str | None
    lines: tuple[tuple[str, str], ...]


def shown_post(post: KeptPost, term: Callable[[str, str], tuple[str, str]] | None = None) -> ShownPost:
    """*post* in words. *term*: the words for a term of the cover and its value; None: those terms are left out."""
    fields = dict(post.fields)
    found = _OF_CASE.fullmatch(post.path)
    act = _ACTS.get(fields.get("kind", "")) or _ACTS.get(found[2] if found else "") or "ご依頼の処理"
    return ShownPost(post, act, found[1] if found else None, tuple(_lines(post.fields, term)))


def case_of_post(post: KeptPost) -> str | None:
    """The id of the request that *post* is about."""
    found = _OF_CASE.fullmatch(post.path)
    return found[1] if found else None


def _lines(
    fields: Sequence[tuple[str, str]], term: Callable[[str, str], tuple[str, str]] | None
) -> Iterator[tuple[str, str]]:
    sent = dict(fields)
    for name, value in fields:
        if name.startswith("term-") and value and term:
            yield term(name.removeprefix("term-"), value)
    for name, label in _LABELS.items():
        if sent.get(name):
            yield label, _in_words(name, sent[name])


def _in_words(name: str, value: str) -> str:
    if name == "reason":
        outcome, _, reason = value.partition(":")
        return {"not-taken-up": NOT_TAKEN_UP, "declined": DECLINED}.get(outcome, {}).get(reason, value)
    if name == "again_at":
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return moment.replace(tzinfo=JST).strftime("%Y-%m-%d %H:%M")
    return _WORDS.get((name, value), value)
