"""A fact whose key is not there yet is kept and shown, and its case is found by its contact once the key is there."""

import pytest

from services.dashboard.domain.search_terms import terms_of_case
from shared.events.parcels import Contact
from shared.runtime.parcels import ParcelOpener, UnknownKey
from tests.services.dashboard.builders import CONTACT, OPENER, REQUEST, SEARCH_KEYS, a_request
from tests.services.dashboard.fakes import InMemoryCases, InMemorySummaries, recording

pytestmark = pytest.mark.anyio


class LateKeys(ParcelOpener):
    """Has the desk's key from the moment on in which it is put there."""

    def __init__(self) -> None:
        super().__init__({}, look_again=lambda: OPENER._keys if self.is_there else {})  # noqa: SLF001  # the desk's own
        self.is_there = False


async def test_a_case_whose_key_comes_late_is_shown_at_once_and_found_by_its_contact_later() -> None:
    cases, summaries, opener = InMemoryCases(), InMemorySummaries(), LateKeys()
    record = recording(cases, summaries, opener)
    request = a_request()
    by_contact = SEARCH_KEYS.of_case(set(terms_of_case(Contact.model_validate(CONTACT), request.reception_no, [])))

    with pytest.raises(UnknownKey):
        await record(request)
    before = set(by_contact) <= set(summaries.terms[REQUEST].terms)
    opener.is_there = True
    await record(request)

    assert (before, set(by_contact) <= set(summaries.terms[REQUEST].terms)) == (False, True)
    assert await cases.count() == 1
