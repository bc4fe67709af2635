"""What a case is found by: its numbers and its contact, as keyed hashes (docs/adr/0017-search-in-sealed-cases.md)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from services.dashboard.domain.case import Case
from services.dashboard.domain.parcels import CannotBeOpened
from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.search_terms import terms_of_case
from services.dashboard.usecases.open_case import contacts_of, open_addresses, open_request
from shared.events.parcels import Contact
from shared.runtime.derived_keys import derived_keys
from shared.runtime.parcels import ParcelOpener

_REMEMBERED: Final = 1_000


def load_search_keys(folder: Path) -> SearchKeys:
    """Of every key of the desk in *folder*. Raises `FileNotFoundError`, `ValueError`."""
    return SearchKeys(derived_keys(folder, "desk", "desk-search"))


class IndexCase:
    """The hashes of a case. It remembers those of the latest cases: their facts come close together."""

    def __init__(self, opener: ParcelOpener, keys: SearchKeys) -> None:
        self._opener = opener
        self._keys = keys
        self._known: dict[tuple[object, ...], tuple[int, ...]] = {}

    @property
    def key(self) -> str:
        """The id of the key that new hashes are made with."""
        return self._keys.newest

    def __call__(self, case: Case) -> tuple[int, ...]:
        """Of its numbers alone when its contact cannot be opened, or is erased."""
        if case.erased_at is not None:
            # Also where this process has still read a parcel: what it is found by would outlive that.
            return self._hashed(case, ())
        corrections = tuple(one.decision_id for one in case.work.corrections)
        known = (case.request.request_id, len(case.quotes), corrections)
        if known in self._known:
            return self._known[known]
        request, addresses = open_request(self._opener, case), open_addresses(self._opener, case)
        hashed = self._hashed(case, contacts_of(request, addresses))
        # What cannot be opened may be opened later, with a key that comes late.
        if not any(isinstance(one, CannotBeOpened) for one in (request, *addresses.values())):
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[known] = hashed
        return hashed

    def _hashed(self, case: Case, contacts: Iterable[Contact | None]) -> tuple[int, ...]:
        numbers = (case.request.reception_no, quote_numbers(case))
        return tuple(self._keys.of_case({term for contact in contacts for term in terms_of_case(contact, *numbers)}))


def quote_numbers(case: Case) -> list[str]:
    """The 見積番号 of every revision, as papers and mails bear them."""
    return [f"{case.request.reception_no}-{quote.revision}" for quote in case.quotes]
