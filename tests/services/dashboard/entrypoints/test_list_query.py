"""The list's address can be kept, shared, and read again."""

from urllib.parse import parse_qs, urlsplit

import pytest

from services.dashboard.domain.listing import Order, Selection, sort_value
from services.dashboard.entrypoints.web.list_query import address_of, selection_of, window_of
from services.dashboard.ports.cases import Place, Window
from tests.services.dashboard.builders import SEARCH_KEYS
from tests.services.dashboard.specs import SELECTIONS, VIEWER, short, some_summaries


def query_of(address: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address).query)


@pytest.mark.parametrize("selection", SELECTIONS, ids=short)
def test_an_address_asks_for_what_it_was_made_from(selection: Selection) -> None:
    address = address_of(selection)

    again = selection_of(query_of(address), VIEWER, SEARCH_KEYS)

    assert again.filter == selection.filter or selection.filter.received_from
    assert address_of(again) == address
    assert (again.tab, again.order, again.filter.states) == (selection.tab, selection.order, selection.filter.states)


@pytest.mark.parametrize("order", Order)
def test_an_address_leads_to_the_place_it_names(order: Order) -> None:
    for case in some_summaries(12):
        value = sort_value(case, order)
        if value is not None:
            place = Place(value, case.request_id)
            for window in (Window(after=place), Window(before=place), Window(is_last=True)):
                address = address_of(Selection(viewer=VIEWER, order=order), window)
                assert window_of(query_of(address), order) == window


def test_the_plain_list_has_the_plain_address() -> None:
    assert address_of(Selection(viewer=VIEWER)) == "/"


def test_days_are_those_of_japan() -> None:
    wanted = selection_of({"from": ["2026-11-01"], "to": ["2026-11-30"]}, VIEWER, SEARCH_KEYS).filter

    assert wanted.received_from is not None
    assert wanted.received_before is not None
    assert wanted.received_from.isoformat() == "2026-11-01T00:00:00+09:00"
    assert wanted.received_before.isoformat() == "2026-12-01T00:00:00+09:00"
