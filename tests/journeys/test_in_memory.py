"""The whole story in one process, without a broker, a database or a mail server: for quick answers while coding.

It shows that the services understand each other. What they promise about delivery only the other journeys show.
"""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from faststream.kafka import KafkaBroker, TestKafkaBroker

from pricing.tariff import load_priced_products
from services.dashboard.entrypoints import consumer as desk_door
from services.dashboard.usecases.letter_copies import AskForCopy
from services.dashboard.usecases.open_copies import OpenCopies
from services.intake.entrypoints import consumer as intake_door
from services.notify.adapters.products import load_products_with_letters
from services.notify.adapters.typst import TypstPapers
from services.notify.entrypoints import consumer as notify_door
from services.notify.usecases.compose import ComposeLetter, Letterhead
from services.notify.usecases.copy_letter import CopyLetter
from services.notify.usecases.give_up import GiveUpLetter
from services.notify.usecases.keep_news_choice import KeepNewsChoice
from services.notify.usecases.withhold import WithholdLetter
from services.notify.usecases.write import WriteLetters
from services.rating.entrypoints import consumer as rating_door
from services.rating.usecases.issue import IssueQuote
from services.rating.usecases.rate import RateRequest
from services.rating.usecases.revise import ReviseQuote
from shared.events import Envelope, Event, LetterKind, LetterSent, QuoteDecided
from shared.events.parcels import DecisionForRating, LetterCopyForDesk
from shared.products.documents import FONTS
from shared.runtime.erasure import Erasure
from shared.runtime.parcels import ParcelOpener, Sealer
from shared.runtime.typst_here import TypstHere
from tests.printed import printed
from tests.services.dashboard.fakes import (
    InMemoryAudit,
    InMemoryBrochures,
    InMemoryCases,
    InMemoryLetterCopies,
    consuming,
)
from tests.services.intake.browser import browser, fill, send
from tests.services.intake.builders import NOON, answers, brochure_only
from tests.services.intake.fakes import Scene
from tests.services.notify.fakes import (
    MAILBOXES,
    InMemoryCopies,
    InMemoryDeadAddresses,
    InMemoryFacts,
    InMemoryLetters,
    InMemoryNewsChoices,
)
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes
from tests.shared.runtime.builders import headers_of
from tests.shared.runtime.fakes import InMemoryErased, a_consumer

pytestmark = pytest.mark.anyio


def nothing_to_erase() -> Erasure:
    erased = InMemoryErased()
    return Erasure(erased, erased.forget)


class Everything:
    """All four services, joined by one broker in memory; the test is the relay, and presses the desk's buttons."""

    def __init__(self) -> None:
        self.scene, self.quotes, self.letters = Scene(), InMemoryQuotes(), InMemoryLetters()
        self.broker = KafkaBroker()
        self.cases, self.asked = InMemoryCases(), InMemoryLetterCopies()
        products, now = load_priced_products(), self.scene.clock
        sealer = Sealer({reader: (f"{reader}-1", key.public_key) for reader, key in self.scene.keys.items()})
        letterhead = Letterhead("quote-desk@agency.example", "desk@agency.example", "http://dashboard.test")
        facts = InMemoryFacts(letters=self.letters)
        write = WriteLetters(
            products=load_products_with_letters(),
            facts=facts,
            letters=self.letters,
            withhold=WithholdLetter(InMemoryDeadAddresses()),
            give_up=GiveUpLetter(facts.outcomes, now),
            compose=ComposeLetter(
                parcels=self._opener("notify"),
                papers=TypstPapers(now, TypstHere(FONTS)),
                letterhead=letterhead,
                now=now,
            ),
            hand_over=lambda _letter, _content: None,
        )
        intake_door.subscribe(
            a_consumer(self.broker, service="intake"), self.scene.follow, self.scene.ledger.tariffs.keep
        )
        opener, editions = self._opener("rating"), InMemoryEditions()
        issue = IssueQuote(sealer=sealer, quotes=self.quotes, now=now, hints={})
        rating_door.subscribe(
            a_consumer(self.broker, service="rating"),
            RateRequest(products=products, opener=opener, editions=editions, issue=issue),
            ReviseQuote(opener=opener, sealer=sealer, quotes=self.quotes, editions=editions, issue=issue),
            nothing_to_erase(),
        )
        copies = self.copies = InMemoryCopies()
        copy = CopyLetter(facts=facts, letters=self.letters, copies=copies, sealer=sealer, now=now)
        keep_news_choice = KeepNewsChoice(
            parcels=self._opener("notify"), mailboxes=MAILBOXES, choices=InMemoryNewsChoices()
        )
        notify_door.subscribe(
            a_consumer(self.broker, service="notify"), write, copy, nothing_to_erase(), keep_news_choice
        )
        desk_door.subscribe(a_consumer(self.broker, service="dashboard"), *consuming(self.cases, self.asked))

    async def show_letter(self, kind: LetterKind) -> LetterCopyForDesk:
        """As a clerk would on the page of the first request, once the letter is sent: ask for it, and read it."""
        (request,) = self.scene.requests
        letter = next(letter for letter in self.letters.heads.values() if letter.kind == kind)
        about = {"request_id": letter.request_id, "reception_no": letter.reception_no, "product": letter.product}
        await self._publish(LetterSent(**about, letter_id=letter.id, kind=kind, sent_at=NOON, attempts=1))
        ask = AskForCopy(cases=self.cases, copies=self.asked, audit=InMemoryAudit(), now=self.scene.clock)

        assert await ask(request.id, letter.id, "hanako")
        for asked in self.asked.asked.values():
            await self._publish(asked)
        for copied in self.copies.kept.values():
            await self._publish(copied)

        open_copies = OpenCopies(
            copies=self.asked, brochures=InMemoryBrochures(), opener=self._opener("desk"), now=self.scene.clock
        )
        opened = (await open_copies(request.id))[letter.id].letter
        assert opened
        return opened

    async def relay(self) -> None:
        """Publish what the ledgers hold, a request before its quote."""
        for request in self.scene.requests:
            await self._publish(request.event)
        for event in list(self.quotes.events):
            await self._publish(event)

    async def decide(self, **wanted: Any) -> None:  # noqa: ANN401  # any field of the decision
        """As the desk would, of the first request."""
        (request,) = self.scene.requests
        sealer = Sealer({"rating": ("rating-1", self.scene.keys["rating"].public_key)})
        decided = QuoteDecided(
            request_id=request.id,
            decision_id="d-1",
            revision=2,
            decided_at=NOON,
            decided_by="desk",
            parcels={"rating": sealer.seal("rating", DecisionForRating(reason="本社の承認による", **wanted))},
        )
        await self._publish(decided)

    def papers(self) -> list[str]:
        """What the 見積書 say, by their numbers."""
        found: dict[str, str] = {}
        for letter_id, head in self.letters.heads.items():
            if head.kind == "quote":
                mail = message_from_bytes(self.letters.contents[letter_id], policy=default)
                [paper] = mail.iter_attachments()
                found[str(paper.get_filename())] = printed(paper.get_content()).everything
        return [text for _, text in sorted(found.items())]

    def kinds(self) -> list[str]:
        return sorted(letter.kind for letter in self.letters.heads.values())

    def _opener(self, reader: str) -> ParcelOpener:
        return ParcelOpener({f"{reader}-1": self.scene.keys[reader]})

    async def _publish(self, event: Event) -> None:
        envelope = Envelope(id="id", type=event.type, source="/mitsumori/test", subject=event.request_id, time=NOON)
        await self.broker.publish(
            event.to_json(), event.topic, key=event.request_id.encode(), headers=headers_of(event, envelope)
        )


