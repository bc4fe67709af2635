"""The agency's mail server mails nobody more than they asked for, whichever entrypoint strangers use."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from prometheus_client import REGISTRY

from shared.web.place import locate
from tests.services.intake.browser import FORM, browser, fill, send
from tests.services.intake.builders import a_product, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


async def by_page(client: httpx.AsyncClient, answers: dict[str, Any]) -> None:
    await client.post(f"{FORM}start", data={"afresh": "1"})
    await fill(client, answers)
    await send(client)


async def by_form(client: httpx.AsyncClient, answers: dict[str, Any]) -> None:
    await client.post(f"{FORM}submit", data=answers)


async def by_json(client: httpx.AsyncClient, answers: dict[str, Any]) -> None:
    await client.post("/api/v1/requests", json={"product": a_product().slug, "answers": answers})


Entrypoint = Callable[[httpx.AsyncClient, dict[str, Any]], Awaitable[None]]
ENTRYPOINTS = pytest.mark.parametrize("entrypoint", [by_page, by_form, by_json])


def marks(scene: Scene) -> list[bool]:
    """Which of the requests are held, in their order."""
    return [request.event.is_held for request in scene.requests]


@ENTRYPOINTS
@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7"])
async def test_the_third_request_for_a_mailbox_within_a_day_is_kept_and_its_mails_wait(
    scene: Scene, entrypoint: Entrypoint, address: str
) -> None:
    """81 mails went to one mailbox within seconds. A tag behind + and dots at Gmail are no other mailbox."""
    spellings = ("Taro.Mihon@gmail.com", "taromihon@gmail.com", "taro.mihon+3@gmail.com", "taromihon+4@googlemail.com")
    async with browser(scene, address) as client:
        for number, email in enumerate(spellings):
            scene.clock.forward(timedelta(minutes=1))
            await entrypoint(client, brochure_only(company=f"見本{number}", email=email))

    assert [("many-to-mailbox" in request.event.suspicions) for request in scene.requests] == [False] * 2 + [True] * 2
    assert marks(scene) == [False] * 2 + [True] * 2


async def test_a_mailbox_is_free_again_a_day_later(client: httpx.AsyncClient, scene: Scene) -> None:
    for hours in (0, 0, 24):
        scene.clock.forward(timedelta(hours=hours))
        await by_form(client, brochure_only(company=f"見本{len(scene.requests)}"))

    assert marks(scene) == [False] * 3


@ENTRYPOINTS
async def test_beyond_the_hourly_ceiling_requests_are_kept_their_mails_wait_and_an_alarm_rings(
    scene: Scene, entrypoint: Entrypoint
) -> None:
    """Whoever rents ten thousand addresses and mailboxes must not make the agency a sender of spam."""
    scene.mails_per_hour = 2
    before = REGISTRY.get_sample_value("mail_ceiling_requests_total") or 0
    async with browser(scene) as client:
        for number in range(4):
            await entrypoint(client, brochure_only(company=f"見本{number}", email=f"mihon{number}@example.co.jp"))
        scene.clock.forward(timedelta(hours=1))
        await entrypoint(client, brochure_only(company="見本5", email="mihon5@example.co.jp"))

    assert marks(scene) == [False, False, True, True, False]
    assert "mail-ceiling" in scene.requests[3].event.suspicions
    assert REGISTRY.get_sample_value("mail_ceiling_requests_total") == before + 2
    assert REGISTRY.get_sample_value("mail_ceiling_reached") == 0


async def test_what_is_held_for_another_reason_takes_no_part_of_the_hour_s_mails(scene: Scene) -> None:
    scene.mails_per_hour = 3
    async with browser(scene) as client:
        for number in range(4):
            await by_form(client, brochure_only(company=f"見本{number}"))
        await by_form(client, brochure_only(company="見本5", email="another@example.co.jp"))

    assert marks(scene) == [False, False, True, True, False]


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param({"company": "当選おめでとうございます https://evil.example"}, id="advertisements"),
        pytest.param({}, id="one mailbox"),
    ],
)
async def test_held_requests_do_not_flood_the_desk_nor_hold_those_of_others(
    scene: Scene, flood: dict[str, str]
) -> None:
    """Each held request is a mail to the desk: from rented addresses there was no end to them.

    They have a ceiling of their own, so that others still get their mails at once.
    """
    scene.mails_per_hour = 3
    async with browser(scene) as client:
        for number in range(7):
            await by_form(client, brochure_only(person=f"見本{number}", **flood))
        await by_form(client, brochure_only(company="見本", email="another@example.co.jp"))

    flooded = ["mail-ceiling" in request.event.suspicions for request in scene.requests]
    assert flooded.count(True) in (2, 4)
    assert flooded[-3:] == [True, True, False]
    assert marks(scene)[-1] is False


async def test_beyond_the_hourly_ceiling_no_link_is_mailed_and_whoever_asks_is_told(scene: Scene) -> None:
    """途中保存 from ten thousand places to ten thousand mailboxes was ten thousand mails in the agency's name."""
    scene.mails_per_hour = 2
    replies = []
    for number in range(4):
        scene.clock.forward(timedelta(minutes=59 if number == 3 else 1))
        async with browser(scene, f"203.0.{number}.7") as client:
            await client.post(f"{FORM}start")
            await fill(client, brochure_only())
            replies.append(await client.post(f"{FORM}save", data={"email": f"mihon{number}@example.co.jp"}))

    assert [reply.status_code for reply in replies] == [303, 303, 429, 303]
    assert "混み合っています" in replies[2].text
    assert len(scene.mailed) == 3


