"""Everything that is held on one person, for whoever asks for it (開示請求): for `mitsumori disclose`.

It reads the ledgers and opens the desk's parcels, of which those of the other readers hold parts, and notify's letters.
Of another person nothing is read out, and the names of staff are left out.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from local.ledgers import request_called
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_audit import MongoAudit
from services.dashboard.domain.answers import answer_sections
from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import moment_of
from services.dashboard.domain.parcels import CannotBeOpened
from services.dashboard.domain.search_text import email_key
from services.dashboard.usecases.open_case import OpenedCase, contacts_of, opened_case
from services.notify.adapters.letter_seals import LetterSeals, load_letter_seals
from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.mongo_holdings import WITH_LINK
from services.notify.domain.copy import copy_of
from services.registry import SERVICES, service
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import QuoteOffered, QuoteReferred, rfc3339
from shared.events.parcels import QuoteForDesk, RequestForDesk
from shared.products import Products
from shared.runtime.adapters.mongo import Database, Document, connect, mongo_errors
from shared.runtime.key_files import key_files
from shared.runtime.parcels import ParcelOpener, load_parcel_opener

OPERATOR: Final = "operator"
"""Who has disclosed a request, in the audit."""
_BATCH: Final = 200
Disclosed = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclose:
    """Reads the four databases. Noted first who reads. All raise `Unavailable`, and `Invalid` (cannot-be-opened)."""

    databases: Mapping[str, Database]
    products: Products
    opener: ParcelOpener
    seals: LetterSeals
    now: Clock

    async def request(self, name: str) -> Disclosed:
        """Of the request with this 受付番号 or id. Raises `Invalid` (no-such-request)."""
        with mongo_errors():
            found = await self.databases["intake"]["requests"].find_one(request_called(name), {"_id": 1})
        case = await MongoCases(self.databases["dashboard"]).find(found["_id"]) if found else None
        if not isinstance(case, Case):
            raise Invalid("no-such-request")
        return await self._all([opened_case(self.opener, case)], [])

    async def mailbox(self, address: str) -> Disclosed:
        """Of every request whose contact has this mail address now; with the mails that had links for it.

        An address that staff have corrected is another person's. Raises `Invalid` (cannot-be-opened) also where a
        request cannot be read whose it is.
        """
        opened = [case async for case in self._opened() if _address_of(case) == email_key(address)]
        with mongo_errors():
            heads = self.databases["notify"]["letters"].find({"kind": {"$in": WITH_LINK}}, {"recipient": 1})
            links = [one["_id"] async for one in heads if email_key(str(one["recipient"])) == email_key(address)]
        return await self._all(opened, links)

    async def _opened(self) -> AsyncIterator[OpenedCase]:
        cases, after = MongoCases(self.databases["dashboard"]), ""
        while request_ids := await cases.ids_after(after, _BATCH):
            for case in await cases.find_many(request_ids):
                if not isinstance(case, Case):
                    raise Invalid("cannot-be-opened")
                yield opened_case(self.opener, case)
            after = request_ids[-1]

    async def _all(self, opened: Sequence[OpenedCase], links: Sequence[str]) -> Disclosed:
        audit = MongoAudit(self.databases["dashboard"])
        for one in opened:
            await audit.record("disclosed-request", self.now(), OPERATOR, one.case.request.request_id)
        return {
            "disclosed_at": rfc3339(self.now()),
            "requests": [await self._request(one) for one in opened],
            "mails_with_links": await self._letters({"_id": {"$in": list(links)}}),
        }

    async def _request(self, opened: OpenedCase) -> Disclosed:
        case, of_request = opened.case, {"request_id": opened.case.request.request_id}
        head = case.request.model_dump(mode="json", exclude={"parcels"}, exclude_none=True)
        with mongo_errors():
            choices = await self.databases["notify"]["news"].find(of_request).sort("at", 1).to_list(None)
        return {
            **head,
            **self._answers(opened),
            "quotes": [self._quote(opened, quote) for quote in case.quotes],
            "staff": list(_written_by_staff(opened)),
            "letters": await self._letters(of_request),
            "deliveries": [_delivery(asdict(letter)) for letter in case.letters if letter.letter_id],
            "news": [{"wanted": one["is_wanted"], "at": rfc3339(one["at"])} for one in choices],
        }

    def _answers(self, opened: OpenedCase) -> Disclosed:
        if opened.case.erased_at is not None:
            return {"erased_at": rfc3339(opened.case.erased_at)}
        request = opened.request
        if not isinstance(request, RequestForDesk):
            # What is given to a person must be whole, or say why not.
            raise Invalid("cannot-be-opened")
        product = self.products.get(opened.case.request.product)
        form = (product.form_of(opened.case.request.form_version) or product.form) if product else None
        sections = answer_sections(form, request.answers, request.typed)
        return {
            "contact": request.contact.model_dump(),
            "answers": {
                section.title: {f"{line.number} {line.label}".strip(): line.text for line in section.lines}
                for section in sections
            },
            "typed": request.typed,
        }

    def _quote(self, opened: OpenedCase, quote: QuoteOffered | QuoteReferred) -> Disclosed:
        told = quote.model_dump(mode="json", exclude={"parcels"}, exclude_none=True)
        parcel = quote.parcels.get("desk")
        if parcel is None or opened.case.erased_at is not None:
            return told
        return told | {"workings": QuoteForDesk.model_validate(self.opener.open(parcel)).model_dump(mode="json")}

    async def _letters(self, which: Document) -> list[Disclosed]:
        letters = MongoLetters(self.databases["notify"], self.seals)
        with mongo_errors():
            heads = await self.databases["notify"]["letters"].find(which, {"kind": 1, "recipient": 1}).to_list(None)
        told = []
        for head in heads:
            if head["recipient"]:
                try:
                    content = await letters.content(head["_id"])
                except Invalid:
                    raise Invalid("cannot-be-opened") from None
                copy = await asyncio.to_thread(copy_of, content)
                told.append({"kind": head["kind"], **copy.model_dump(mode="json")})
        return told


def _address_of(opened: OpenedCase) -> str | None:
    """None for an erased request."""
    if opened.case.erased_at is not None:
        return None
    contact = contacts_of(opened.request, opened.addresses)[-1]
    if contact is None:
        raise Invalid("cannot-be-opened")
    return email_key(contact.email)


def _written_by_staff(opened: OpenedCase) -> Iterator[Disclosed]:
    """What staff wrote about the customer, and what they asked for; not who they are."""
    case = opened.case
    for fact in (*case.work.done, *case.asked_for):
        contents = [opened.texts, opened.decisions, opened.addresses]
        content = next((one[fact.decision_id] for one in contents if fact.decision_id in one), None)
        if isinstance(content, CannotBeOpened):
            if case.erased_at is None:
                raise Invalid("cannot-be-opened")
            content = None
        said = content.model_dump(mode="json", exclude_none=True) if content else {}
        yield {"type": fact.type, "at": rfc3339(moment_of(fact)), **said}


def _delivery(letter: Disclosed) -> Disclosed:
    at = {"at": rfc3339(letter["at"])} if letter["at"] else {}
    return {name: letter[name] for name in ("kind", "state", "bounce", "reason") if letter[name]} | at


@asynccontextmanager
async def disclosing(mongo: str, keys: Sequence[Path], products: Products, now: Clock) -> AsyncIterator[Disclose]:
    """With the databases at *mongo*, and the keys of the desk and of notify in *keys*. Raises `Invalid` (no-keys)."""
    opener = load_parcel_opener(_folder_of("desk", keys), "desk")
    seals = load_letter_seals(_folder_of("notify", keys))
    async with connect(mongo, service("intake").database) as database:
        databases = {str(one.name): database.client[one.database] for one in SERVICES}
        yield Disclose(databases=databases, products=products, opener=opener, seals=seals, now=now)


def _folder_of(reader: str, folders: Sequence[Path]) -> Path:
    found = next((folder for folder in folders if key_files(folder, reader, "key")), None)
    if found is None:
        raise Invalid("no-keys")
    return found
