"""Keeps whether the contact of a request wants news, before its first letter says where to stop them."""

from dataclasses import dataclass

from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.news import choice_on_form
from services.notify.domain.parcels import read_contact, wants_news
from services.notify.ports import NewsChoices
from shared.errors import Invalid
from shared.events import RequestReceived
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepNewsChoice:
    """Keep what the request says of news, if it says anything. Safe to repeat. Raises `Unavailable`."""

    parcels: ParcelOpener
    mailboxes: AddressHashes
    choices: NewsChoices

    async def __call__(self, request: RequestReceived) -> None:
        """It counts for the address in the request, and for no other that staff register later."""
        parcel = request.parcels.get("notify")
        if parcel is None:
            return
        try:
            content = self.parcels.open(parcel)
            email = read_contact(content).email
        except Invalid:
            # Its letters cannot be written either, and whoever writes them says so.
            return
        is_wanted = wants_news(content)
        if is_wanted is not None:
            await self.choices.add(choice_on_form(request, self.mailboxes.all(email), is_wanted=is_wanted))
