"""The desk's day in real browsers on a whole system: with scripts, without them, and on a phone.

All tasks of a window are done one after the other, and what only shows later, such as a mail, is looked for afterwards:
waiting ten seconds for each would take an hour. Each task is a test of its own, which tells what came of it.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Browser

from local.staff import add_staff
from services.dashboard.domain.roles import Role
from tests.journeys.browser import a_browser
from tests.journeys.desk_tasks import LIVE_TASKS, ON_A_PHONE, PLAIN_TASKS, Day, Task
from tests.journeys.staff import Staff
from tests.journeys.world import Accepted, World, a_quote, a_referral, brochure_only, until

Outcome = Exception | None
Outcomes = Mapping[tuple[str, Task], Outcome]
"""By window and task."""
PATIENCE_MS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Window:
    """How the day's staff look at the desk, and what they do so."""

    name: str
    label: str
    tasks: Sequence[Task]
    width: int = 1280
    script: bool = True

    @property
    def colleagues(self) -> Mapping[str, Role]:
        """Who works there: each window has its own, for a session of one is ended there."""
        roles = {"clerk": Role.desk, "underwriter": Role.underwriter, "manager": Role.manager}
        return {f"{name}-{self.label}": role for name, role in roles.items()}


WINDOWS: Final = (
    Window("on a desk", "101", (*LIVE_TASKS, *PLAIN_TASKS)),
    Window("without JavaScript", "202", PLAIN_TASKS, script=False),
    Window("on a phone", "303", ON_A_PHONE, width=320),
)
EVERY_TASK: Final = [
    pytest.param(window, task, id=f"{window.name}: {(task.__doc__ or '').rstrip('.')}")
    for window in WINDOWS
    for task in window.tasks
]


@pytest.fixture(scope="module")
def staff(world: World) -> Mapping[str, str]:
    """The passwords of those who work there."""
    return {
        name: asyncio.run(add_staff(world.system.mongo, name, secrets.token_urlsafe(15), role=role))
        for window in WINDOWS
        for name, role in window.colleagues.items()
    }


@pytest.fixture(scope="module")
def outcomes(world: World, staff: Mapping[str, str]) -> Outcomes:
    """What came of each task, once the whole day has passed."""
    with a_browser() as browser:
        return the_day_passes({one.name: a_day(world, browser, staff, one) for one in WINDOWS})


def a_day(world: World, browser: Browser, staff: Mapping[str, str], window: Window) -> Day:
    """The requests of the morning, and everybody logged in."""

    def somebody(name: str) -> Staff:
        context = browser.new_context(
            viewport={"width": window.width, "height": 900}, java_script_enabled=window.script, locale="ja-JP"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        who = Staff(page, world.system.dashboard_url, name, staff[name])
        who.log_in()
        return who

    with ThreadPoolExecutor(4) as senders:
        quoted = senders.map(lambda _: world.submit(a_quote()), range(18))
        referred = senders.map(lambda _: world.submit(a_referral()), range(5))
        postal = senders.map(lambda _: world.submit(brochure_only(brochure="post")), range(1))
    clerk, underwriter, manager = (somebody(name) for name in window.colleagues)
    day = Day(world, clerk, underwriter, manager, window.label, [*quoted], [*referred], [*postal])
    _until_answered(world, [*day.quoted, *day.referred])
    return day


def _until_answered(world: World, requests: Sequence[Accepted]) -> None:
    wanted = {"request_id": {"$in": [request.request_id for request in requests]}}
    sent = {**wanted, "event.kind": {"$in": ["quote", "referral"]}}
    with world.mongo() as client:
        letters = client["mitsumori_dashboard"]["letters"]
        until(lambda: letters.count_documents(sent) >= len(requests) or None)


def the_day_passes(days: Mapping[str, Day]) -> Outcomes:
    """Do all that there is to do, then look at what only shows later."""
    outcomes: dict[tuple[str, Task], Outcome] = {}
    begun = [(window.name, task, task(days[window.name])) for window in WINDOWS for task in window.tasks]
    for step in (next, lambda rest: next(rest, None)):
        for name, task, steps in begun:
            if outcomes.get((name, task)) is None:
                outcomes[name, task] = _came_of(step, steps)
    return outcomes


def _came_of(step: Callable[[Iterator[None]], object], steps: Iterator[None]) -> Outcome:
    try:
        step(steps)
    except Exception as error:  # noqa: BLE001  # each task is told of by its own test
        return error
    return None


@pytest.mark.parametrize(("window", "task"), EVERY_TASK)
def test_the_desk_does_its_work(outcomes: Outcomes, window: Window, task: Task) -> None:
    error = outcomes[window.name, task]
    if error is not None:
        raise error
