"""The version before and this one run side by side while customers send forms: there, back, and there again (ADR 0033).

One story, told once; each test looks at one thing that it promises.
"""

import asyncio
import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from bench.letters import copies_in
from local.backup.back_up import BackUp
from local.backup.backup_keys import add_backup_key, public_key
from local.services import ServiceProcess
from local.staff import add_staff
from local.upgrade import ORDER
from shared.clock import utc_now
from tests.cli.builders import mitsumori
from tests.journeys.rolling import (
    Customers,
    Ending,
    Rolling,
    Settings,
    a_rolling_world,
    later_version,
    products_with_form_of,
)
from tests.journeys.test_backup import restored
from tests.journeys.test_bounces import FROM_OWN_PAGE
from tests.journeys.version_before import unpack
from tests.journeys.world import CANARY_DOMAIN, Accepted, World, a_quote, until
from tests.plain_http import a_client

CORRECTED = f"canary.corrected@{CANARY_DOMAIN}"
ADDRESSED = {"recipient": {"$ne": ""}}
"""Letters to somebody who is not forgotten."""


@dataclass
class Story:
    """What is left of it when everything has stopped again."""

    folder: Path
    now: Settings
    accepted: dict[Accepted, Ending]
    in_backup: set[Accepted] = field(default_factory=set)
    backup: Path = Path()
    backup_keys: Path = Path()
    corrected: Accepted | None = None
    """Sent under the new form. Its address was corrected while the version before ran again."""
    erased: Accepted | None = None
    """In the backup; erased while some services were of this version and some of the one before."""
    ended: dict[Accepted, Mapping[str, Any]] = field(default_factory=dict)
    is_forgotten: bool = False
    letters: list[Mapping[str, Any]] = field(default_factory=list)
    in_doubt: set[str] = field(default_factory=set)
    copies: Counter[str] = field(default_factory=Counter)
    aside: list[Mapping[str, Any]] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    """What the operator's commands printed."""
    refusals: list[str] = field(default_factory=list)
    pages: list[tuple[str, int]] = field(default_factory=list)
    """What staff got from the dashboard of each version while both ran."""

    def look(self, desk: httpx.Client, dashboard: ServiceProcess) -> None:
        """Through the eyes of staff, who come to either of the two."""
        for path in ("/", "/figures", "/backlog", f"/cases/{next(iter(self.accepted)).request_id}"):
            self.pages.append((path, desk.get(f"{dashboard.url}{path}").status_code))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("rolling")
    before = unpack(folder / "before")
    now = products_with_form_of(before, folder / "products")
    before.mitsumori("keys", "new", folder / "data" / "keys")
    with a_rolling_world(folder / "data", before.settings) as rolling:
        customers = Customers(rolling)
        story = Story(folder / "data", now, customers.accepted)
        with customers.sending(), a_client(headers=FROM_OWN_PAGE) as desk:
            customers.more(3)
            back_up(story, rolling.world)
            log_in(rolling.world, desk)
            for name in ORDER:
                rolling.replace(name, now, *([partial(story.look, desk)] if name == "dashboard" else []))
            story.corrected = customers.send(a_quote)
            ends(rolling.world, story.corrected, story)
            go_back(story, rolling, before.settings, desk)
            until(lambda: "unknown-form" in open_reasons(rolling.world))
            rolling.start(*ORDER, settings=now)
            rolling.stop(*ORDER)
            customers.more(3)
        finish(story, rolling)
    return story


def go_back(story: Story, rolling: Rolling, before: Settings, desk: httpx.Client) -> None:
    """Step by step as docs/operating/update.md says. Once notify is of before, staff correct an address."""
    for name in reversed(ORDER):
        if name == "rating":
            correct_address(rolling.world, desk, story.corrected)
        if name == "dashboard":
            rolling.stop(name)
            story.said["back"] = command(story, rolling.world, "upgrade", "--back")
            rolling.start(name, settings=before)
            erase(story, rolling.world)
        else:
            rolling.replace(name, before)


