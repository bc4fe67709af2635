import json
import re
from datetime import timedelta

import pytest

from services.intake.domain.answers import check
from services.intake.domain.reading import Answers
from services.intake.domain.reception import reception_no
from services.intake.domain.segment import turnover_band
from services.intake.usecases.submit import Accepted, Conflict
from shared.errors import Unavailable
from tests.services.intake.fakes import CANARY, CONTACT, NOON, Scene, a_product, answers, brochure_only

pytestmark = pytest.mark.anyio


def valid(**changes: object) -> Answers:
    found = check(a_product().form, answers(**changes))
    assert not found.problems
    return found.answers


def documents() -> Answers:
    return check(a_product().form, brochure_only()).answers


async def test_a_request_is_kept_with_what_everybody_may_know() -> None:
    scene = Scene()

    accepted = await scene.submit(a_product(), valid(), "key-1")

    [request] = scene.requests
    assert accepted == Accepted(request.id, request.event.reception_no, new=True)
    assert request.event.accepted_at == NOON
    assert request.event.wishes.model_dump() == {"brochure": "email", "quote": True}
    assert request.event.segment is not None
    assert request.event.segment.model_dump() == {"industry": "retail", "turnover_band": "5-10oku"}


async def test_each_reader_gets_its_own_share() -> None:
    scene = Scene()

    await scene.submit(a_product(), valid(), "key-1")

    [request] = scene.requests
    rating, notify, desk = (scene.opened(request, reader) for reader in ("rating", "notify", "desk"))
    assert rating.keys() == {"answers"}
    assert set(CONTACT).isdisjoint(rating["answers"])
    assert rating["answers"]["d3_22"] == ["pmark", "isms"]
    assert notify["contact"] == CONTACT
    assert notify["terms"]["plan"] == "basic"
    assert not any(key.startswith(("d3_", "d4_")) for key in notify["terms"])
    assert desk["contact"] == CONTACT
    assert desk["answers"]["turnover"] == 500_000
    assert desk["answers"]["privacy_consent"] == a_product().privacy.version


async def test_answers_that_are_easily_misread_are_spelled_out_for_the_quotation() -> None:
    scene = Scene()

    await scene.submit(a_product(), valid(d3_17="no"), "key-1")

    declared = scene.opened(scene.requests[0], "notify")["declared"]
    said = {one["question"].partition(".")[0]: one["answer"] for one in declared}
    assert said["告知事項 3-17"] == "いいえ(いずれかをしていない)"
    assert said["告知事項 3-18"] == "はい(持ち出せない、または対策をして持ち出している)"


async def test_what_was_tidied_is_kept_as_it_was_typed_for_the_desk() -> None:
    scene = Scene()
    sent = {"phone": "０３－９８７６－５４３２", "turnover": "5億円"}

    checked = check(a_product().form, answers(**sent))
    await scene.submit(a_product(), checked.answers, "key-1", sent=answers(**sent))

    assert scene.opened(scene.requests[0], "desk")["typed"] == sent


async def test_without_a_quote_there_is_nothing_to_price() -> None:
    scene = Scene()

    await scene.submit(a_product(), documents(), "key-1")

    [request] = scene.requests
    assert request.event.parcels.keys() == {"notify", "desk"}
    assert request.event.segment is None
    assert scene.opened(request, "notify")["terms"] == {}


async def test_the_event_shows_no_contact_and_no_answer() -> None:
    """Topics cannot forget and have many readers."""
    scene = Scene()

    await scene.submit(a_product(), valid(incidents="yes", incidents_note=CANARY["incidents_note"]), "key-1")

    [request] = scene.requests
    shown = request.event.to_json().decode() + request.fingerprint
    assert not [word for word in CANARY.values() if word in shown or json.dumps(word)[1:-1] in shown]


async def test_the_same_key_and_answers_are_the_same_request() -> None:
    scene = Scene()
    first = await scene.submit(a_product(), valid(), "key-1")
    scene.clock.forward(timedelta(days=400))

    again = await scene.submit(a_product(), valid(), "key-1")

    assert isinstance(first, Accepted)
    assert again == Accepted(first.request_id, first.reception_no, new=False)
    assert len(scene.requests) == 1


async def test_the_same_key_for_other_answers_is_a_conflict() -> None:
    scene = Scene()
    await scene.submit(a_product(), valid(), "key-1")

    assert await scene.submit(a_product(), valid(turnover="1"), "key-1") == Conflict()
    assert len(scene.requests) == 1


async def test_without_a_key_the_same_answers_within_ten_minutes_are_the_same_request() -> None:
    scene = Scene()
    scene.clock.forward(timedelta(minutes=9))
    first = await scene.submit(a_product(), valid())
    scene.clock.forward(timedelta(minutes=9, seconds=59))

    again = await scene.submit(a_product(), valid())

    assert isinstance(first, Accepted)
    assert again == Accepted(first.request_id, first.reception_no, new=False)


async def test_without_a_key_the_same_answers_ten_minutes_later_are_a_new_request() -> None:
    scene = Scene()
    scene.clock.forward(timedelta(minutes=9))
    await scene.submit(a_product(), valid())
    scene.clock.forward(timedelta(minutes=10))

    again = await scene.submit(a_product(), valid())

    assert isinstance(again, Accepted)
    assert again.new
    assert len(scene.requests) == 2


async def test_without_a_key_other_answers_are_another_request() -> None:
    scene = Scene()
    await scene.submit(a_product(), valid())

    await scene.submit(a_product(), valid(person="別の担当者"))

    assert len(scene.requests) == 2


async def test_a_reception_number_that_is_taken_is_drawn_again() -> None:
    scene = Scene()
    draws = [0] * 16 + [1] * 8
    submit = scene.submit.__class__(scene.ledger.requests, scene.submit.sealer, lambda _: draws.pop(0), scene.clock)

    await submit(a_product(), valid(), "key-1")
    await submit(a_product(), valid(), "key-2")

    assert len({request.event.reception_no for request in scene.requests}) == 2
    assert draws == []


async def test_nothing_is_accepted_while_the_ledger_is_away() -> None:
    scene = Scene()
    scene.ledger.away = True

    with pytest.raises(Unavailable):
        await scene.submit(a_product(), valid(), "key-1")

    assert scene.requests == []


@pytest.mark.parametrize("draw", range(40))
def test_a_reception_number_can_be_read_out_on_the_phone(draw: int) -> None:
    def chance(size: int) -> int:
        return (draw * 7 + 3) % size

    either, digit = "[ACEFGHJKMNPRTWXY34679]{2}", "[34679]"

    assert re.fullmatch(f"{either}{digit}{either}{digit}{either}", reception_no(chance))


@pytest.mark.parametrize(
    ("turnover", "band"),
    [
        (0, "under-1oku"),
        (99_999, "under-1oku"),
        (100_000, "1-5oku"),
        (500_000, "5-10oku"),
        (1_000_000, "10-50oku"),
        (5_000_000, "50-100oku"),
        (9_999_999, "50-100oku"),
        (10_000_000, "100oku-"),
    ],
)
def test_a_turnover_falls_into_the_band_that_begins_with_it(turnover: int, band: str) -> None:
    assert turnover_band(turnover) == band
