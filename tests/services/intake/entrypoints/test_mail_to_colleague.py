"""A colleague's link, mailed by us: to whom, how often, and that nothing else goes along."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from structlog.testing import capture_logs

from shared.events import ColleagueAsked
from tests.services.intake.browser import FORM, browser, come_to, errors, fields_of, post
from tests.services.intake.builders import CONTACT, answers
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
PAGE = "policy"
COLLEAGUE = "jiro.it@colleague.example.jp"
MAIL = f"{FORM}ask/{PAGE}/mail"


async def asks(client: httpx.AsyncClient) -> str:
    """A form that asks a colleague about one page; the link as it is shown."""
    await come_to(client, PAGE)
    return await new_link(client)


async def new_link(client: httpx.AsyncClient) -> str:
    shown = (await post(client, f"{FORM}ask/{PAGE}", {})).text
    [link] = re.findall(r'value="(http[^"]+/help/[^"]+)"', shown)
    return str(link)


async def mail(client: httpx.AsyncClient, email: str = COLLEAGUE) -> httpx.Response:
    return await post(client, MAIL, {"email": email})


async def test_the_link_is_mailed_and_nothing_else_is(client: httpx.AsyncClient, scene: Scene) -> None:
    link = await asks(client)

    told = await mail(client)

    assert scene.mails_about(ColleagueAsked) == [{"email": COLLEAGUE, "url": link}]
    assert "リンクをメールでお送りしました" in told.text


async def test_the_link_that_is_mailed_opens_the_page_that_was_asked_about(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await asks(client)
    await mail(client)
    [sealed] = scene.mails_about(ColleagueAsked)

    async with browser(scene) as other:
        thanks = await post(other, urlsplit(sealed["url"]).path, fields_of(PAGE, answers()))

    assert "回答を送りました" in thanks.text
    assert "回答が届きました" in (await client.get(f"{FORM}{PAGE}")).text


async def test_only_notify_reads_the_address_and_the_form_forgets_it(client: httpx.AsyncClient, scene: Scene) -> None:
    link = await asks(client)
    with capture_logs() as lines:
        told = await mail(client)

    [(mail_id, event)] = scene.ledger.links.mails.items()
    drafts = [await scene.dependencies.open_draft(key) for key in (client.cookies["mitsumori_draft"], link[-22:])]
    assert event.parcels.keys() == {"notify"}
    assert None not in drafts
    assert COLLEAGUE not in event.to_text() + mail_id + str(drafts) + told.text + str(lines)


async def test_whoever_has_the_ledger_cannot_try_addresses_against_the_mail(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """The same address, from two forms: nothing in what is kept or published is the same."""
    await asks(client)
    await mail(client)
    async with browser(scene) as other:
        await asks(other)
        await mail(other)

    assert len(scene.ledger.links.mails) == 2


async def test_an_address_that_no_mail_can_reach_is_refused_and_not_kept(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await asks(client)

    wrong, empty = await client.post(MAIL, data={"email": "jiro@"}), await client.post(MAIL)

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert errors(wrong) == ["メールアドレスは name@example.co.jp のように入力してください"]
    assert 'value="jiro@"' in wrong.text
    assert "jiro@" not in (await client.get(f"{FORM}ask/{PAGE}")).text
    assert scene.mails_about(ColleagueAsked) == []


async def test_a_double_press_mails_once_and_an_hour_later_the_link_goes_out_again(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await asks(client)
    await mail(client)

    again = await mail(client, COLLEAGUE.upper().replace("@", "+1@"))
    assert "同じ宛先へ、少し前にお送りしています" in again.text
    assert len(scene.mails_about(ColleagueAsked)) == 1

    scene.clock.forward(timedelta(hours=1))
    await mail(client)
    assert len(scene.mails_about(ColleagueAsked)) == 2


async def test_after_a_crash_the_same_press_mails_it_once(client: httpx.AsyncClient, scene: Scene) -> None:
    await asks(client)
    scene.ledger.links.is_broken = True
    assert (await client.post(MAIL, data={"email": COLLEAGUE})).status_code == 503
    scene.ledger.links.is_broken = False

    for _ in range(2):
        await mail(client)

    assert len(scene.mails_about(ColleagueAsked)) == 1


async def test_one_form_mails_five_colleagues_an_hour(client: httpx.AsyncClient, scene: Scene) -> None:
    await asks(client)
    for number in range(5):
        await mail(client, f"{number}@colleague.example.jp")

    refused = await mail(client, COLLEAGUE)
    assert (refused.status_code, len(scene.mails_about(ColleagueAsked))) == (429, 5)
    assert "1時間にお送りできるのは5通まで" in refused.text

    scene.clock.forward(timedelta(hours=1))
    await mail(client)
    assert len(scene.mails_about(ColleagueAsked)) == 6


async def test_what_one_form_is_refused_takes_nothing_from_others_at_the_same_place(scene: Scene) -> None:
    async with browser(scene, "203.0.113.9") as impatient, browser(scene, "203.0.113.9") as other:
        for client in (impatient, other):
            await asks(client)
        for number in range(12):
            await mail(impatient, f"{number}@colleague.example.jp")

        await mail(other, "saburo@colleague.example.jp")

    assert len(scene.mails_about(ColleagueAsked)) == 6


async def test_nobody_can_fill_a_stranger_s_mailbox_with_links_to_colleagues(scene: Scene) -> None:
    """After three, the page says the same: nobody learns what others have sent there."""
    replies = []
    for number in range(4):
        async with browser(scene, f"203.0.113.{number}") as client:
            await asks(client)
            replies.append(await mail(client))

    assert ["リンクをメールでお送りしました" in reply.text for reply in replies] == [True] * 4
    assert len(scene.mails_about(ColleagueAsked)) == 3


async def test_links_to_colleagues_and_to_saved_forms_fill_the_same_mailbox(scene: Scene) -> None:
    async with browser(scene, "203.0.113.1") as client:
        await asks(client)
        for _ in range(3):
            await client.post(f"{FORM}save", data={"email": COLLEAGUE})

        await mail(client)

    assert scene.mails_about(ColleagueAsked) == []


async def test_nobody_can_mail_many_strangers_from_one_place(scene: Scene) -> None:
    statuses = []
    async with browser(scene, "203.0.113.9") as client:
        await asks(client)
        for number in range(11):
            scene.clock.forward(timedelta(minutes=20))
            statuses.append((await client.post(MAIL, data={"email": f"{number}@colleague.example.jp"})).status_code)

    assert statuses == [303] * 10 + [429]
    assert len(scene.mails_about(ColleagueAsked)) == 10


async def test_above_the_ceiling_of_the_hour_whoever_asks_is_told() -> None:
    few = Scene(mails_per_hour=1)
    async with browser(few) as client:
        await asks(client)
        await mail(client)

        reply = await mail(client, "saburo@colleague.example.jp")

    assert (reply.status_code, len(few.mails_about(ColleagueAsked))) == (429, 1)
    assert "ただいまメールをお送りできません" in reply.text


@pytest.mark.parametrize("end", ["withdrawn", "answered", "forgotten"])
async def test_a_link_that_asks_nothing_any_more_is_not_mailed(
    client: httpx.AsyncClient, scene: Scene, end: str
) -> None:
    link = await asks(client)
    match end:
        case "withdrawn":
            await client.post(f"{FORM}ask/{PAGE}", data={"withdraw": "1"})
        case "answered":
            await client.post(urlsplit(link).path, data=fields_of(PAGE, answers()))
        case _:
            await client.post(f"{FORM}forget")

    await client.post(MAIL, data={"email": COLLEAGUE})

    assert scene.mails_about(ColleagueAsked) == []


async def test_a_link_that_is_over_is_not_mailed_and_the_page_says_what_to_do(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    """The form that asks is kept for as long as somebody works on it, and its link for 14 days."""
    await asks(client)
    scene.clock.forward(timedelta(days=10))
    await client.post(f"{FORM}wishes", data=fields_of("wishes", answers()))
    scene.clock.forward(timedelta(days=5))

    reply = await client.post(MAIL, data={"email": COLLEAGUE})

    assert (reply.status_code, scene.mails_about(ColleagueAsked)) == (422, [])
    assert "このリンクは期限が過ぎました" in reply.text


async def test_the_mail_is_of_use_as_long_as_its_link(client: httpx.AsyncClient, scene: Scene) -> None:
    await asks(client)
    scene.clock.forward(timedelta(days=3))

    await mail(client)

    [event] = scene.ledger.links.mails.values()
    assert event.expires_at == scene.clock() + timedelta(days=11)


async def test_pages_about_oneself_are_mailed_to_nobody(client: httpx.AsyncClient, scene: Scene) -> None:
    await asks(client)

    replies = [await client.post(f"{FORM}ask/{page}/mail", data={"email": COLLEAGUE}) for page in ("contact", "none")]

    assert [reply.status_code for reply in replies] == [404, 404]
    assert not [word for word in CONTACT.values() if word in str(scene.mails_about(ColleagueAsked))]
