"""The Japanese texts of the list: its tabs, orders and filters."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from services.dashboard.domain.listing import NOBODY, Filter, Order, Tab
from services.dashboard.domain.summary import Brochure, FirstAnswer
from services.dashboard.entrypoints.web.list_query import day_of
from services.dashboard.entrypoints.web.wording import MAILS, OUTCOMES, STATES, duration, jst
from services.dashboard.entrypoints.web.work_wording import DECLINED, NOT_TAKEN_UP
from services.dashboard.usecases.list_cases import COUNTED
from shared.yen import yen

TABS: Final[Mapping[Tab, str]] = {
    Tab.OVERDUE: "期限超過",
    Tab.TODAY: "本日期限",
    Tab.MINE: "自分の担当",
    Tab.UNANSWERED: "未対応",
    Tab.CHECK: "要確認",
    Tab.POST: "郵送",
    Tab.ALL: "すべて",
}
EMPTY_TABS: Final[Mapping[Tab, str]] = {
    Tab.OVERDUE: "期限を過ぎたご依頼はありません。",
    Tab.TODAY: "本日が期限のご依頼は、残っていません。",
    Tab.MINE: "あなたが対応するご依頼はありません。ご依頼のページで「自分が対応する」を押すと、ここに表示されます。",
    Tab.UNANSWERED: "まだ連絡していないご依頼はありません。お見積りのご依頼は、連絡を記録するまでここに表示されます。",
    Tab.CHECK: "確認が必要なご依頼はありません。個別見積り・保留中・メールの送信失敗があると、ここに表示されます。",
    Tab.POST: "郵送する資料はありません。郵送のご希望があると、郵送済みにするまでここに表示されます。",
}
ORDERS: Final[Mapping[Order, str]] = {
    Order.NEWEST: "新しい順",
    Order.DUE: "期限の近い順",
    Order.CHANGED: "更新の新しい順",
    Order.PREMIUM: "保険料の高い順",
}
FIRST_ANSWERS: Final[Mapping[FirstAnswer, str]] = {
    "in-time": "期限内に連絡を試みた（つながらない場合も含む）",
    "late": "期限後に連絡を試みた（つながらない場合も含む）",
    "none": "まだ連絡していない",
}
TURNOVER_BANDS: Final[Mapping[str, str]] = {
    "under-1oku": "1億円未満",
    "1-5oku": "1億円以上5億円未満",
    "5-10oku": "5億円以上10億円未満",
    "10-50oku": "10億円以上50億円未満",
    "50-100oku": "50億円以上100億円未満",
    "100oku-": "100億円以上",
    NOBODY: "不明",
}
REASONS: Final[Mapping[str, str]] = DECLINED | NOT_TAKEN_UP | {NOBODY: "なし"}
BROCHURES: Final[Mapping[Brochure, str]] = {"email": "メール", "post": "郵送", "none": "希望なし"}


def count(number: int) -> str:
    """`1,234`, and `10,000+` for what is not counted further."""
    return f"{number:,}+" if number >= COUNTED else f"{number:,}"


def news_text(came: int) -> str:
    """What is read out when requests have come since the page was opened; nothing before the first."""
    return f"新しいご依頼が{came:,}件あります" if came else ""


def in_words(wanted: Filter, industries: Mapping[str, str]) -> list[str]:
    """The conditions of a filter, one text each."""
    return list(_in_words(wanted, industries))


def _in_words(wanted: Filter, industries: Mapping[str, str]) -> Iterator[str]:
    if wanted.text:
        yield f"検索：{wanted.text}"
    for words in (
        [name for state, name in STATES.items() if state in wanted.states],
        [f"資料：{name}" for brochure, name in BROCHURES.items() if brochure in wanted.brochures],
        ["業種なし" if one == NOBODY else industries.get(one, one) for one in sorted(wanted.industries)],
        [f"対応者：{'なし' if one == NOBODY else one}" for one in sorted(wanted.assignees)],
        [name for outcome, name in OUTCOMES.items() if outcome in wanted.outcomes],
        [f"理由：{REASONS.get(one, one)}" for one in sorted(wanted.reasons)],
        [f"売上高：{TURNOVER_BANDS.get(one, one)}" for one in sorted(wanted.turnover_bands)],
        [f"メール：{name}" for mail, name in MAILS.items() if mail in wanted.mails],
        [name for answer, name in FIRST_ANSWERS.items() if answer in wanted.first_answers],
        [f"初回連絡：{'なし' if one == NOBODY else one}" for one in sorted(wanted.contacted_by)],
    ):
        if words:
            yield "／".join(words)
    flags = {"要確認": wanted.must_check, "要確認（送信）": wanted.is_suspicious, "送信失敗": wanted.has_failed_letters}
    flags |= {"2分以上結果のないもの": wanted.is_stuck}
    yield from (words for words, is_set in flags.items() if is_set)
    if wanted.is_open is not None:
        yield "対応中" if wanted.is_open else "終了"
    yield from _ranges(wanted)


def _ranges(wanted: Filter) -> Iterator[str]:
    if wanted.received_from:
        yield f"{day_of(wanted.received_from)} 以降の受付"
    if wanted.changed_from:
        yield f"{jst(wanted.changed_from)} 以降の更新"
    if wanted.received_before:
        yield f"{day_of(wanted.received_before, days=-1)} 以前の受付"
    if wanted.premium_from is not None:
        yield f"{yen(wanted.premium_from)}以上"
    if wanted.premium_to is not None:
        yield f"{yen(wanted.premium_to)}以下"
    for name, least_ms, most_ms in (
        ("見積り", wanted.quoted_from_ms, wanted.quoted_to_ms),
        ("メール", wanted.mailed_from_ms, wanted.mailed_to_ms),
    ):
        if least_ms is not None:
            yield f"{name}まで{duration(timedelta(milliseconds=least_ms))}以上"
        if most_ms is not None:
            yield f"{name}まで{duration(timedelta(milliseconds=most_ms))}以内"
