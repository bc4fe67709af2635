"""The list's address: what stands behind the question mark, read into a selection and written again for links.

Such an address can be kept and shared. Whatever makes no sense in it counts as not said.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar, get_args
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import TypeAdapter, ValidationError

from services.dashboard.domain.case import State
from services.dashboard.domain.letters import MailState
from services.dashboard.domain.listing import Filter, Order, Selection, Tab, Viewer
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.summary import Brochure, FirstAnswer
from services.dashboard.ports.cases import Place, Window
from shared.clock import JST
from shared.events import CaseOutcome
from shared.events.base import Moment

BROCHURES: Final[tuple[Brochure, ...]] = ("email", "post", "none")
_OUTCOMES: Final[tuple[CaseOutcome, ...]] = get_args(CaseOutcome)
_MAILS: Final[tuple[MailState, ...]] = get_args(MailState)
_FIRST_ANSWERS: Final[tuple[FirstAnswer, ...]] = get_args(FirstAnswer)
_IN_FORM: Final = frozenset({"state", "brochure", "industry", "assignee", "premium_from", "premium_to"})
_NAME: Final = re.compile(r"[0-9a-z._-]{1,64}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_DAY: Final = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACE: Final = re.compile(r"([0-9]{1,16})~([0-9A-Za-z-]{1,64})")
_MILLISECONDS: Final = re.compile(r"[0-9]{1,16}")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENTS: Final = TypeAdapter[datetime](Moment)
_MOST_VALUES: Final = 20
_MOST_FIELDS: Final = 200
_LONGEST_SEARCH: Final = 200
_Value = TypeVar("_Value")


def query_at(address: str) -> Mapping[str, Sequence[str]] | None:
    """What stands behind the question mark of an *address* that came from outside; None for one that cannot be read."""
    try:
        return parse_qs(urlsplit(address).query, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return None


def selection_of(query: Mapping[str, Sequence[str]], viewer: Viewer, keys: SearchKeys) -> Selection:
    """What the address asks for; *keys*: that a search is asked with."""
    is_open = {"open": True, "closed": False}.get(_first(query, "ended"))
    wanted = Filter(
        search=keys.search(_first(query, "q").strip()[:_LONGEST_SEARCH]),
        states=_known(query, "state", State),
        brochures=_known(query, "brochure", BROCHURES),
        industries=_names(query, "industry"),
        assignees=_names(query, "assignee"),
        outcomes=_known(query, "outcome", _OUTCOMES),
        reasons=_names(query, "reason"),
        turnover_bands=_names(query, "turnover"),
        mails=_known(query, "mail", _MAILS),
        first_answers=_known(query, "answer", _FIRST_ANSWERS),
        contacted_by=_names(query, "by"),
        premium_from=_whole(_first(query, "premium_from")),
        premium_to=_whole(_first(query, "premium_to")),
        quoted_from_ms=_whole(_first(query, "quoted_from")),
        quoted_to_ms=_whole(_first(query, "quoted_to")),
        mailed_from_ms=_whole(_first(query, "mailed_from")),
        mailed_to_ms=_whole(_first(query, "mailed_to")),
        received_from=_midnight(_first(query, "from")),
        changed_from=_moment(_first(query, "changed_from")),
        received_before=_midnight(_first(query, "to"), days=1),
        is_open=is_open,
        must_check=_is_set(query, "check"),
        is_suspicious=_is_set(query, "suspicious"),
        has_failed_letters=_is_set(query, "failed"),
        is_averaged=_is_set(query, "averaged"),
        is_stuck=_is_set(query, "stuck"),
    )
    tab, order = _known(query, "tab", Tab), _known(query, "order", Order)
    return Selection(viewer=viewer, tab=next(iter(tab), Tab.ALL), filter=wanted, order=next(iter(order), Order.NEWEST))


def window_of(query: Mapping[str, Sequence[str]], order: Order) -> Window:
    """Which page of it."""
    return Window(
        after=_place(_first(query, "after"), order),
        before=_place(_first(query, "before"), order),
        is_last=_is_set(query, "last"),
    )


def address_of(selection: Selection, window: Window | None = None) -> str:
    """The address that asks for *selection*, from its beginning or at *window*. The same again when it is read."""
    wanted = selection.filter
    pairs: list[tuple[str, str]] = [("q", wanted.text)] if wanted.text else []
    if selection.tab is not Tab.ALL:
        pairs.append(("tab", selection.tab.value))
    pairs += _of_values(wanted)
    pairs += [("from", day_of(wanted.received_from))] if wanted.received_from else []
    pairs += [("to", day_of(wanted.received_before, days=-1))] if wanted.received_before else []
    if wanted.is_open is not None:
        pairs.append(("ended", "open" if wanted.is_open else "closed"))
    for name, is_set in (
        ("check", wanted.must_check),
        ("suspicious", wanted.is_suspicious),
        ("failed", wanted.has_failed_letters),
        ("averaged", wanted.is_averaged),
        ("stuck", wanted.is_stuck),
    ):
        pairs += [(name, "1")] if is_set else []
    if selection.order is not Order.NEWEST:
        pairs.append(("order", selection.order.value))
    pairs += _of_window(window) if window else []
    return f"/?{urlencode(pairs)}" if pairs else "/"


def export_of(selection: Selection, kind: str) -> str:
    """The address of all that *selection* has, as a file of this *kind*."""
    return f"/export/cases.{kind}{address_of(selection).removeprefix('/')}"


def bulk_of(selection: Selection) -> str:
    """Where the work on all that *selection* has is chosen."""
    return f"/bulk{address_of(selection).removeprefix('/')}"


def day_of(midnight: datetime, *, days: int = 0) -> str:
    """The day in Japan, as a date field takes it."""
    return (midnight.astimezone(JST) + timedelta(days=days)).date().isoformat()


def conditions_of(wanted: Filter) -> list[tuple[str, str]]:
    """The conditions that the figures set and the form of the list has no field for."""
    flags = (("averaged", wanted.is_averaged), ("stuck", wanted.is_stuck))
    without_field = [(name, value) for name, value in _of_values(wanted) if name not in _IN_FORM]
    return without_field + [(name, "1") for name, is_set in flags if is_set]


def _of_values(wanted: Filter) -> Iterable[tuple[str, str]]:
    sets: dict[str, Iterable[str]] = {
        "state": wanted.states,
        "brochure": wanted.brochures,
        "industry": wanted.industries,
        "assignee": wanted.assignees,
        "outcome": wanted.outcomes,
        "reason": wanted.reasons,
        "turnover": wanted.turnover_bands,
        "mail": wanted.mails,
        "answer": wanted.first_answers,
        "by": wanted.contacted_by,
    }
    for name, values in sets.items():
        yield from ((name, value) for value in sorted(values))
    numbers = {
        "premium_from": wanted.premium_from,
        "premium_to": wanted.premium_to,
        "quoted_from": wanted.quoted_from_ms,
        "quoted_to": wanted.quoted_to_ms,
        "mailed_from": wanted.mailed_from_ms,
        "mailed_to": wanted.mailed_to_ms,
        "changed_from": None if wanted.changed_from is None else _number(wanted.changed_from),
    }
    yield from ((name, str(number)) for name, number in numbers.items() if number is not None)


def _of_window(window: Window) -> Iterable[tuple[str, str]]:
    if window.is_last:
        yield "last", "1"
    for name, place in (("after", window.after), ("before", window.before)):
        if place is not None:
            yield name, f"{_number(place.value)}~{place.request_id}"


def _first(query: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(query.get(name, ())), "")


def _is_set(query: Mapping[str, Sequence[str]], name: str) -> bool:
    return _first(query, name) == "1"


def _known(query: Mapping[str, Sequence[str]], name: str, values: Iterable[_Value]) -> frozenset[_Value]:
    by_text = {str(value): value for value in values}
    return frozenset(by_text[text] for text in query.get(name, ()) if text in by_text)


def _names(query: Mapping[str, Sequence[str]], name: str) -> frozenset[str]:
    return frozenset(text for text in query.get(name, ())[:_MOST_VALUES] if _NAME.fullmatch(text))


def _whole(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def day_in(text: str) -> date | None:
    """The day that *text* is, as a date field sends it; None for anything else."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _midnight(text: str, *, days: int = 0) -> datetime | None:
    """The beginning of a day in Japan, or of one that comes *days* later."""
    day = day_in(text)
    return datetime.combine(day, time(), JST) + timedelta(days=days) if day else None


def _moment(text: str) -> datetime | None:
    """The opposite of `_number`; None outside the years that facts are of."""
    return moment_at(int(text)) if _MILLISECONDS.fullmatch(text) else None


def moment_at(number: int) -> datetime | None:
    """The moment so many milliseconds after 1970; None outside of 2000 to 2199, where no fact is.

    Far outside, one cannot be written as a time in Japan.
    """
    try:
        return _MOMENTS.validate_python(_EPOCH + timedelta(milliseconds=number))
    except (OverflowError, ValidationError):
        return None


def _place(text: str, order: Order) -> Place | None:
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    value = int(found[1]) if order is Order.PREMIUM else _moment(found[1])
    return None if value is None else Place(value, found[2])


def _number(value: datetime | int) -> int:
    """Milliseconds since 1970 for a moment, as MongoDB keeps them."""
    return value if isinstance(value, int) else (value - _EPOCH) // timedelta(milliseconds=1)
