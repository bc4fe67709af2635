"""A letter that cannot be made is a task for the desk, and never only a dead letter that nobody sees."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoOutcomes
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.facts import Fact
from services.notify.domain.unmade import MAY_BE_MADE_LATER, in_words
from services.notify.usecases.give_up import GiveUpLetter
from shared.errors import Invalid, Unavailable
from shared.events import NotMade, Parcel
from shared.runtime.adapters.mongo import Database
from shared.runtime.delivery import BUG_BACKOFF
from tests.services.notify.builders import (
    CONTACT,
    PRODUCT,
    REQUEST_ID,
    SEALS,
    a_link,
    a_referral,
    a_request,
    an_offer,
    an_offer_of_the_nearest,
)
from tests.services.notify.fakes import Writing
from tests.services.notify.usecases.fakes import failing
from tests.shared.runtime.fakes import PanicException, compile_that_raises

pytestmark = pytest.mark.anyio

NOT_PRINTED = {"quote": Invalid("document-failed")}


@pytest.fixture
def writing(tmp_path: Path) -> Writing:
    return Writing(tmp_path)


async def test_a_quotation_that_cannot_be_printed_is_told_to_the_desk(writing: Writing) -> None:
    """A company with a keycap emoji in its name got no 見積書, and the case read 未送信 for ever (B03).

    The customer still gets the receipt; the quote without its 見積書 would be no quote, so a person sends it.
    """
    await writing.receive(a_request(parcel=writing.keys.parcel()))

    await failing(writing, NOT_PRINTED)(an_offer())

    assert writing.kinds() == ["desk", "desk-undelivered", "receipt"]
    assert writing.facts.outcomes.unmade() == {"quote": "document-failed"}
    subject, text = str(writing.mail("desk-undelivered")["Subject"]), writing.text("desk-undelivered")
    assert subject.startswith("【要対応】K7M2P4XR 株式会社𠮷野髙﨑製作所 メールを作成できませんでした(見積書のお届け)")
    for words in ("PDF(見積書など)を作成できませんでした", "お電話などで結果をお伝えください", CONTACT["phone"]):
        assert words in text
    assert "メールサーバー" not in text


async def test_a_quotation_over_which_typst_panics_is_told_to_the_desk(writing: Writing) -> None:
    """A panic is no `Exception`: the offer was read again for ever, and every letter behind it waited."""
    writing.papers = TypstPapers(writing.clock, compile_that_raises(PanicException, "quote.typ"))

    await writing.receive(a_request(parcel=writing.keys.parcel()), an_offer())

    assert writing.kinds() == ["desk", "desk-undelivered", "receipt"]
    assert writing.facts.outcomes.unmade() == {"quote": "document-failed"}


async def test_what_was_given_up_stays_given_up_whatever_arrives_again(writing: Writing) -> None:
    """Once, and safe to repeat: Kafka may deliver twice, and one task must not become two."""
    write = failing(writing, NOT_PRINTED)
    for fact in (a_request(parcel=writing.keys.parcel()), an_offer()):
        await write(fact)
    outcomes, letters = dict(writing.facts.outcomes.kept), dict(writing.letters.contents)
    writing.clock.advance(hours=1)

    await write(an_offer())
    await writing.receive(an_offer(), a_referral(quote_id="second", revision=2))

    assert writing.facts.outcomes.kept == outcomes
    assert letters.items() <= writing.letters.contents.items()
    assert writing.kinds() == ["desk", "desk", "desk-undelivered", "receipt", "referral"]


async def test_a_process_that_died_before_it_told_the_desk_tells_it_the_next_time(writing: Writing) -> None:
    broken = {**NOT_PRINTED, "desk-undelivered": Unavailable("mongo")}
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))
    with pytest.raises(Unavailable):
        await failing(writing, broken)(an_offer())
    before = writing.kinds()

    await failing(writing, NOT_PRINTED)(an_offer())

    assert (before, writing.kinds()) == (["desk", "receipt"], ["desk", "desk-undelivered", "receipt"])


@pytest.mark.parametrize(
    ("parcel", "reason"),
    [
        pytest.param(None, "no-parcel", id="no parcel for notify"),
        pytest.param(Parcel(key="notify-1", box="AAAA"), "broken-parcel", id="a box that does not open"),
        pytest.param({"contact": {"company": "山田商事"}}, "bad-contact", id="half a contact"),
        pytest.param({"contact": CONTACT | {"email": "𠮷田@nowhere"}}, "bad-address", id="no address"),
        pytest.param(
            {"contact": CONTACT | {"email": "a@b.example\r\nBcc: c@d.example"}}, "bad-address", id="two lines"
        ),
    ],
)
async def test_a_request_that_cannot_be_answered_reaches_the_desk(
    writing: Writing, parcel: Parcel | dict[str, object] | None, reason: str
) -> None:
    """The desk has a parcel of its own and reads there whom to call; nothing personal is in the reason."""
    sealed = writing.keys.sealer.seal("notify", parcel) if isinstance(parcel, dict) else parcel
    request = a_request(quote=False, brochure="post", parcels={"notify": sealed} if sealed else {})

    await writing.receive(request)

    assert writing.kinds() == ["desk", "desk-undelivered"]
    assert writing.facts.outcomes.unmade() == {"receipt": reason}
    for kind in ("desk", "desk-undelivered"):
        assert f"/cases/{REQUEST_ID}" in writing.text(kind)
        assert str(writing.mail(kind)["Reply-To"]).endswith("<mihon@first-place.example.jp>")
    if reason != "bad-address":
        assert "読み取れませんでした" in writing.text("desk")
        assert "企業名不明" in str(writing.mail("desk")["Subject"])


OFFER = an_offer_of_the_nearest()


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(an_offer(riders=("moon",)), id="a rider that the form does not know"),
        pytest.param(OFFER.model_copy(update={"options": ()}), id="no option"),
        pytest.param(an_offer(0), id="a premium of nothing"),
        pytest.param(an_offer(-67_000), id="a premium below nothing"),
        pytest.param(an_offer(currency="USD"), id="dollars, which were mailed as yen"),
        pytest.param(
            OFFER.model_copy(update={"changes": (replace(OFFER.changes[0], key="moon"),)}), id="a term nobody asked for"
        ),
        pytest.param(
            OFFER.model_copy(update={"options": (replace(OFFER.options[0], plan="moon"),)}), id="an unknown plan"
        ),
        pytest.param(
            OFFER.model_copy(update={"grids": (replace(OFFER.grids[0], rows="moon"),)}), id="a grid over the moon"
        ),
        pytest.param(
            OFFER.model_copy(update={"grids": (replace(OFFER.grids[0], cells=((),)),)}), id="a grid without cells"
        ),
        pytest.param(
            OFFER.model_copy(update={"parcels": {"notify": Parcel(key="notify-1", box="AAAA")}}), id="a broken parcel"
        ),
    ],
)
async def test_a_quote_that_cannot_be_shown_reaches_the_desk(writing: Writing, broken: Fact) -> None:
    """Rating may know more than this version of notify, or have a bug: either way a customer waits for an answer."""
    await writing.receive(a_request(parcel=writing.keys.parcel()), broken)

    assert writing.kinds() == ["desk", "desk-undelivered", "receipt"]
    assert list(writing.facts.outcomes.unmade()) == ["quote"]
    assert in_words("") not in writing.text("desk-undelivered")


async def test_a_key_that_comes_later_is_waited_for_and_is_a_task_until_then(writing: Writing) -> None:
    """Giving up would lose a letter that an operator can still have sent. The desk learns of the request already."""
    request = a_request(quote=False, parcel=Parcel(key="notify-9", box=""))

    with pytest.raises(Invalid, match="unknown-key"):
        await writing.receive(request)

    assert writing.facts.outcomes.unmade() == {"receipt": "unknown-key"}
    assert writing.kinds() == ["desk"]
    assert "読み取れませんでした" in writing.text("desk")


async def test_a_request_of_a_product_that_notify_does_not_have_is_a_task_for_the_desk(writing: Writing) -> None:
    """It was only a dead letter: the customer got no receipt, the case read 未送信 for ever, and nobody was told.

    There are no letters of such a product, so no mail can tell it. Rating refers the request, so three letters fail.
    """
    facts: list[Fact] = [a_request(product="unknown", parcel=writing.keys.parcel()), a_referral()]

    for fact in facts * 2:
        with pytest.raises(Invalid, match="unknown-product"):
            await writing.receive(fact)

    assert writing.kinds() == []
    assert writing.facts.outcomes.unmade() == dict.fromkeys(("receipt", "referral", "desk"), "unknown-product")


async def test_a_product_that_comes_later_has_all_its_letters_sent(writing: Writing) -> None:
    """Intake may be a minute ahead of notify when a new product is installed: its first customers lose nothing.

    The mails have the same ids as the tasks, so the dashboard shows the tasks as done. The desk is not told besides.
    """
    request = a_request(product="unknown", parcel=writing.keys.parcel(), quote=False)
    with pytest.raises(Invalid, match="unknown-product"):
        await writing.receive(request)

    await replace(writing.write, products={"unknown": PRODUCT})(request)

    assert writing.kinds() == ["desk", "receipt"]
    assert {head.id for head, _ in writing.facts.outcomes.kept.values()} == writing.letters.heads.keys()


async def test_a_link_to_a_saved_form_of_an_unknown_product_is_only_a_dead_letter(writing: Writing) -> None:
    """It has no case, so that nobody could see the task; whoever asked for the link sees none come and asks again."""
    with pytest.raises(Invalid, match="unknown-product"):
        await writing.receive(a_link(product="unknown"))

    assert writing.facts.outcomes.kept == {}


@pytest.mark.parametrize("bug", [KeyError("bug"), PanicException("bug")], ids=["bug", "panic"])
async def test_a_bug_that_stays_is_told_to_the_desk_and_is_a_dead_letter_too(
    writing: Writing, bug: BaseException
) -> None:
    """Nobody at the desk reads dead letters, and the customer waits for one who knows that there is something to do."""
    write = failing(writing, {"quote": bug})
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))
    told = []

    for _ in BUG_BACKOFF.tries():
        with pytest.raises(type(bug)):
            await write(an_offer())
        told.append(writing.kinds().count("desk-undelivered"))
    await write(an_offer())

    assert told == [0, 0, 0, 0, 1]
    assert writing.facts.outcomes.unmade() == {"quote": "bug"}
    assert "不具合" in writing.text("desk-undelivered")


async def test_a_process_that_ends_gives_no_letter_up(writing: Writing) -> None:
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))
    write = failing(writing, {"quote": asyncio.CancelledError()})

    for _ in BUG_BACKOFF.tries():
        with pytest.raises(asyncio.CancelledError):
            await write(an_offer())

    assert writing.facts.outcomes.kept == {}


async def test_a_bug_that_passes_costs_nobody_anything(writing: Writing) -> None:
    await writing.facts.add(a_request(parcel=writing.keys.parcel()))
    with pytest.raises(KeyError):
        await failing(writing, {"quote": KeyError("bug")})(an_offer())

    await writing.receive(an_offer())

    assert writing.kinds() == ["desk", "quote", "receipt"]
    assert writing.facts.outcomes.kept == {}


async def test_a_mail_to_the_desk_that_cannot_be_made_is_only_shown_on_the_dashboard(writing: Writing) -> None:
    """A mail about it would fail like it; its outcome is published, and nothing goes round in circles."""
    broken = dict.fromkeys(("desk", "desk-undelivered", "receipt"), Invalid("bad-address"))

    await failing(writing, broken)(a_request(quote=False, parcel=writing.keys.parcel()))

    assert writing.kinds() == []
    assert set(writing.facts.outcomes.unmade()) == {"desk", "desk-undelivered", "receipt"}


@pytest.mark.parametrize("reason", sorted({*get_args(NotMade)} - MAY_BE_MADE_LATER))
def test_the_desk_reads_a_sentence_and_no_word_for_machines(reason: str) -> None:
    assert reason not in in_words(reason)


def test_a_reason_without_a_sentence_is_shown_as_it_is() -> None:
    assert in_words("broken-tomorrow") == "その他の理由(broken-tomorrow)"


async def test_two_processes_give_a_letter_up_once_and_publish_why(database: Database, writing: Writing) -> None:
    """On the real ledger: one event for the dashboard, without attempts, and one mail to the desk."""
    facts: list[Fact] = [a_request(parcel=writing.keys.parcel(email="nobody at home"), quote=False)]
    give_up = GiveUpLetter(MongoOutcomes(database, announce=lambda _event: None), writing.clock)
    here, there = (
        replace(writing.write, facts=MongoFacts(database), letters=MongoLetters(database, SEALS), give_up=give_up)
        for _ in range(2)
    )

    await asyncio.gather(*(write(fact) for fact in facts * 2 for write in (here, there)))

    [outcome] = await database["outcomes"].find().to_list(None)
    body = json.loads(outcome["relay"]["body"])
    assert outcome["relay"]["headers"]["ce_type"] == "mitsumori.letter.failed.v1"
    assert (body["kind"], body["attempts"], body["reason"]) == ("receipt", 0, "bad-address")
    assert "nobody" not in str(outcome)
    kinds = [document["kind"] async for document in database["letters"].find()]
    assert sorted(kinds) == ["desk", "desk-undelivered"]
