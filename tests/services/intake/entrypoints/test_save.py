"""途中保存: a link by mail, to go on later or elsewhere."""

from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest

from tests.services.intake.browser import FORM, browser, errors, fill, post, send
from tests.services.intake.builders import CANARY, CONTACT, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio
MAIL = CANARY["email"]


async def half(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "_action": "save"})


async def link(client: httpx.AsyncClient, scene: Scene, email: str = MAIL) -> str:
    """Ask for a link; the path that was mailed."""
    await client.post(f"{FORM}save", data={"email": email})
    return urlsplit(scene.mailed[-1]).path


async def test_saving_keeps_what_was_typed_even_where_it_is_not_right_yet(client: httpx.AsyncClient) -> None:
    await client.post(f"{FORM}start")

    reply = await post(client, f"{FORM}contact", {"company": "見本商会", "email": MAIL, "_action": "save"})

    assert reply.url.path == f"{FORM}save"
    assert f'value="{MAIL}"' in reply.text
    assert 'value="見本商会"' in (await client.get(f"{FORM}contact")).text


async def test_a_link_opens_the_form_in_another_browser(client: httpx.AsyncClient, scene: Scene) -> None:
    await half(client)
    path = await link(client, scene)

    async with browser(scene) as other:
        shown = await other.get(path)
        arrived = await post(other, path, {})
        contact = await other.get(f"{FORM}contact")

    assert CANARY["company"] not in shown.text
    assert arrived.url.path == f"{FORM}wishes"
    assert CANARY["company"] in contact.text


async def test_a_link_is_used_once(client: httpx.AsyncClient, scene: Scene) -> None:
    await half(client)
    path = await link(client, scene)
    async with browser(scene) as other:
        await other.post(path)

    async with browser(scene) as third:
        replies = [await third.get(path), await third.post(path)]

    assert [reply.status_code for reply in replies] == [410, 410]
    assert "このリンクは使えません" in replies[0].text


async def test_looking_at_a_link_does_not_use_it_up(client: httpx.AsyncClient, scene: Scene) -> None:
    """Programs that look for viruses open every link of a mail."""
    await half(client)
    path = await link(client, scene)

    for _ in range(3):
        assert (await client.get(path)).status_code == 200
    assert (await client.post(path)).status_code == 303


async def test_only_the_newest_link_works(client: httpx.AsyncClient, scene: Scene) -> None:
    await half(client)
    first = await link(client, scene)
    second = await link(client, scene)

    assert (await client.get(first)).status_code == 410
    assert (await client.get(second)).status_code == 200


async def test_a_link_and_its_form_last_for_fourteen_days(client: httpx.AsyncClient, scene: Scene) -> None:
    await half(client)
    path = await link(client, scene)

    scene.clock.forward(timedelta(days=13, hours=23))
    assert (await client.get(path)).status_code == 200
    scene.clock.forward(timedelta(hours=1))
    assert (await client.get(path)).status_code == 410


async def test_a_form_that_was_sent_cannot_be_opened_by_its_link(client: httpx.AsyncClient, scene: Scene) -> None:
    await fill(client, brochure_only())
    path = await link(client, scene)
    await send(client)

    assert (await client.get(path)).status_code == 410


async def test_neither_the_ledger_nor_the_event_shows_the_link_or_the_address(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await half(client)
    path = await link(client, scene)
    token = path.rpartition("/")[2]

    [(link_id, (encrypted, event))] = scene.ledger.links.kept.items()

    shown = event.to_json() + encrypted + link_id.encode()
    assert token.encode() not in shown
    assert MAIL.encode() not in shown
    assert event.parcels.keys() == {"notify"}
    assert scene.open_parcel(event.parcels["notify"], "notify")["email"] == MAIL


async def test_an_address_that_no_mail_can_reach_is_refused_where_it_is_typed(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await half(client)

    replies = [await post(client, f"{FORM}save", {"email": typed}) for typed in ("canary@", "")]

    assert errors(replies[0]) == ["メールアドレスは name@example.co.jp のように入力してください"]
    assert 'value="canary@"' in replies[0].text
    assert scene.mailed == []


async def test_nobody_can_fill_a_stranger_s_mailbox_with_links(scene: Scene) -> None:
    """After three, the page says the same and nothing is mailed: nobody learns what others have asked for."""
    statuses = []
    for number, email in enumerate((MAIL, MAIL.upper(), "canary+1@example.co.jp", "canary+2@example.co.jp")):
        async with browser(scene, f"203.0.113.{number}") as client:
            await half(client)
            statuses.append((await post(client, f"{FORM}save", {"email": email})).url.path)

    assert statuses == [f"{FORM}saved"] * 4
    assert len(scene.mailed) == 3


async def test_a_stranger_cannot_shut_the_owner_of_a_mailbox_out(scene: Scene) -> None:
    """Three posts with somebody's address used to take 途中保存 from them for a day."""
    async with browser(scene, "198.51.100.1") as stranger:
        await half(stranger)
        for _ in range(5):
            await stranger.post(f"{FORM}save", data={"email": MAIL})

    async with browser(scene, "203.0.113.1") as owner:
        await half(owner)
        await owner.post(f"{FORM}save", data={"email": MAIL})

    assert len(scene.mailed) == 4


async def test_where_nothing_is_mailed_any_more_the_link_before_still_works(scene: Scene) -> None:
    async with browser(scene, "203.0.113.1") as client:
        await half(client)
        links = [await link(client, scene) for _ in range(4)]

        assert (await client.get(links[-1])).status_code == 200
        assert links[-1] == links[-2]


async def test_nobody_can_fill_many_mailboxes_from_one_place(scene: Scene) -> None:
    async with browser(scene, "203.0.113.9") as client:
        await half(client)
        replies = [
            await client.post(f"{FORM}save", data={"email": f"{number}@canary.example.jp"}) for number in range(11)
        ]

    assert [reply.status_code for reply in replies] == [303] * 10 + [429]
    assert len(scene.mailed) == 10


async def test_without_a_form_there_is_nothing_to_save(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{FORM}save")).status_code == 404
    assert (await client.post(f"{FORM}save", data={"email": MAIL})).status_code == 404


async def test_a_form_that_goes_on_elsewhere_can_be_sent_there(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    scene.clock.forward(timedelta(minutes=1))
    await client.post(f"{FORM}contact", data={**CONTACT, "_action": "save"})
    path = await link(client, scene)

    async with browser(scene) as other:
        await other.post(path)
        await fill(other, answers())
        await send(other)

    assert scene.requests[0].event.suspicions == ()