@pytest.mark.parametrize("key", [None, "order-1"])
async def test_a_request_that_is_sent_again_is_counted_once(scene: Scene, key: str | None) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"product": a_product().slug, "answers": brochure_only()}
    async with browser(scene, "203.0.113.7") as client:
        replies = [await client.post("/api/v1/requests", json=body, headers=headers) for _ in range(40)]
        await by_json(client, brochure_only(company="見本"))

    assert {reply.status_code for reply in replies} == {202}
    assert [request.event.suspicions for request in scene.requests] == [(), ()]


async def test_a_network_of_addresses_is_one_place(scene: Scene) -> None:
    """One IPv6 customer has 2^64 addresses: forty of forty were let through."""
    statuses = []
    for number in range(31):
        async with browser(scene, f"2001:db8:1:2::{number:x}") as client:
            answers = brochure_only(company=f"見本{number}", email=f"mihon{number}@example.co.jp")
            statuses.append((await client.post(f"{FORM}submit", data=answers)).status_code)

    assert statuses == [303] * 30 + [429]


async def test_neighbours_may_do_more_than_one_of_them_but_not_without_end(scene: Scene) -> None:
    """A /24 is an office, a provider, or a hoster: eight times as much, from however many addresses."""
    statuses = []
    for number in range(242):
        async with browser(scene, f"203.0.113.{number}") as client:
            answers = brochure_only(company=f"見本{number}", email=f"mihon{number}@example.co.jp")
            statuses.append((await client.post(f"{FORM}submit", data=answers)).status_code)

    assert statuses == [303] * 240 + [429] * 2


@pytest.mark.parametrize(
    ("ip", "name", "neighbourhood", "is_local"),
    [
        pytest.param("203.0.113.7", "203.0.113.7", "203.0.113.0/24", False, id="IPv4"),
        pytest.param("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24", False, id="IPv4 as IPv6"),
        pytest.param("2001:db8:1:2:3::4", "2001:db8:1:2::/64", "2001:db8:1::/48", False, id="IPv6"),
        pytest.param("127.0.0.1", "127.0.0.1", "127.0.0.0/24", True, id="this machine"),
        pytest.param("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.0/24", True, id="this machine as IPv6"),
        pytest.param("::1", "::/64", "::/48", True, id="this machine, IPv6"),
        pytest.param("", "", "", True, id="a socket without an address"),
        pytest.param("unknown", "unknown", "unknown", False, id="what a proxy made up"),
    ],
)
async def test_a_place_is_what_one_customer_has(ip: str, name: str, neighbourhood: str, *, is_local: bool) -> None:
    place = locate(ip)

    assert (place.name, place.neighbourhood, place.is_local) == (name, neighbourhood, is_local)


@pytest.mark.parametrize("entrypoint", ["form", "json"])
async def test_refused_posts_are_counted_too(scene: Scene, entrypoint: str) -> None:
    """Each one is answered with up to 80 KB, for a post of some bytes."""
    async with browser(scene, "203.0.113.7") as client:
        statuses = [
            (
                await client.post(f"{FORM}submit", data={"company": ""})
                if entrypoint == "form"
                else await client.post("/api/v1/requests", json={"product": a_product().slug, "answers": {}})
            ).status_code
            for _ in range(302)
        ]

    assert statuses == [422] * 300 + [429] * 2