def finish(story: Story, rolling: Rolling) -> None:
    """Look at everything, end the update, and one day that of a later version."""
    world = rolling.world
    for request in story.accepted:
        ends(world, request, story)
    assert story.corrected
    until(lambda: sorted(letters_to_corrected_address(world, letters_in(world))) == ["quote", "receipt"])
    with world.mongo() as client:
        notify = client["mitsumori_notify"]
        story.letters = list(notify["letters"].find(ADDRESSED, {"content": 0}))
        story.in_doubt = {one["_id"] for one in notify["outcomes"].find({"ambiguous": True}, {"_id": 1})}
    story.copies = letters_in(world)
    story.is_forgotten = knows_nothing_of(world, story.erased)
    story.aside = [letter for name in ORDER for letter in world.dead_letters(name)]
    for words in (("check",), ("upgrade", "--check"), ("upgrade", "--yes")):
        story.said[" ".join(words)] = command(story, world, *words)
    later = later_version(story.folder.parent / "later")
    story.said["later"] = later.mitsumori(
        "upgrade", "--yes", "--data", world.folder, MITSUMORI_MONGO=world.system.mongo
    )
    refused = rolling.new("dashboard", story.now)
    refused.spawn()
    until(lambda: not refused.child.alive)
    story.refusals = [line for line in refused.child.log.read_text("utf-8").splitlines() if "start refused" in line]


def back_up(story: Story, world: World) -> None:
    public, story.backup_keys = add_backup_key(story.folder.parent / "backup-keys")
    story.in_backup = set(story.accepted)
    make = BackUp(mongo=world.system.mongo, key=public_key(public), now=utc_now)
    story.backup = make(story.folder.parent / "backups").file


def erase(story: Story, world: World) -> None:
    """The first request that was accepted. Fails when a service has not obeyed within a minute."""
    story.erased = next(iter(story.accepted))
    command(story, world, "erase", story.erased.reception_no, "--yes", "--wait", "60")
    del story.accepted[story.erased]


def knows_nothing_of(world: World, request: Accepted | None) -> bool:
    """Whether every service remembers no more than that it is erased."""
    assert request
    with world.mongo() as client:
        obeyed = [client[f"mitsumori_{name}"]["erased"].find_one({"_id": request.request_id}) for name in ORDER]
        addressed = {"request_id": request.request_id, **ADDRESSED}
        letters = client["mitsumori_notify"]["letters"].count_documents(addressed)
    return all(obeyed) and not letters


def log_in(world: World, desk: httpx.Client) -> None:
    password = asyncio.run(add_staff(world.system.mongo, "rolling", secrets.token_urlsafe(15)))
    desk.post(f"{world.system.dashboard_url}login", data={"name": "rolling", "password": password})


def correct_address(world: World, desk: httpx.Client, request: Accepted | None) -> None:
    assert request
    case = f"{world.system.dashboard_url}cases/{request.request_id}"
    [seen, *_] = until(lambda: re.findall(r'name="seen" value="(\d+)"', desk.get(case).text))
    desk.post(f"{case}/work", data={"kind": "address", "seen": seen, "email": CORRECTED})


def ends(world: World, request: Accepted, story: Story) -> None:
    ending = story.accepted[request]
    world.ends(request, ending.state, set(ending.letters))
    story.ended[request] = world.status(request)


def letters_in(world: World) -> Counter[str]:
    """How often each letter lies in a mailbox, by its id in the ledger."""
    copies = copies_in(world.system.maildir)
    return Counter({letter.strip("<>").partition("@")[0]: count for letter, count in copies.items()})


def letters_of(world: World, request: Accepted) -> set[str]:
    with world.mongo() as client:
        return set(client["mitsumori_notify"]["letters"].distinct("_id", {"request_id": request.request_id}))


def letters_to_corrected_address(world: World, came: Counter[str]) -> list[str]:
    """The kinds of those that *came*."""
    with world.mongo() as client:
        found = list(client["mitsumori_notify"]["letters"].find({"recipient": CORRECTED}, {"kind": 1}))
    return [letter["kind"] for letter in found if letter["_id"] in came]


