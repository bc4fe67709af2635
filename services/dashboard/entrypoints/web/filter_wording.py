"""The conditions of a list in Japanese, as one title and as chips that are taken away one by one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final, NamedTuple

from services.dashboard.domain.listing import NOBODY, Filter, Selection
from services.dashboard.entrypoints.web.list_query import address_of
from services.dashboard.entrypoints.web.list_wording import BROCHURES, FIRST_ANSWERS, REASONS, TURNOVER_BANDS
from services.dashboard.entrypoints.web.wording import MAILS, OUTCOMES, STATES, date_of, duration, when
from shared.yen import yen

_FLAGS: Final = {
    "must_check": "要確認",
    "is_suspicious": "送信元に注意",
    "has_failed_letters": "送信失敗",
    "is_averaged": "平均保険料に数えるもの",
    "is_stuck": "2分以上結果のないもの",
}


class Condition(NamedTuple):
    """One condition of a filter in words. `without`: the filter when it is taken away."""

    field: str
    words: str
    without: Filter


class Chip(NamedTuple):
    """A condition of a list, and the address of the list without it."""

    words: str
    address: str


def chips(selection: Selection, industries: Mapping[str, str]) -> list[Chip]:
    """Every condition of *selection*, to be taken away one by one."""
    found = _conditions(selection.filter, industries, selection.viewer.now)
    return [Chip(one.words, address_of(replace(selection, filter=one.without))) for one in found]


def in_words(selection: Selection, industries: Mapping[str, str]) -> list[str]:
    """The conditions of *selection*: those of one field in one text, because one of them is enough."""
    found = _conditions(selection.filter, industries, selection.viewer.now)
    return ["／".join(one.words for one in group) for _, group in groupby(found, key=lambda one: one.field)]


def range_problems(wanted: Filter) -> list[str]:
    """Why nothing can answer the ranges of a filter."""
    begin, end, least, most = wanted.received_from, wanted.received_before, wanted.premium_from, wanted.premium_to
    problems = {
        "受付日の始まりが終わりより後です。日付を確認してください。": begin and end and begin >= end,
        "保険料の下限が上限より大きくなっています。金額を確認してください。": least
        and most is not None
        and least > most,
    }
    return [words for words, is_so in problems.items() if is_so]


def _conditions(wanted: Filter, industries: Mapping[str, str], now: datetime) -> Iterator[Condition]:
    if wanted.text:
        yield Condition("search", f"検索：{wanted.text}", replace(wanted, search=None))
    yield from _of_sets(wanted, industries)
    for name, words in _FLAGS.items():
        if getattr(wanted, name):
            yield _without(wanted, words, **{name: False})
    if wanted.is_open is not None:
        yield _without(wanted, "対応中" if wanted.is_open else "終了", is_open=None)
    yield from _of_ranges(wanted, now)


def _without(wanted: Filter, words: str, **changed: Any) -> Condition:  # noqa: ANN401  # the fields of a filter
    return Condition("+".join(changed), words, _changed(wanted, **changed))


def _changed(wanted: Filter, **changed: Any) -> Filter:  # noqa: ANN401  # the fields of a filter
    return replace(wanted, **changed)


def _of_sets(wanted: Filter, industries: Mapping[str, str]) -> Iterator[Condition]:
    for name, values, words in _sets(wanted, industries):
        known = [value for value in words if value in values]
        for value in (*known, *sorted(values - words.keys())):
            yield Condition(name, words.get(value, value), _changed(wanted, **{name: values - {value}}))


def _sets(wanted: Filter, industries: Mapping[str, str]) -> Iterator[tuple[str, frozenset[Any], Mapping[Any, str]]]:
    yield "states", wanted.states, STATES
    yield "brochures", wanted.brochures, _named("資料", BROCHURES)
    yield "industries", wanted.industries, {**industries, NOBODY: "業種なし"}
    yield "assignees", wanted.assignees, _people("対応者", wanted.assignees)
    yield "outcomes", wanted.outcomes, OUTCOMES
    yield "reasons", wanted.reasons, _named("理由", REASONS)
    yield "turnover_bands", wanted.turnover_bands, _named("売上高", TURNOVER_BANDS)
    yield "mails", wanted.mails, _named("メール", MAILS)
    yield "first_answers", wanted.first_answers, FIRST_ANSWERS
    yield "contacted_by", wanted.contacted_by, _people("初回連絡", wanted.contacted_by)


def _named(name: str, words: Mapping[Any, str]) -> Mapping[Any, str]:
    return {value: f"{name}：{word}" for value, word in words.items()}


def _people(name: str, people: Collection[str]) -> Mapping[str, str]:
    return {one: f"{name}：{'なし' if one == NOBODY else one}" for one in sorted(people)}


def _of_ranges(wanted: Filter, now: datetime) -> Iterator[Condition]:
    if words := _received(wanted, now):
        yield _without(wanted, words, received_from=None, received_before=None)
    if wanted.changed_from:
        yield _without(wanted, f"{when(wanted.changed_from, now)} 以降に更新", changed_from=None)
    if wanted.premium_from is not None:
        words = f"{yen(wanted.premium_from)}以上" if wanted.premium_from else "保険料があるもの"
        yield _without(wanted, words, premium_from=None)
    if wanted.premium_to is not None:
        yield _without(wanted, f"{yen(wanted.premium_to)}以下", premium_to=None)
    for name, field, least_ms, most_ms in (
        ("見積り", "quoted", wanted.quoted_from_ms, wanted.quoted_to_ms),
        ("メール", "mailed", wanted.mailed_from_ms, wanted.mailed_to_ms),
    ):
        if least_ms is not None:
            least = duration(timedelta(milliseconds=least_ms))
            yield _without(wanted, f"{name}まで{least}以上", **{f"{field}_from_ms": None})
        if most_ms is not None:
            most = duration(timedelta(milliseconds=most_ms))
            yield _without(wanted, f"{name}まで{most}以内", **{f"{field}_to_ms": None})


def _received(wanted: Filter, now: datetime) -> str:
    """`11月27日に受付`, `11月20日〜11月27日に受付`, `11月20日以降に受付`."""
    first = date_of(wanted.received_from, now) if wanted.received_from else ""
    last = date_of(wanted.received_before - timedelta(days=1), now) if wanted.received_before else ""
    if first == last:
        return f"{first}に受付" if first else ""
    if not last:
        return f"{first}以降に受付"
    return f"{first}〜{last}に受付" if first else f"{last}までに受付"
