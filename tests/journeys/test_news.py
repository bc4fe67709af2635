"""Somebody asks for news on the form, and stops them by the link in the receipt: on real parts, and for good."""

import re

from services.notify.domain.news_links import FOLDER
from shared.events import REQUESTS, NewsOptedOut, RequestReceived
from shared.events.base import LETTERS
from tests.journeys.world import Accepted, World, brochure_only, until
from tests.plain_http import a_client

STOPPED = "ご案内メールは停止しています"


def link_in(world: World, request: Accepted) -> str:
    """Where the receipt says that news are stopped, once it has come."""
    notify = re.escape(world.system.services["notify"].url)

    def look() -> str | None:
        texts = " ".join(mail.text for mail in world.mails(request))
        found = re.search(rf"{notify}/{FOLDER}/\S+", texts)
        return found and found[0]

    return until(look)


def opt_outs(world: World, request: Accepted) -> list[str]:
    """The events of this request that say so."""
    records = world.records(LETTERS)
    found = [
        dict(record.headers)["ce_type"].decode() for record in records if record.key.decode() == request.request_id
    ]
    return [name for name in found if name == NewsOptedOut.type]


def read_again(world: World, request: Accepted) -> None:
    """The record of *request* comes once more. Garbage behind it marks the place that notify has come to."""
    before = len(world.dead_letters("notify"))
    records = [record for record in world.records(REQUESTS) if record.key.decode() == request.request_id]
    received, *_ = [one for one in records if dict(one.headers)["ce_type"].decode() == RequestReceived.type]
    world.publish(REQUESTS, received.key, received.value, received.headers)
    world.publish(REQUESTS, received.key, b"the end", [])
    until(lambda: len(world.dead_letters("notify")) > before or None)


def test_whoever_asked_for_news_stops_them_with_one_click_and_nothing_brings_them_back(world: World) -> None:
    mailbox = "canary.bird.news@tweet.example.jp"
    request = world.submit(brochure_only(email=mailbox, news_opt_in="yes"))
    link = link_in(world, request)

    asks = world.http.get(link)
    done = world.http.post(link, data={"List-Unsubscribe": "One-Click"})
    read_again(world, request)
    until(lambda: opt_outs(world, request) or None)

    assert "配信を停止する" in asks.text
    assert (done.status_code, "停止しました" in done.text, done.headers.get("set-cookie")) == (200, True, None)
    with world.mongo() as client:
        kept = list(client["mitsumori_notify"]["news"].find({"request_id": request.request_id}).sort("at", 1))
    assert [(one["is_wanted"], one["how"]) for one in kept] == [(True, "form"), (False, "link")]
    assert STOPPED in world.http.get(link).text

    again = world.submit(brochure_only(email=mailbox, news_opt_in="yes"))

    assert link_in(world, again) == link
    assert "配信を停止する" in world.http.get(link).text


def test_the_desk_reads_in_the_case_that_its_contact_wants_no_news_any_more(world: World, staff_password: str) -> None:
    request = world.submit(brochure_only(news_opt_in="yes"))

    world.http.post(link_in(world, request))

    with a_client(world.system.dashboard_url, headers={"Sec-Fetch-Site": "same-origin"}) as desk:
        desk.post("/login", data={"name": "journey", "password": staff_password})
        page = f"/cases/{request.request_id}"
        until(lambda: "お客さまがご案内メールを停止しました" in desk.get(page).text or None)
