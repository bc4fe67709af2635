"""How far visitors come, counted without knowing them."""

from datetime import timedelta

import httpx
import pytest

from services.intake.domain.funnel import Step, funnel
from tests.services.intake.fakes import CANARY, CONTACT, NOON, Scene, answers, brochure_only
from tests.services.intake.walk import FORM, fill, send

pytestmark = pytest.mark.anyio


def a_step(visit: str, kind: str, minute: int, page: str = "", keys: tuple[str, ...] = ()) -> Step:
    return Step("cyber-security", visit, kind, NOON + timedelta(minutes=minute), page, keys)  # type: ignore[arg-type]  # the tests' shorthand


VISITS = [
    a_step("a", "started", 0),
    a_step("a", "error", 1, "contact", ("email", "phone")),
    a_step("a", "passed", 2, "contact"),
    a_step("a", "passed", 3, "contact"),
    a_step("a", "sent", 4),
    a_step("b", "started", 0),
    a_step("b", "passed", 1, "contact"),
    a_step("b", "sent", 10),
    a_step("c", "started", 0),
    a_step("c", "error", 5, "contact", ("email",)),
    a_step("d", "started", 20 * 60),
    a_step("earlier", "sent", 1),
]


def test_a_visit_counts_once_for_each_page_however_often_it_came_back() -> None:
    found = funnel(VISITS, NOON + timedelta(hours=25))

    assert (found.started, found.sent) == (4, 2)
    assert found.passed == {"contact": 2}
    assert found.errors == {"email": 2, "phone": 1}


def test_whoever_has_not_come_back_for_a_day_has_given_up() -> None:
    found = funnel(VISITS, NOON + timedelta(hours=25))

    assert (found.abandoned, found.open) == (1, 1)


def test_the_time_it_takes_is_the_middle_one() -> None:
    assert funnel(VISITS, NOON).median_s == 7 * 60
    assert funnel([], NOON).median_s is None


async def test_a_walk_through_the_form_is_counted_step_by_step(client: httpx.AsyncClient, scene: Scene) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={"company": CANARY["company"]})
    await fill(client, brochure_only())
    await send(client)

    steps = [(step.kind, step.page) for step in scene.ledger.steps.kept]
    assert steps == [
        ("started", ""),
        ("error", "contact"),
        ("passed", "contact"),
        ("passed", "wishes"),
        ("sent", ""),
    ]
    assert len({step.visit for step in scene.ledger.steps.kept}) == 1


async def test_a_count_holds_no_answer_and_nothing_that_leads_to_a_person(
    client: httpx.AsyncClient, scene: Scene
) -> None:
    await client.post(f"{FORM}start")
    await client.post(f"{FORM}contact", data={**CONTACT, "email": "canary@"})
    await fill(client, answers(incidents="yes", incidents_note=CANARY["incidents_note"]))
    await send(client)

    shown = repr(scene.ledger.steps.kept)
    assert not [word for word in (*CANARY.values(), "canary@", scene.requests[0].id) if word in shown]
    assert client.cookies["mitsumori_draft"] not in shown
