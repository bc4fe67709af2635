import json
from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.domain.answers import check
from services.intake.domain.request import Request
from services.intake.domain.request_ids import older_fingerprint, older_id
from services.intake.usecases.submit import Accepted, Conflict
from shared.answers.reading import Answers
from shared.errors import Unavailable
from tests.services.intake.builders import CANARY, CONTACT, NOON, a_product, accepted_answers, answers, brochure_only
from tests.services.intake.fakes import Scene

pytestmark = pytest.mark.anyio


def documents() -> Answers:
    return check(a_product().form, brochure_only()).answers


async def test_a_request_is_kept_with_what_everybody_may_know() -> None:
    scene = Scene()

    accepted = await scene.submit(a_product(), accepted_answers(), "key-1")

    [request] = scene.requests
    assert accepted == Accepted(request.event, new=True)
    assert request.event.accepted_at == NOON
    assert request.event.wishes.model_dump() == {"brochure": "email", "quote": True}
    assert request.event.segment is not None
    assert request.event.segment.model_dump() == {"industry": "retail", "turnover_band": "5-10oku"}


async def test_each_reader_gets_its_own_share() -> None:
    scene = Scene()

    await scene.submit(a_product(), accepted_answers(), "key-1")

    [request] = scene.requests
    rating, notify, desk = (scene.opened(request, reader) for reader in ("rating", "notify", "desk"))
    assert rating.keys() == {"answers", "request_id"}
    assert rating["request_id"] == request.id
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

    await scene.submit(a_product(), accepted_answers(d3_17="no"), "key-1")

    declared = scene.opened(scene.requests[0], "notify")["declared"]
    answer_to = {entry["question"].partition(".")[0]: entry["answer"] for entry in declared}
    assert answer_to["告知事項 3-17"] == "いいえ(いずれかをしていない)"
    assert answer_to["告知事項 3-18"] == "はい(持ち出せない、または対策をして持ち出している)"


async def test_what_was_tidied_is_kept_as_it_was_typed_for_the_desk() -> None:
    scene = Scene()
    sent = {"phone": "０３－９８７６－５４３２", "turnover": "5億円"}

    checked = check(a_product().form, answers(**sent))
    await scene.submit(a_product(), checked.answers, "key-1", sent=answers(**sent))

    assert scene.opened(scene.requests[0], "desk")["typed"] == sent


@pytest.mark.parametrize(("suspicion", "held"), [("honeypot", True), ("too-fast", False)])
async def test_the_event_says_whether_the_quotes_wait_for_staff(suspicion: str, *, held: bool) -> None:
    scene = Scene()

    await scene.submit(a_product(), accepted_answers(), "key-1", suspicions=[suspicion])

    assert scene.requests[0].event.suspicions == (suspicion,)
    assert json.loads(scene.requests[0].event.to_json())["is_held"] == held


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

    await scene.submit(a_product(), accepted_answers(incidents="yes", incidents_note=CANARY["incidents_note"]), "key-1")

    [request] = scene.requests
    shown = request.event.to_json().decode() + request.fingerprint
    assert not [word for word in CANARY.values() if word in shown or json.dumps(word)[1:-1] in shown]


async def test_the_same_key_and_answers_are_the_same_request() -> None:
    scene = Scene()
    first = await scene.submit(a_product(), accepted_answers(), "key-1")
    scene.clock.forward(timedelta(days=400))

    again = await scene.submit(a_product(), accepted_answers(), "key-1")

    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (again.request_id, again.reception_no, again.new) == (first.request_id, first.reception_no, False)
    assert len(scene.requests) == 1


async def test_the_same_key_for_another_mailbox_is_another_request() -> None:
    """An agency's page behind a cache gave every visitor the same key, and two programs both counted from 1.

    The second customer read 「すでに送信されています」, of a request that was somebody else's, and theirs was lost.
    """
    scene = Scene()

    first = await scene.submit(a_product(), documents(), "1")
    second = await scene.submit(a_product(), {**documents(), "email": "suzuki@other.example.jp"}, "1")
    again = await scene.submit(a_product(), documents(), "1")

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert isinstance(again, Accepted)
    assert (second.new, again.new) == (True, False)
    assert first.request_id == again.request_id != second.request_id


