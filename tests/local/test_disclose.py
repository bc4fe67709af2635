"""A person is told all that is held on them, and nothing of anybody else."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from local.disclose import Disclose, disclosing
from local.disclosed_paper import disclosed_paper
from local.keys import ensure_keys
from services.dashboard.adapters.mongo import MongoCases
from services.notify.adapters.letter_seals import LetterSeals
from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.mongo_news import MongoNewsChoices
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products import load_products
from shared.runtime.adapters.mongo import Database
from shared.runtime.parcels import ParcelOpener, new_key_pair
from tests.printed import printed, squeezed
from tests.services.dashboard.builders import (
    ANSWERS,
    CONTACT,
    NOON,
    OPENER,
    REQUEST,
    a_correction,
    a_decision,
    a_note,
    a_request,
    a_whole_story,
    an_erasure,
)
from tests.services.notify.builders import SEALS, a_letter, a_news_choice, seals_with

pytestmark = pytest.mark.anyio

OTHER: dict[str, Any] = {
    "company": CONTACT["company"],
    "person": "別人 太郎",
    "phone": "03-9999-9999",
    "email": "other@canary.example.jp",
}
PDF = b"%PDF-1.7 canary"


def a_mail(to: str, text: str) -> list[bytes]:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "お見積りのご案内", "desk@agency.example", to
    mail["Date"] = "Mon, 23 Nov 2026 12:00:00 +0900"
    mail.set_content(text)
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="mitsumori.pdf")
    return [mail.as_bytes()]


@pytest.fixture
async def ledgers(ledgers: dict[str, Database]) -> dict[str, Database]:
    """Of two people of one company; one of them has two letters, a note, and asked for a link before."""
    await fill(ledgers)
    return ledgers


async def fill(databases: dict[str, Database]) -> None:
    cases, letters = MongoCases(databases["dashboard"]), MongoLetters(databases["notify"], SEALS)
    own = (*a_whole_story(), a_decision(content={"reason": "カナリアの事情", "premium": 50_000}))
    other = (a_request("other", reception_no="OTH3RN0X", **OTHER), a_note("other", text="別人のメモ"))
    for fact in (*own, *other):
        await cases.add(fact)
    for name, number in ((REQUEST, "K7M2P4XR"), ("other", "OTH3RN0X")):
        await databases["intake"]["requests"].insert_one({"_id": name, "reception_no": number})
    for name, request_id, to, kind in (
        ("quote", REQUEST, CONTACT["email"], "quote"),
        ("resume", "a-link", CONTACT["email"].upper(), "resume"),
        ("of-other", "other", OTHER["email"], "quote"),
        ("resume-of-other", "another-link", OTHER["email"], "resume"),
    ):
        head = {"id": name, "request_id": request_id, "kind": kind, "recipient": to}
        await letters.add(a_letter(**head), a_mail(to, f"{to} 様"))
    news = MongoNewsChoices(databases["notify"], lambda _event: None)
    await news.add(a_news_choice(id=REQUEST, request_id=REQUEST))


def disclose(ledgers: dict[str, Database], opener: ParcelOpener = OPENER, seals: LetterSeals = SEALS) -> Disclose:
    return Disclose(databases=ledgers, products=load_products(), opener=opener, seals=seals, now=lambda: NOON)


def shown(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)


async def test_all_that_is_held_on_a_request_is_told(ledgers: dict[str, Database]) -> None:
    found = await disclose(ledgers).request(" k7m2p4xr ")

    [request] = found["requests"]
    assert request["contact"] == CONTACT
    for words in (ANSWERS["incidents_note"], "折り返し希望", "カナリアの事情", "ご説明済み", "67000", "74400.0000"):
        assert words in shown(found)
    [letter] = request["letters"]
    assert (letter["kind"], letter["to"], letter["text"]) == ("quote", CONTACT["email"], f"{CONTACT['email']} 様")
    assert [file["name"] for file in letter["attachments"]] == ["mitsumori.pdf"]
    assert request["news"] == [{"wanted": True, "at": "2026-11-23T03:00:00.000Z"}]
    assert {one["kind"] for one in request["deliveries"]} == {"receipt", "quote", "desk"}


WORDS_FOR_MACHINES = {"kind", "state", "type", "basis", "brochure", "turnover_band", "at", "content"}
"""What the paper says in Japanese. The bytes of files are not on it."""


def values(key: str, found: object) -> Iterator[str]:
    """Every text and number, as a person would look for it."""
    match found:
        case dict():
            for name, one in found.items():
                yield from values(name, one)
        case list():
            for one in found:
                yield from values(key, one)
        case bool() | None:
            return
        case int():
            yield f"{found:,}"
        case _ if key not in WORDS_FOR_MACHINES and not key.endswith("_at"):
            yield squeezed(str(found))


async def test_the_paper_has_everything_that_the_json_has_and_nothing_of_anybody_else(
    ledgers: dict[str, Database],
) -> None:
    found = await disclose(ledgers).mailbox(CONTACT["email"])

    paper = printed(await disclosed_paper(found))

    held = set(values("", found))
    assert held >= {CONTACT["email"], squeezed(ANSWERS["incidents_note"]), "74400.0000", "67,000"}
    assert [value for value in held if value not in paper.everything] == []
    for words in ("2026年11月23日12時00分00秒", "見積書（お客さま宛）", "折り返し希望", "1億円以上5億円未満"):
        assert words in paper.everything
    others = [OTHER["person"], OTHER["email"], OTHER["phone"], "別人のメモ", "OTH3RN0X", "hanako様"]
    assert [words for words in others if squeezed(words) in paper.everything] == []
    assert (paper.off_the_page, paper.printed_over) == ([], [])


@pytest.mark.parametrize("address", [CONTACT["email"], f" {CONTACT['email'].upper()} "])
async def test_by_a_mail_address_all_requests_and_links_of_one_person_are_told(
    ledgers: dict[str, Database], address: str
) -> None:
    found = await disclose(ledgers).mailbox(address)

    assert [request["request_id"] for request in found["requests"]] == [REQUEST]
    assert [mail["kind"] for mail in found["mails_with_links"]] == ["resume"]


async def test_an_address_that_staff_have_corrected_is_anothers_and_finds_nothing(ledgers: dict[str, Database]) -> None:
    """The customer had mistyped it: whoever has that mailbox must not be given what they wrote."""
    await MongoCases(ledgers["dashboard"]).add(a_correction("right@canary.example.jp"))

    found = [await disclose(ledgers).mailbox(one) for one in ("right@canary.example.jp", CONTACT["email"])]

    assert [[one["request_id"] for one in told["requests"]] for told in found] == [[REQUEST], []]


async def test_nothing_of_anybody_else_is_told_not_even_who_of_the_staff_did_what(ledgers: dict[str, Database]) -> None:
    """The other works in the same company."""
    for found in (await disclose(ledgers).request("K7M2P4XR"), await disclose(ledgers).mailbox(CONTACT["email"])):
        others = [OTHER["person"], OTHER["email"], OTHER["phone"], "別人のメモ", "OTH3RN0X", "hanako"]
        assert [words for words in others if words in shown(found).replace(CONTACT["email"], "")] == []


async def test_an_address_that_nobody_has_finds_nothing(ledgers: dict[str, Database]) -> None:
    found = await disclose(ledgers).mailbox("nobody@canary.example.jp")

    assert (found["requests"], found["mails_with_links"]) == ([], [])


async def test_what_is_told_is_whole_or_it_is_not_told(ledgers: dict[str, Database]) -> None:
    with pytest.raises(Invalid, match="cannot-be-opened"):
        await disclose(ledgers, ParcelOpener({})).request("K7M2P4XR")
    with pytest.raises(Invalid, match="cannot-be-opened"):
        await disclose(ledgers, ParcelOpener({})).mailbox(CONTACT["email"])
    with pytest.raises(Invalid, match="cannot-be-opened"):
        await disclose(ledgers, seals=seals_with(new_key_pair("notify", 2))).request("K7M2P4XR")
    with pytest.raises(Invalid, match="no-such-request"):
        await disclose(ledgers).request("NOBODY22")


async def test_the_keys_of_the_desk_and_of_notify_may_be_in_folders_of_their_own(
    mongo_uri: str, tmp_path: Path
) -> None:
    """As they are in a data folder and in volumes."""
    ensure_keys(tmp_path)
    both = [tmp_path / "dashboard", tmp_path / "notify"]

    for folders in ([], both[:1], both[1:]):
        with pytest.raises(Invalid, match="no-keys"):
            async with disclosing(mongo_uri, folders, {}, utc_now):
                pass
    async with disclosing(mongo_uri, both, {}, utc_now) as ready:
        assert isinstance(ready, Disclose)


async def test_of_an_erased_request_it_is_told_that_it_is(ledgers: dict[str, Database]) -> None:
    await MongoCases(ledgers["dashboard"]).add(an_erasure())
    await ledgers["notify"]["letters"].update_many({"request_id": REQUEST}, {"$set": {"recipient": "", "pieces": []}})

    found = await disclose(ledgers).request("K7M2P4XR")

    [request] = found["requests"]
    assert (request["erased_at"], "contact" in request, request["letters"]) == ("2026-11-24T03:00:00.000Z", False, [])
    assert [words for words in CONTACT.values() if words in shown(found)] == []


async def test_who_was_told_of_is_noted(ledgers: dict[str, Database]) -> None:
    await disclose(ledgers).request("K7M2P4XR")

    noted = [one async for one in ledgers["dashboard"]["audit"].find({"act": "disclosed-request"})]
    assert {(one["account"], one["request_id"]) for one in noted} >= {("operator", REQUEST)}
