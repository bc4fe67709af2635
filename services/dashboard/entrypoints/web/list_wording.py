"""The Japanese texts of the list: its tabs, orders and filters."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.dashboard.domain.listing import NOBODY, Filter, Order, Tab
from services.dashboard.domain.summary import Brochure
from services.dashboard.entrypoints.web.list_query import day_of
from services.dashboard.entrypoints.web.wording import STATES
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
    for words in (
        [name for state, name in STATES.items() if state in wanted.states],
        [f"資料：{name}" for brochure, name in BROCHURES.items() if brochure in wanted.brochures],
        [industries.get(one, one) for one in sorted(wanted.industries)],
        [f"対応者：{'なし' if one == NOBODY else one}" for one in sorted(wanted.assignees)],
    ):
        if words:
            yield "／".join(words)
    flags = {"要確認": wanted.must_check, "要確認（送信）": wanted.is_suspicious, "送信失敗": wanted.has_failed_letters}
    yield from (words for words, is_set in flags.items() if is_set)
    if wanted.is_open is not None:
        yield "対応中" if wanted.is_open else "終了"
    yield from _ranges(wanted)


def _ranges(wanted: Filter) -> Iterator[str]:
    if wanted.received_from:
        yield f"{day_of(wanted.received_from)} 以降の受付"
    if wanted.received_before:
        yield f"{day_of(wanted.received_before, days=-1)} 以前の受付"
    if wanted.premium_from is not None:
        yield f"{yen(wanted.premium_from)}以上"
    if wanted.premium_to is not None:
        yield f"{yen(wanted.premium_to)}以下"