async def test_the_same_key_for_other_answers_is_a_conflict() -> None:
    scene = Scene()
    await scene.submit(a_product(), accepted_answers(), "key-1")

    assert await scene.submit(a_product(), accepted_answers(turnover="1"), "key-1") == Conflict()
    assert len(scene.requests) == 1


async def test_without_a_key_the_same_answers_within_ten_minutes_are_the_same_request() -> None:
    scene = Scene()
    scene.clock.forward(timedelta(minutes=9))
    first = await scene.submit(a_product(), accepted_answers())
    scene.clock.forward(timedelta(minutes=9, seconds=59))

    again = await scene.submit(a_product(), accepted_answers())

    assert isinstance(first, Accepted)
    assert isinstance(again, Accepted)
    assert (again.request_id, again.reception_no, again.new) == (first.request_id, first.reception_no, False)


async def test_without_a_key_the_same_answers_ten_minutes_later_are_a_new_request() -> None:
    scene = Scene()
    scene.clock.forward(timedelta(minutes=9))
    await scene.submit(a_product(), accepted_answers())
    scene.clock.forward(timedelta(minutes=10))

    again = await scene.submit(a_product(), accepted_answers())

    assert isinstance(again, Accepted)
    assert again.new
    assert len(scene.requests) == 2


async def test_without_a_key_other_answers_are_another_request() -> None:
    scene = Scene()
    await scene.submit(a_product(), accepted_answers())

    await scene.submit(a_product(), accepted_answers(person="別の担当者"))

    assert len(scene.requests) == 2


async def test_a_reception_number_that_is_taken_is_drawn_again() -> None:
    scene = Scene()
    draws = [0, 0, 1]
    submit = replace(scene.submit, random_below=lambda _: draws.pop(0))

    await submit(a_product(), accepted_answers(), "key-1")
    await submit(a_product(), accepted_answers(), "key-2")

    assert len({request.event.reception_no for request in scene.requests}) == 2
    assert draws == []


async def test_nothing_is_accepted_while_the_ledger_is_away() -> None:
    scene = Scene()
    scene.ledger.away = True

    with pytest.raises(Unavailable):
        await scene.submit(a_product(), accepted_answers(), "key-1")

    assert scene.requests == []


class TestAfterAnUpdate:
    """The ledger holds requests of the version before, whose ids anybody could compute."""

    async def older(self, scene: Scene, key: str | None) -> str:
        """A request as the version before stored it."""
        accepted = await scene.submit(a_product(), documents(), key)
        assert isinstance(accepted, Accepted)
        request = scene.ledger.requests.kept.pop(accepted.request_id)
        fingerprint = older_fingerprint(a_product().slug, documents(), key or "")
        window = int(NOON.timestamp() // 600)
        own_id = older_id(a_product().slug, f"key:{key}" if key else f"body:{fingerprint}:{window}")
        event = request.event.model_copy(update={"request_id": own_id})
        scene.ledger.requests.kept[own_id] = Request(event, fingerprint)
        return own_id

    def updated(self, scene: Scene) -> Scene:
        ids = replace(scene.request_ids, older_until=NOON + timedelta(days=90))
        return Scene(ledger=scene.ledger, clock=scene.clock, keys=scene.keys, request_ids=ids)

    @pytest.mark.parametrize("key", ["order-1", None])
    async def test_a_request_that_is_sent_again_is_the_one_before(self, key: str | None) -> None:
        before = Scene()
        own_id = await self.older(before, key)

        again = await self.updated(before).submit(a_product(), documents(), key)

        assert isinstance(again, Accepted)
        assert (again.request_id, again.new) == (own_id, False)
        assert len(before.requests) == 1

    async def test_other_answers_under_a_key_of_before_are_a_conflict(self) -> None:
        before = Scene()
        await self.older(before, "order-1")

        again = await self.updated(before).submit(a_product(), accepted_answers(), "order-1")

        assert again == Conflict()

    async def test_the_same_answers_an_hour_later_are_a_new_request(self) -> None:
        before = Scene()
        await self.older(before, None)
        before.clock.forward(timedelta(hours=1))

        again = await self.updated(before).submit(a_product(), documents())

        assert isinstance(again, Accepted)
        assert again.new
