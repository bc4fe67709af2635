"""Somebody repairs what went wrong with the commands alone, and sees no customer's data while they do."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from local.passwords import write_private
from local.services import ServiceProcess
from shared.events import QUOTES, REQUESTS
from shared.runtime.parcels import KeyPair, new_key_pair
from shared.runtime.signatures import new_signing_key_pair
from tests.cli.builders import mitsumori
from tests.journeys.world import CANARIES, CANARY_MAIL, Accepted, World, a_quote, a_referral, brochure_only, until

DESK = "desk@agency.example"


def command(world: World, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of the operator; none shows what a customer wrote."""
    ended = mitsumori(*words, "--data", str(world.folder), MITSUMORI_MONGO=world.system.mongo)
    shown = ended.stdout + ended.stderr
    assert not [word for word in CANARIES if word in shown], words
    return ended


def incomplete(world: World, service: ServiceProcess) -> Any:  # noqa: ANN401  # JSON
    return world.http.get(service.health).json().get("incomplete")


@pytest.fixture
def rating_2(world: World) -> KeyPair:
    """A new key of rating, with which the form seals already, and which rating does not have."""
    pair = new_key_pair("rating", 2)
    world.folder.joinpath("keys", "intake", "rating-2.pub").write_text(pair.public, "ascii")
    restart(world, "intake")
    return pair


def test_requests_whose_key_reaches_rating_late_are_quoted_once_when_it_is_there(
    world: World, rating_2: KeyPair
) -> None:
    rating = world.system.services["rating"]
    requests = [world.submit(a_quote()) for _ in range(6)]
    until(lambda: waiting(world) == len(requests))
    documents = world.submit(brochure_only())
    world.ends(documents, "documents_only", {"receipt", "desk"})
    until(lambda: incomplete(world, rating) == ["keys"])
    listed = json.loads(command(world, "dead", "list", "--json").stdout)
    world.folder.joinpath("keys", "rating", "rating-2.key").write_text(rating_2.secret, "ascii")

    for request in requests:
        world.ends(request, "quoted", {"receipt", "quote", "desk"})

    late = [(one["service"], one["waits_for"], one["count"]) for one in listed if one["waits_for"]]
    assert late == [("rating", "rating-2", 6)]
    until(lambda: incomplete(world, rating) == [])
    assert waiting(world) == 0
    for request in requests:
        assert world.mail_counts(request) == Counter({CANARY_MAIL: 2, DESK: 1})
        with world.mongo() as client:
            assert client["mitsumori_rating"]["quotes"].count_documents({"request_id": request.request_id}) == 1


def waiting(world: World) -> int:
    return sum("waits_for" in letter for letter in world.dead_letters("rating"))


def test_quotes_whose_signing_key_reaches_their_readers_late_become_letters_when_it_is_there(world: World) -> None:
    """Intake, notify and the dashboard refused each of them for good."""
    pair, readers = new_signing_key_pair("rating", 2), ("intake", "notify", "dashboard")
    write_private(world.folder / "keys" / "rating" / f"{pair.id}.sign", pair.secret)
    restart(world, "rating")
    requests = [world.submit(a_quote()) for _ in range(2)]
    until(lambda: [waiting_of(world, reader, requests) for reader in readers] == [2, 2, 2])
    documents = world.submit(brochure_only())
    world.ends(documents, "documents_only", {"receipt", "desk"})
    for reader in readers:
        write_private(world.folder / "keys" / reader / f"{pair.id}.verify", pair.public)

    for request in requests:
        world.ends(request, "quoted", {"receipt", "quote", "desk"})

    until(lambda: [waiting_of(world, reader, requests) for reader in readers] == [0, 0, 0])
    for request in requests:
        assert world.mail_counts(request) == Counter({CANARY_MAIL: 2, DESK: 1})


def waiting_of(world: World, reader: str, requests: Sequence[Accepted]) -> int:
    ids = {request.request_id for request in requests}
    return sum("waits_for" in letter and letter["subject"] in ids for letter in world.dead_letters(reader))


def restart(world: World, name: str) -> None:
    """With the keys that are in its folder now."""
    service = world.system.services[name]
    service.child.stop()
    world.system.restart(name)
    service.wait_until_ready()


def test_the_whole_life_of_a_request_is_told_in_order(world: World) -> None:
    request = world.submit(a_referral())
    world.ends(request, "referred", {"receipt", "referral", "desk"})

    shown = command(world, "trace", request.reception_no.lower())
    told = json.loads(command(world, "trace", request.request_id, "--json").stdout)
    nobody = command(world, "trace", "AAAAAAAA")

    entries = told["entries"]
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.count("\n") == len(entries) + 1
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    assert [(entry["service"], entry["what"]) for entry in entries[:1]] == [("intake", "受付")]
    done = Counter((entry["service"], entry["what"]) for entry in entries)
    assert (done["rating", "要確認"], done["notify", "メール送信済"], done["notify", "メール作成"]) == (1, 3, 3)
    assert done["dashboard", "記録を受信"] == 5
    records = [entry["details"] for entry in entries if entry["service"] == "kafka"]
    types = ("request.received", "quote.referred", "letter.sent")
    assert {record["type"] for record in records} == {f"mitsumori.{one}.v1" for one in types}
    assert {*records[0]} == {"topic", "partition", "offset", "type"}
    assert len(told["trace_id"]) == 32
    assert (nobody.returncode, nobody.stderr) == (1, "mitsumori: この受付番号のご依頼はありません。\n")


