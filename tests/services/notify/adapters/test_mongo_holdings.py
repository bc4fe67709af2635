"""What notify forgets of a request: parcels, letters and their bytes, addresses; and what it still knows."""

from datetime import timedelta

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoOutcomes
from services.notify.adapters.mongo_copies import MongoCopies
from services.notify.adapters.mongo_dead_addresses import MongoDeadAddresses
from services.notify.adapters.mongo_holdings import NotifyHoldings
from services.notify.adapters.mongo_news import MongoNewsChoices
from services.notify.domain.dead_address import AddressHashes
from shared.events import AddressCorrected, Parcel
from shared.runtime.adapters.mongo import Database
from shared.runtime.adapters.mongo_erased import MongoErased
from tests.services.notify.builders import (
    ASKING_ID,
    NOON,
    REQUEST_ID,
    SEALS,
    SENT,
    a_letter,
    a_link,
    a_news_choice,
    a_request,
    an_offer,
)
from tests.services.notify.specs import a_copy

pytestmark = pytest.mark.anyio

SEALED = Parcel(key="notify-1", box="Y2FuYXJ5")
BYTES = [b"Subject: canary\r\n\r\ncanary\r\n"]
CUSTOMER = "yoshida@customer.example"


def a_correction() -> AddressCorrected:
    return AddressCorrected(
        request_id=REQUEST_ID,
        decision_id="d-9",
        decided_at=NOON,
        decided_by="staff-1",
        parcels={"notify": SEALED},
    )


class Ledger:
    """Notify's database, with one request that was answered, copied and corrected, and one of somebody else."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.facts, self.letters = MongoFacts(database), MongoLetters(database, SEALS)
        self.news = MongoNewsChoices(database, lambda _event: None)
        self.dead_addresses = MongoDeadAddresses(database, AddressHashes({"notify-1": b"k" * 32}))
        self.holdings = NotifyHoldings(database, lambda: NOON)

    async def fill(self) -> None:
        for request_id in (REQUEST_ID, "another"):
            await self.facts.add(a_request(parcel=SEALED, request_id=request_id))
            await self.facts.add(an_offer(request_id=request_id, quote_id=f"q-{request_id}"))
            await self.news.add(a_news_choice(id=request_id, request_id=request_id, mailboxes=(request_id,)))
            recipient = CUSTOMER if request_id == REQUEST_ID else "somebody@else.example"
            for kind in ("receipt", "desk"):
                head = {"id": f"{kind}-{request_id}", "request_id": request_id, "kind": kind}
                await self.letters.add(a_letter(**head, recipient=recipient), BYTES)
        await self.facts.add(a_correction())
        await MongoCopies(self.database, lambda _event: None).add(a_copy())
        for said_by in (f"receipt-{REQUEST_ID}", "d-9", "receipt-another"):
            await self.dead_addresses.add(said_by, f"{said_by}@dead.example", NOON, is_dead=True)

    async def everything(self, *without: str) -> str:
        names = set(await self.database.list_collection_names()) - set(without)
        return str([await self.database[name].find().to_list(None) for name in sorted(names)])


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    ledger = Ledger(database)
    await ledger.fill()
    return ledger


async def test_parcels_letters_copies_and_addresses_are_gone(ledger: Ledger) -> None:
    held = await ledger.holdings.count(REQUEST_ID)

    for _ in range(2):
        await ledger.holdings.forget(REQUEST_ID)

    assert held == {
        "requests": 1,
        "quotes": 1,
        "corrections": 1,
        "copies": 1,
        "news": 1,
        "letters": 2,
        "dead_addresses": 2,
    }
    assert await ledger.holdings.count(REQUEST_ID) == {}
    assert CUSTOMER not in await ledger.everything()
    assert (await ledger.facts.known(REQUEST_ID)).request is None
    assert not await ledger.dead_addresses.is_dead(f"receipt-{REQUEST_ID}@dead.example")


async def test_another_request_keeps_everything(ledger: Ledger) -> None:
    before = await ledger.holdings.count("another")

    await ledger.holdings.forget(REQUEST_ID)

    assert await ledger.holdings.count("another") == before
    assert (await ledger.facts.known("another")).request == a_request(parcel=SEALED, request_id="another").model_copy(
        update={"parcels": {"notify": SEALED}}
    )
    assert await ledger.letters.content("receipt-another") == BYTES[0]
    assert await ledger.dead_addresses.is_dead("receipt-another@dead.example")


async def test_a_letter_that_waits_is_not_due_any_more_and_is_not_written_again(ledger: Ledger) -> None:
    """Its id stays: a fact that is read again must not make the same letter anew."""
    letter = a_letter(id=f"receipt-{REQUEST_ID}")
    await ledger.holdings.forget(REQUEST_ID)

    again = await ledger.letters.add(letter, BYTES)
    due = await ledger.letters.next_due(NOON + timedelta(days=1), {"receipt-another", "desk-another"})

    assert (again, due) == (False, None)


async def test_how_its_letters_were_delivered_stays(ledger: Ledger) -> None:
    outcomes = MongoOutcomes(ledger.database, lambda _event: None)
    await outcomes.add(a_letter(id=f"receipt-{REQUEST_ID}"), SENT)

    await ledger.holdings.forget(REQUEST_ID)

    [outcome] = await ledger.database["outcomes"].find().to_list(None)
    assert (outcome["sent"], outcome["kind"], outcome["relay"]["state"]) == (True, "receipt", "pending")


async def test_whoever_has_stopped_news_gets_none_also_afterwards(ledger: Ledger) -> None:
    """Without the opt-out, the next request with the same address would bring them back."""
    opt_out = a_news_choice(id="out", mailboxes=(REQUEST_ID,), is_wanted=False, how="link", at=NOON)
    await ledger.news.add(opt_out)

    await ledger.holdings.forget(REQUEST_ID)

    assert await ledger.news.of(REQUEST_ID) == [opt_out]


async def test_mails_with_links_that_went_to_the_same_address_before_go_with_it(ledger: Ledger) -> None:
    """Whoever saved the form first has two letters here, and the second says nothing of the first."""
    await ledger.facts.add(a_link(SEALED))
    await ledger.facts.add(a_link(SEALED, request_id="of-another"))
    for name, recipient in ((ASKING_ID, CUSTOMER), ("of-another", "somebody@else.example")):
        head = {"id": f"resume-{name}", "request_id": name, "kind": "resume", "reception_no": ""}
        await ledger.letters.add(a_letter(**head, recipient=recipient), BYTES)
    held = await ledger.holdings.count(REQUEST_ID)

    await ledger.holdings.forget(REQUEST_ID)

    assert (held["requests"], held["letters"]) == (2, 3)
    assert CUSTOMER not in await ledger.everything()
    assert (await ledger.facts.known(ASKING_ID)).alone is None
    assert (await ledger.facts.known("of-another")).alone is not None
    assert await MongoErased(ledger.database).among([ASKING_ID])