@asynccontextmanager
async def everything() -> AsyncIterator[Everything]:
    found = Everything()
    async with TestKafkaBroker(found.broker):
        yield found


@pytest.mark.parametrize(
    ("typed", "state", "letters"),
    [
        pytest.param(answers(), "quoted", ["desk", "quote", "receipt"], id="a quote"),
        pytest.param(
            answers(incidents="yes", incidents_note="昨年の事故"),
            "referred",
            ["desk", "receipt", "referral"],
            id="an incident is for a person",
        ),
        pytest.param(brochure_only(), "documents_only", ["desk", "receipt"], id="brochures only"),
    ],
)
async def test_a_filled_form_ends_in_letters(typed: dict[str, Any], state: str, letters: list[str]) -> None:
    async with everything() as system, browser(system.scene) as client:
        await fill(client, typed)
        await send(client)
        await system.relay()

        (request,) = system.scene.requests
        told = (await client.get(f"/api/v1/requests/{request.id}")).json()

    assert told["state"] == state
    assert system.kinds() == letters


async def test_everything_published_again_changes_nothing() -> None:
    async with everything() as system, browser(system.scene) as client:
        await fill(client, answers())
        await send(client)
        await system.relay()
        before = dict(system.letters.contents)

        await system.relay()

    assert system.letters.contents == before
    assert len(system.quotes.premiums()) == 1


async def test_a_referral_gets_its_price_from_the_desk_and_the_customer_a_quote() -> None:
    async with everything() as system, browser(system.scene) as client:
        await fill(client, answers(incidents="yes", incidents_note="昨年の事故"))
        await send(client)
        await system.relay()

        await system.decide(premium=150_000)
        await system.relay()

    assert system.kinds() == ["desk", "desk", "quote", "receipt", "referral"]
    assert system.quotes.premiums() == [150_000]


async def test_staff_read_a_quotes_letter_as_the_customer_got_it_and_nothing_is_copied_before() -> None:
    async with everything() as system, browser(system.scene) as client:
        await fill(client, answers())
        await send(client)
        await system.relay()
        before = dict(system.copies.kept)

        shown = await system.show_letter("quote")

    assert before == {}
    assert len(system.copies.kept) == 1
    letter = next(letter for letter in system.letters.heads.values() if letter.kind == "quote")
    assert shown.to.endswith(f"<{letter.recipient}>")
    assert "お見積" in shown.subject + shown.text
    [paper] = shown.attachments
    assert base64.b64decode(paper.content or "").startswith(b"%PDF-")


async def test_a_corrected_answer_gets_a_second_quote_and_a_letter_with_the_corrected_figures() -> None:
    async with everything() as system, browser(system.scene) as client:
        await fill(client, answers())
        await send(client)
        await system.relay()

        await system.decide(answers={"turnover": 2_000_000, "d3_17": "no"})
        await system.relay()

    first, second = system.quotes.premiums()
    before, after = system.papers()
    assert first != second
    assert [f"{first:,}" in before, f"{second:,}" in after] == [True, True]
    assert ["5億円" in before, "20億円" in after] == [True, True]
    assert ["報告書も保管している" in before, "報告書も保管している" in after] == [True, False]