def test_a_request_is_traced_also_while_kafka_is_away(world: World) -> None:
    request = world.submit(brochure_only())
    world.ends(request, "documents_only", {"receipt", "desk"})

    told = command(world, "trace", request.reception_no, "--kafka", "127.0.0.1:1")
    mistyped = command(world, "trace", request.reception_no, "--kafka", "127.0.0.1:99999")

    for ended in (told, mistyped):
        assert (ended.returncode, ended.stderr.count("\n")) == (0, 1), ended.stderr
        assert "Kafka の記録は読めません" in ended.stderr
        assert "メール送信済" in ended.stdout


def test_everything_is_announced_again_while_the_services_run_and_nothing_is_done_twice(world: World) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})
    before = published(world, request)
    until(lambda: not_marked(world, request) == 0)

    ended = command(world, "announce")

    until(lambda: len(published(world, request)) >= 2 * len(before))
    assert (ended.returncode, ended.stdout.endswith("outbox_pending で分かります。\n")) == (0, True)
    assert {*published(world, request)} == {*before}
    until(lambda: not_marked(world, request) == 0)
    assert world.mail_counts(request) == Counter({CANARY_MAIL: 2, DESK: 1})
    with world.mongo() as client:
        assert client["mitsumori_rating"]["quotes"].count_documents({"request_id": request.request_id}) == 1


def published(world: World, request: Accepted) -> list[bytes]:
    """The ids of its events on the topics of which it has some."""
    key = request.request_id.encode()
    records = [record for topic in (REQUESTS, QUOTES) for record in world.records(topic) if record.key == key]
    return [dict(record.headers)["ce_id"] for record in records]


def not_marked(world: World, request: Accepted) -> int:
    """How many of them the relays still have to publish, or to mark."""
    of_request = {"relay.key": request.request_id, "relay.state": "pending"}
    with world.mongo() as client:
        requests, quotes = client["mitsumori_intake"]["requests"], client["mitsumori_rating"]["quotes"]
        return requests.count_documents(of_request) + quotes.count_documents(of_request)


def test_a_dead_letter_is_worked_on_again_by_its_own_service(world: World) -> None:
    """What still cannot be read says so, and is discarded with a reason."""
    before = {letter["_id"] for letter in world.dead_letters("rating")}
    world.publish(REQUESTS, b"k", b"no event", [])
    (letter,) = until(lambda: {one["_id"] for one in world.dead_letters("rating")} - before)

    again = command(world, "dead", "retry", letter)
    discarded = command(world, "dead", "discard", letter, "--reason", "試験の記録", "--yes")

    assert (again.returncode, "失敗" in again.stdout) == (1, True)
    assert discarded.stdout == "1 件の記録を破棄しました。\n"
    assert command(world, "dead", "show", letter).returncode == 2


def test_everything_that_was_accepted_adds_up_and_what_is_lost_is_named(world: World) -> None:
    request = world.submit(a_quote())
    world.ends(request, "quoted", {"receipt", "quote", "desk"})

    whole = command(world, "check", "--json")
    with lost(world, request):
        broken = command(world, "check")

    sums = json.loads(whole.stdout)
    left = sums["events_parked"] + sums["dead_letters"] + sums["waiting_for_key"]  # By others of this system.
    assert (whole.returncode, sums["missing"]) == (int(left > 0), []), whole.stdout
    ended = ("documents_only", "quoted", "referred", "set_aside", "erased", "on_its_way")
    assert sums["accepted"] == sum(sums[name] for name in ended)
    assert broken.returncode == 1
    assert f"{request.reception_no}: 見積りの結果がありません" in broken.stdout


@contextmanager
def lost(world: World, request: Accepted) -> Iterator[None]:
    """Without the quote, of a request of last year: as a ledger that was restored from a backup has it."""
    with world.mongo() as client:
        quotes, requests = client["mitsumori_rating"]["quotes"], client["mitsumori_intake"]["requests"]
        quote, kept = quotes.find_one({"request_id": request.request_id}), requests.find_one(request.request_id)
        assert quote
        assert kept
        quotes.delete_one({"_id": quote["_id"]})
        before = {"accepted_at": kept["accepted_at"] - timedelta(days=365)}
        requests.update_one({"_id": request.request_id}, {"$set": before})
        try:
            yield
        finally:
            quotes.insert_one(quote)
            requests.replace_one({"_id": request.request_id}, kept)


def test_the_status_names_every_process_and_the_one_that_does_not_answer(world: World) -> None:
    rating = world.system.services["rating"]
    whole = command(world, "status", "--json")
    rating.child.kill()
    try:
        broken = command(world, "status")
    finally:
        world.system.restart("rating")
        rating.wait_until_ready()

    parts = {part["name"]: part for part in json.loads(whole.stdout)}
    assert whole.returncode == 0, whole.stdout
    assert parts.keys() >= {"intake", "rating", "notify", "dashboard", "kafka", "mailbox", "mongod"}
    assert parts["intake"]["address"] == world.system.form_url
    assert {"consumer_lag", "outbox_pending", "mail_pending"} <= parts["notify"]["figures"].keys()
    assert "@" not in parts["mongod"]["address"]
    assert (broken.returncode, "rating\t停止中: 応答なし" in broken.stdout) == (1, True)
