"""A customer is forgotten: in every database, whatever is read again, and also by a service that was away."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from local.backup.back_up import BackUp
from local.backup.backup_keys import add_backup_key, public_key, secret_keys
from local.bounces import DOMAIN
from shared.clock import utc_now
from shared.events import QUOTES, REQUESTS, TOPICS
from tests.cli.builders import mitsumori
from tests.journeys.opened import Opener, found_in, found_in_backup, found_on_topics
from tests.journeys.test_bounces import FROM_OWN_PAGE, shows
from tests.journeys.test_faults import drain, without
from tests.journeys.test_repair import command
from tests.journeys.world import Accepted, World, a_quote, a_referral, until
from tests.plain_http import a_client
from tests.printed import printed, squeezed

ALL_SERVICES = {"intake", "rating", "notify", "dashboard"}
ALL = {f"mitsumori_{service}" for service in ALL_SERVICES}


class Bird:
    """A customer with words that stand nowhere else: contact, 告知, what staff write."""

    def __init__(self) -> None:
        self.mark = uuid4().hex[:10]
        self.turnover = 100_000 + int(self.mark[:4], 16)
        self.contact = {
            "company": f"忘却商事{self.mark}株式会社",
            "person": f"忘川 {self.mark}",
            "address": f"東京都港区忘却町{self.mark}",
        }

    @property
    def words(self) -> tuple[str, ...]:
        """As somebody who opens everything would read them; rating knows nothing but the turnover."""
        return self.mark, f'"turnover": {self.turnover}'


@pytest.fixture
def bird() -> Bird:
    return Bird()


@pytest.fixture
def opener(world: World) -> Opener:
    return Opener(world.folder / "keys")


@pytest.fixture
def desk(world: World, staff_password: str) -> Iterator[httpx.Client]:
    """A member of staff who is logged in."""
    with a_client(world.system.dashboard_url, headers=FROM_OWN_PAGE) as desk:
        desk.post("/login", data={"name": "journey", "password": staff_password})
        yield desk


def erase(world: World, *requests: Accepted, wait: str = "60", now: bool = False) -> dict[str, Any]:
    """What `mitsumori erase` says of each request when it was done, by its 受付番号; and how it ended."""
    how = ("--now",) if now else ()
    ended = command(world, "erase", *(one.reception_no for one in requests), "--yes", "--wait", wait, "--json", *how)
    return {"code": ended.returncode, **{one["reception_no"]: one for one in json.loads(ended.stdout)}}


def quoted(world: World, bird: Bird) -> Accepted:
    answers = a_quote(brochure="email", email=f"{bird.mark}@vergessen.example", turnover=bird.turnover, **bird.contact)
    request = world.submit(answers)
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    return request


def work_on(desk: httpx.Client, request: Accepted, bird: Bird) -> None:
    """Staff write a note, and look at a letter as it was sent."""
    case = f"/cases/{request.request_id}"
    page = until(lambda: shows(desk, request, "見積書（お客さま宛）"))
    [seen, *_] = re.findall(r'name="seen" value="(\d+)"', page)
    desk.post(f"{case}/work", data={"kind": "note", "seen": seen, "text": f"{bird.mark} から電話"})
    [letter, *_] = re.findall(rf"{case}/letters/([0-9a-f-]+)/copy", page)
    desk.post(f"{case}/letters/{letter}/copy")


def copied(world: World, request: Accepted) -> bool:
    with world.mongo() as client:
        return bool(client["mitsumori_dashboard"]["letter_copies"].find_one({"request_id": request.request_id}))


def back_up(world: World, key: Path, folder: Path) -> Path:
    return BackUp(mongo=world.system.mongo, key=public_key(key), now=utc_now)(folder).file


def files_with(world: World, mark: str) -> set[str]:
    """The folders of a system in which *mark* stands in a file; but not how MongoDB and Kafka keep what they have."""
    tops = [path for path in world.folder.iterdir() if path.name not in {"mongo", "kafka"}]
    return {
        top.name for top in tops if any(mark in str(path) or mark.encode() in _bytes_of(path) for path in walk(top))
    }


def walk(top: Path) -> list[Path]:
    return [path for path in (top, *top.rglob("*")) if path.is_file()]


def _bytes_of(path: Path) -> bytes:
    with suppress(FileNotFoundError):  # A mail is moved when it was read.
        return path.read_bytes()
    return b""


def came_back(world: World, bird: Bird) -> Accepted:
    """A referral whose mails come back, with an incident in words of its own."""
    told = {"email": f"{bird.mark}@{DOMAIN}", "turnover": bird.turnover, **bird.contact}
    request = world.submit(a_referral(**told) | {"incidents_note": f"{bird.mark} が漏えい"})
    until(lambda: world.status(request)["letters"].get("receipt") == "failed" or None)
    until(lambda: world.status(request)["state"] == "referred" or None)
    return request


def test_nothing_of_a_customer_is_left_in_any_database_log_or_later_backup(
    world: World, desk: httpx.Client, bird: Bird, opener: Opener, tmp_path: Path
) -> None:
    """Somebody who has all keys looks. Where the mails arrived they are of those who got them."""
    backup_keys = add_backup_key(tmp_path / "keys")
    first, second = quoted(world, bird), came_back(world, bird)
    work_on(desk, first, bird)
    until(lambda: copied(world, first) or None)
    before = found_in(world, opener, bird.words)
    earlier = back_up(world, backup_keys[0], tmp_path / "before")
    shown = command(world, "erase", first.reception_no, second.reception_no)
    after_looking = found_in(world, opener, bird.words)

    ended = erase(world, first, second)

    assert before.keys() == after_looking.keys() == ALL
    assert {"requests", "letters", "copies"} <= before["mitsumori_notify"]
    assert {"requests", "decisions", "letter_copies"} <= before["mitsumori_dashboard"]
    assert (shown.returncode, "--yes を付けてください" in shown.stdout) == (0, True)
    assert (ended["code"], ended[first.reception_no]["left"], ended[second.reception_no]["left"]) == (0, [], [])
    until(lambda: not found_in(world, opener, bird.words) or None)
    made = back_up(world, backup_keys[0], tmp_path / "after")
    assert found_in_backup(earlier, secret_keys(backup_keys[1]), opener, bird.words).keys() == ALL_SERVICES
    assert found_in_backup(made, secret_keys(backup_keys[1]), opener, bird.words) == {}
    assert [name for name, content in world.everything_shown() if bird.mark.encode() in content] == []
    assert files_with(world, bird.mark) == {"maildir"}
    page = desk.get(f"/cases/{first.request_id}").text
    assert "消去済み" in page
    assert bird.mark not in page
    assert first.reception_no not in desk.get("/", params={"q": bird.contact["company"]}).text


def test_the_topics_still_have_it_until_their_retention_and_nothing_is_taken_in_again(
    world: World, bird: Bird, opener: Opener
) -> None:
    """This is what docs/operating/privacy.md says of them."""
    request = quoted(world, bird)
    erase(world, request)
    mails = len(world.mails(request))

    left = found_on_topics(world, opener, bird.words, *TOPICS)
    for topic in (REQUESTS, QUOTES):
        for record in [one for one in world.records(topic) if one.key.decode() == request.request_id]:
            world.publish(topic, record.key, record.value, record.headers)
        drain(world, topic)

    assert left == {REQUESTS}
    assert found_in(world, opener, bird.words) == {}
    assert len(world.mails(request)) == mails


def test_who_asks_what_is_held_on_them_is_told_of_their_request_and_of_no_other(
    world: World, bird: Bird, tmp_path: Path
) -> None:
    other = Bird()
    request, another = quoted(world, bird), quoted(world, other)

    paper = tmp_path / "disclosure.pdf"
    words = ("disclose", "--mail", f"{bird.mark}@vergessen.example", "--pdf", paper, "--data", world.folder)
    ended = mitsumori(*words, MITSUMORI_MONGO=world.system.mongo)

    [found] = json.loads(ended.stdout)["requests"]
    assert (ended.returncode, found["request_id"]) == (0, request.request_id)
    assert bird.contact.items() <= found["contact"].items()
    assert {letter["kind"] for letter in found["letters"]} == {"receipt", "quote", "desk"}
    assert [word for word in (another.reception_no, other.mark) if word in ended.stdout] == []
    on_paper = printed(paper.read_bytes()).everything
    assert squeezed(bird.contact["person"]) in on_paper
    assert [word for word in (another.reception_no, other.mark) if word in on_paper] == []
    assert paper.stat().st_mode & 0o777 == 0o600


def test_a_service_that_does_not_obey_is_named_and_obeys_once_it_is_back(
    world: World, bird: Bird, opener: Opener
) -> None:
    request = quoted(world, bird)
    with without(world, "rating"):
        away = erase(world, request, wait="3")
        until(lambda: found_in(world, opener, bird.words).keys() == {"mitsumori_rating"} or None)
        at_once = erase(world, request, now=True)
        left = found_in(world, opener, bird.words)
    back = erase(world, request)

    assert (away["code"], "rating" in away[request.reception_no]["left"]) == (1, True)
    assert (at_once["code"], left) == (0, {}), "without it, when an operator says so"
    assert (back["code"], back[request.reception_no]["left"]) == (0, [])
    assert found_in(world, opener, bird.words) == {}


def test_a_letter_that_waits_for_the_mail_server_is_not_sent_any_more(world: World, bird: Bird) -> None:
    with without(world, "mailbox"):
        request = world.submit(a_quote(email=f"{bird.mark}@vergessen.example", **bird.contact))
        until(lambda: letters_of(world, request) == 3 or None)
        ended = erase(world, request)
    other = world.submit(a_quote())
    world.ends(other, "quoted", {"receipt", "quote", "desk"})

    assert ended["code"] == 0
    assert world.mails(request) == []


def letters_of(world: World, request: Accepted) -> int:
    with world.mongo() as client:
        return int(client["mitsumori_notify"]["letters"].count_documents({"request_id": request.request_id}))