def open_reasons(world: World) -> Counter[str]:
    found = [letter for name in ORDER for letter in world.dead_letters(name)]
    return Counter(letter["reason"] for letter in found if letter.get("end") is None)


def command(story: Story, world: World, *words: str) -> str:
    ended = mitsumori(*words, "--data", str(world.folder), MITSUMORI_MONGO=world.system.mongo, **story.now)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_every_request_that_was_accepted_meanwhile_ends_as_it_must(story: Story) -> None:
    wanted = {
        request: (ending.state, dict.fromkeys(ending.letters, "sent")) for request, ending in story.accepted.items()
    }

    assert {request: (found["state"], found["letters"]) for request, found in story.ended.items()} == wanted
    assert f"受付 {len(wanted) + 1} = " in story.said["check"]  # One was erased meanwhile.
    assert "2 分を超えて終わらないものはありません。" in story.said["check"]


def test_each_letter_is_written_once_by_one_of_the_two_versions_and_comes_once(story: Story) -> None:
    written = Counter((letter["request_id"], letter["kind"]) for letter in story.letters)

    once = Counter((request.request_id, kind) for request, ending in story.accepted.items() for kind in ending.letters)
    assert story.corrected
    to_corrected_address = Counter((story.corrected.request_id, kind) for kind in ("receipt", "quote"))
    assert written == once + to_corrected_address
    came_twice = {letter for letter, copies in story.copies.items() if copies > 1}
    assert story.copies.keys() >= {letter["_id"] for letter in story.letters}  # And those of who was erased.
    assert (
        came_twice <= story.in_doubt
    )  # As after any crash in that gap (RFC 1047); a process that is stopped has none.


def test_the_version_before_understands_all_but_a_form_that_it_does_not_have(story: Story) -> None:
    """Of other reasons each would be a change of contracts: a field that is missing, a word that it does not know."""
    assert {letter["reason"] for letter in story.aside} == {"unknown-form"}


def test_what_it_did_not_understand_is_done_by_this_one_and_no_record_is_left(story: Story) -> None:
    assert {(letter.get("end"), letter.get("ended_by")) for letter in story.aside} == {("retried", "update")}


def test_staff_can_work_on_the_dashboard_of_either_version_while_both_run(story: Story) -> None:
    """What the one of before needs, such as an index that a page names, is there until an operator ends the update."""
    assert len(story.pages) == 8
    assert {status for _, status in story.pages} == {200}, story.pages


def test_a_request_is_forgotten_by_services_of_both_versions(story: Story) -> None:
    assert story.is_forgotten


def test_the_list_is_there_again_after_the_way_back_and_the_update_can_be_ended(story: Story) -> None:
    assert "前のバージョンに戻す準備ができました" in story.said["back"]
    assert "管理画面の一覧のデータ: 作り直しは不要です。" in story.said["upgrade --check"]
    assert "更新を終えました" in story.said["upgrade --yes"]


def test_once_a_later_version_has_ended_its_update_this_one_is_refused_and_says_so(story: Story) -> None:
    assert "dashboard: 後のバージョンの変更(2)" in story.said["later"]
    assert "9.0.0 以降のイメージに戻して起動してください" in json.loads(story.refusals[-1])["reason"]


def test_a_ledger_that_the_version_before_wrote_is_restored_into_this_one(story: Story) -> None:
    """With the keys of that version, beside topics on which both have written since."""
    done = restored(story.folder, story.backup, story.backup_keys)

    with a_rolling_world(story.folder, story.now) as rolling:
        world, customers = rolling.world, Customers(rolling)
        new = customers.send(a_quote)
        for request, ending in {**story.accepted, **customers.accepted}.items():
            world.ends(request, ending.state, set(ending.letters))
        until(lambda: len(letters_of(world, new) & letters_in(world).keys()) == len(customers.accepted[new].letters))
        since = letters_in(world) - story.copies
        assert since.keys() == letters_of(world, new)
        assert knows_nothing_of(world, story.erased)
        assert open_reasons(world) == Counter()
    assert done.recovered.requests >= len(story.accepted) - len(story.in_backup) - 1
