"""What the services really put into parcels is what the published language says: no field more, none misspelt."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest

from shared.events import ColleagueAnswered, ColleagueAsked, Event, PasswordResetAsked, QuoteOffered, StaffInvited
from shared.events.parcels import CONTENTS
from shared.runtime.parcels import ParcelOpener
from tests.pricing.builders import answers
from tests.services.dashboard.builders import OPENER_OF_NOTIFY
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard
from tests.services.intake import builders as intake
from tests.services.intake.browser import browser, come_to, fields_of, post
from tests.services.intake.fakes import Scene
from tests.services.rating.builders import (
    FOR_DESK,
    FOR_NOTIFY,
    FOR_RATING,
    a_decision,
    a_request,
    rate_request,
    revise_quote,
)
from tests.services.rating.fakes import InMemoryEditions, InMemoryQuotes

pytestmark = pytest.mark.anyio

FORM = "/cyber-security/"


def assert_as_published(event: Event, openers: dict[str, ParcelOpener], readers: Iterable[str]) -> None:
    """*event* has parcels for *readers*, and each holds what its model says and nothing beside it."""
    parcels = getattr(event, "parcels", {})
    assert set(parcels) == set(readers)
    for reader, parcel in parcels.items():
        content = openers[reader].open(parcel)
        opened = CONTENTS[type(event)][reader].model_validate(content)
        assert opened.model_dump(mode="json", exclude_unset=True) == content


@pytest.mark.parametrize(
    ("sent", "readers"),
    [
        pytest.param(intake.answers(), ["rating", "notify", "desk"], id="a quote"),
        pytest.param(intake.answers(rider_it="yes", **intake.IT), ["rating", "notify", "desk"], id="every question"),
        pytest.param(intake.answers(building=None), ["rating", "notify", "desk"], id="no building"),
        pytest.param(intake.brochure_only(), ["notify", "desk"], id="brochures only"),
    ],
)
async def test_intake_seals_a_request_as_published(sent: dict[str, Any], readers: list[str]) -> None:
    scene = Scene()
    async with browser(scene) as client:
        await client.post("/api/v1/requests", json={"product": "cyber-security", "answers": sent})

    (request,) = scene.requests
    assert_as_published(request.event, openers_of(scene), readers)


async def test_intake_seals_a_link_as_published() -> None:
    scene = Scene()
    async with browser(scene) as client:
        await client.post(f"{FORM}start")
        await client.post(f"{FORM}contact", data={**intake.CONTACT, "_action": "save"})
        await client.post(f"{FORM}save", data={"email": intake.CONTACT["email"]})

    ((_, asked),) = scene.ledger.links.kept.values()
    assert_as_published(asked, openers_of(scene), ["notify"])


async def test_intake_seals_the_mails_around_a_colleague_s_link_as_published() -> None:
    scene = Scene()
    async with browser(scene) as client:
        await come_to(client, "policy")
        await client.post(f"{FORM}ask/policy")
        await client.post(f"{FORM}ask/policy/mail", data={"email": "jiro@colleague.example.jp"})
        [link] = scene.mails_about(ColleagueAsked)
        await post(client, urlsplit(link["url"]).path, fields_of("policy", intake.answers()))

    assert [mail.type for mail in scene.ledger.links.mails.values()] == [ColleagueAsked.type, ColleagueAnswered.type]
    for mail in scene.ledger.links.mails.values():
        assert_as_published(mail, openers_of(scene), ["notify"])


def openers_of(scene: Scene) -> dict[str, ParcelOpener]:
    return {reader: ParcelOpener({f"{reader}-1": key}) for reader, key in scene.keys.items()}


async def test_the_dashboard_seals_links_to_staff_as_published() -> None:
    desk = InMemoryDashboard()
    desk.addresses.addresses["desk"] = "desk@agency.example"
    async with desk.browser() as admin:
        await admin.post("/accounts/desk", data={"act": "link"}, headers=FROM_OWN_PAGE)
        await admin.post("/reset", data={"account": "desk"}, headers=FROM_OWN_PAGE)

    assert [mail.type for mail in desk.staff_mails.kept] == [StaffInvited.type, PasswordResetAsked.type]
    for mail in desk.staff_mails.kept:
        assert_as_published(mail, {"notify": OPENER_OF_NOTIFY}, ["notify"])


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"terms": {"plan": "wide"}}, id="terms"),
        pytest.param({"premium": 150_000}, id="premium"),
        pytest.param({"answers": {"d3_08": "yes", "d3_02_a": None, "turnover": 800_000}}, id="answers"),
    ],
)
@pytest.mark.parametrize("incidents", ["no", "yes"], ids=["after an offer", "after a referral"])
async def test_rating_seals_every_quote_as_published(incidents: str, wanted: dict[str, Any]) -> None:
    quotes, editions = InMemoryQuotes(), InMemoryEditions()
    request = a_request(answers(incidents=incidents))
    decision = a_decision(request.request_id, **wanted)

    await rate_request(quotes, editions)(request)
    await revise_quote(quotes, editions)(decision)

    openers = {"rating": FOR_RATING, "desk": FOR_DESK, "notify": FOR_NOTIFY}
    assert len(quotes.events) == 2
    for event in quotes.events:
        assert_as_published(event, openers, ["desk", "notify"] if isinstance(event, QuoteOffered) else ["desk"])
    assert_as_published(decision, openers, ["rating"])
