"""Whoever asked a colleague is told by mail, once, when all of it is answered."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from shared.events import ColleagueAnswered
from tests.services.intake.browser import FORM, browser, come_to, fields_of, fill, post, send
from tests.services.intake.builders import CANARY, CONTACT, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
PAGES = ("policy", "technology", "operation")
EMAIL = CANARY["email"]


async def asked(client: httpx.AsyncClient, slug: str = "policy", pages: str = "single") -> str:
    """The path of the link that a colleague gets."""
    reply = await post(client, f"{FORM}ask/{slug}", {"pages": pages})
    [link] = re.findall(r'value="(http[^"]+/help/[^"]+)"', reply.text)
    return urlsplit(str(link)).path


async def asks(client: httpx.AsyncClient, pages: str = "single") -> str:
    """A form whose first page gives an address, and which asks a colleague; the path of their link."""
    await come_to(client, "policy")
    return await asked(client, pages=pages)


async def answer(scene: Scene, path: str, *pages: str) -> httpx.Response:
    async with browser(scene, "198.51.100.7") as colleague:
        for page in pages or ("policy",):
            reply = await post(colleague, path, {"_page": page, **fields_of(page, answers())})
    return reply


def told(scene: Scene) -> list[str]:
    return [mail["email"] for mail in scene.mails_about(ColleagueAnswered)]


async def test_whoever_asked_is_told_where_the_form_begins_and_nothing_opens_it(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asks(client)

    await answer(scene, path)

    assert scene.mails_about(ColleagueAnswered) == [{"email": EMAIL, "url": f"{scene.public_url}{FORM}"}]
    async with browser(scene) as other:
        assert CANARY["company"] not in (await other.get(FORM)).text


async def test_it_is_told_when_the_last_page_of_the_link_is_answered(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client, "together")

    await answer(scene, path, *PAGES[:2])
    assert told(scene) == []

    await answer(scene, path, PAGES[2])
    assert told(scene) == [EMAIL]


async def test_it_is_told_also_where_the_colleague_s_browser_is_gone_after_the_last_press(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asks(client)

    async with browser(scene) as colleague:
        await colleague.post(path, data={"_page": "policy", **fields_of("policy", answers())})

    assert told(scene) == [EMAIL]


async def test_what_is_wrong_or_doubtful_is_not_told_as_answered(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)

    async with browser(scene) as colleague:
        await post(colleague, path, {"_page": "policy", "d3_01": "no"})

    assert told(scene) == []


async def test_an_answer_that_is_sent_or_looked_at_again_is_told_once(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)

    for _ in range(3):
        await answer(scene, path)
        await client.get(path)
        scene.clock.forward(timedelta(minutes=20))

    assert told(scene) == [EMAIL]


async def test_an_address_that_is_given_while_the_colleague_answers_is_used(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """In the order in which customers are led the contact comes last."""
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}wishes", data=fields_of("wishes", answers()))
    path = await asked(client)

    await post(client, f"{FORM}contact", CONTACT)
    await answer(scene, path)

    assert told(scene) == [EMAIL]


async def test_without_an_address_nobody_is_told(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}wishes", data=fields_of("wishes", answers()))

    await answer(scene, await asked(client))

    assert told(scene) == []
    assert "回答が届きました" in (await client.get(f"{FORM}ask/policy")).text


@pytest.mark.parametrize("typed", ["canary@example.co", "canary@"], ids=["half an address", "no address"])
async def test_an_address_that_is_only_saved_as_it_is_typed_is_not_used(
    client: httpx.AsyncClient, scene: Scene, typed: str
) -> None:
    path = await asks(client)
    seen = re.findall(r'name="_seen" value="([^"]*)"', (await client.get(f"{FORM}contact")).text)[0]

    await client.post(f"{FORM}contact/keep", data={**CONTACT, "email": typed, "_seen": seen})
    await client.get(FORM)
    await answer(scene, path)

    assert told(scene) == []


async def test_of_two_addresses_the_later_one_is_told(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)

    await post(client, f"{FORM}contact", {**CONTACT, "email": "other.canary@example.co.jp"})
    await answer(scene, path)

    assert told(scene) == ["other.canary@example.co.jp"]


async def test_the_colleague_does_not_learn_who_asked(client: httpx.AsyncClient, scene: Scene) -> None:
    """Not with the key of their link and the whole database."""
    path = await asks(client)
    with capture_logs() as lines:
        thanks = await answer(scene, path)
    other = await asked(client, "technology")

    waiting = await scene.dependencies.open_draft(other.rpartition("/")[2])

    assert waiting is not None
    assert waiting.tells
    [event] = scene.ledger.links.mails.values()
    shown = str(waiting) + thanks.text + event.to_text() + str(lines)
    assert not [word for word in CONTACT.values() if word in shown]


async def test_once_it_is_told_the_address_is_not_kept_with_the_answers(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asks(client)
    await answer(scene, path)

    answered = await scene.dependencies.open_draft(path.rpartition("/")[2])

    assert answered is not None
    assert (answered.is_answered, answered.tells) == (True, {})


async def test_whoever_has_come_back_already_is_not_told(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)
    scene.ledger.links.is_broken = True
    await answer(scene, path)
    scene.ledger.links.is_broken = False

    assert "回答が届きました" in (await client.get(f"{FORM}policy")).text
    await client.get(path)

    assert told(scene) == []


async def test_after_a_crash_behind_the_last_page_the_same_press_tells_once(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    path = await asks(client)
    scene.ledger.links.is_broken = True
    assert (await answer(scene, path)).status_code == 503
    scene.ledger.links.is_broken = False

    for _ in range(2):
        assert "回答を送りました" in (await answer(scene, path)).text

    assert told(scene) == [EMAIL]


async def test_after_a_crash_behind_the_mail_it_is_not_told_again(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)
    scene.ledger.drafts.saves_left = 1
    assert (await answer(scene, path)).status_code == 503
    scene.ledger.drafts.saves_left = None

    await answer(scene, path)

    assert told(scene) == [EMAIL]


@pytest.mark.parametrize("end", ["sent", "forgotten", "begun afresh", "withdrawn"])
async def test_a_form_that_waits_no_more_is_told_nothing(client: httpx.AsyncClient, scene: Scene, end: str) -> None:
    await fill(client, answers())
    path = await asked(client)
    match end:
        case "sent":
            await client.post(f"{FORM}policy", data=fields_of("policy", answers()))
            await send(client)
            assert scene.requests
        case "forgotten":
            await client.post(f"{FORM}forget")
        case "begun afresh":
            await client.post(f"{FORM}start", data={"afresh": "1"})
        case _:
            await client.post(f"{FORM}ask/policy", data={"withdraw": "1"})

    reply = await answer(scene, path)

    assert (reply.status_code, told(scene)) == (410, [])


async def test_a_form_that_is_over_is_told_nothing(client: httpx.AsyncClient, scene: Scene) -> None:
    """The colleague came back to the link meanwhile, so it lives on when the form does not."""
    path = await asks(client, "together")
    scene.clock.forward(timedelta(days=10))
    await answer(scene, path, PAGES[0])
    scene.clock.forward(timedelta(days=5))

    await answer(scene, path, *PAGES[1:])

    assert told(scene) == []


async def test_a_form_that_goes_on_elsewhere_is_told_too(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)
    await client.post(f"{FORM}save", data={"email": EMAIL})

    async with browser(scene) as other:
        await post(other, urlsplit(scene.mailed[-1]).path, {})
    await answer(scene, path)

    assert told(scene) == [EMAIL]


async def test_the_mail_is_of_use_as_long_as_the_form(client: httpx.AsyncClient, scene: Scene) -> None:
    path = await asks(client)
    scene.clock.forward(timedelta(days=3))

    await answer(scene, path)

    [event] = scene.ledger.links.mails.values()
    assert event.expires_at == scene.clock() + timedelta(days=11)


async def test_nobody_can_fill_a_stranger_s_mailbox_with_answers(scene: Scene) -> None:
    """Somebody who asks themselves, and gives another's address."""
    for number in range(7):
        async with browser(scene, f"203.0.113.{number}") as client:
            await answer(scene, await asks(client))

    assert told(scene) == [EMAIL] * 5


async def test_nobody_can_have_many_strangers_told_from_one_place(scene: Scene) -> None:
    async with browser(scene, "203.0.113.9") as client:
        await come_to(client, "policy")
        for number in range(12):
            await post(client, f"{FORM}contact", {**CONTACT, "email": f"{number}@stranger.example.jp"})
            await answer(scene, await asked(client))

    assert len(told(scene)) == 10


async def test_above_the_ceiling_of_the_hour_the_answer_arrives_and_is_not_told() -> None:
    few = Scene(mails_per_hour=1)
    async with browser(few) as client:
        for slug in PAGES[:2]:
            path = await asks(client) if slug == "policy" else await asked(client, slug)
            await answer(few, path, slug)

        assert "回答が届きました" in (await client.get(f"{FORM}technology")).text
    assert told(few) == [EMAIL]
