"""Two people on one case, in random order, while sessions end and processes start anew: nothing shown as saved is lost.

Whoever types adds a mark that nobody else uses, and nobody deletes anything, so a mark that was acknowledged must be
found at the end: in a field, beside it, or in what was done.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html import unescape
from itertools import count
from typing import Any, Final

import pytest
from httpx import ASGITransport, AsyncBaseTransport, AsyncClient, Request, Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from services.dashboard.adapters.desk_box import DeskBox
from services.dashboard.adapters.mongo import MongoCases, MongoDecisions
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.domain.case import Case
from services.dashboard.ports.cases import Cases
from services.dashboard.usecases.log_in import SESSION_IDLE
from services.dashboard.usecases.open_case import OpenCase
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import OPENER, REQUEST, SEALER, a_request
from tests.services.dashboard.fakes import FROM_OWN_PAGE, ORIGIN, PASSWORD, InMemoryDashboard, log_in

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
FORMS: Final = ("note", "contact")
FIELDS: Final = {
    "note": {},
    "contact": {"outcome": "reached"},
    "close": {"outcome": "finished"},
    "take": {"kind": "assign"},
    "reopen": {},
}
ACTS: Final = (
    *("write note",) * 7,  # typed, and saved when the typing stops
    *("type note", "write contact", "save note", "leave", "back", "open"),
    *("send note", "send note", "send contact", "take", "take", "close", "reopen", "kept"),
    *("logout", "login", "login", "end", "wait", "restart"),
)
STEP: Final = st.tuples(st.sampled_from(("desk", "taro")), st.integers(0, 1), st.sampled_from(ACTS))


class Now(AsyncBaseTransport):
    """The process that answers now; a restart puts another in its place."""

    def __init__(self, dashboard: InMemoryDashboard) -> None:
        self._dashboard = dashboard
        self.restart()

    def restart(self) -> None:
        self._answering = ASGITransport(self._dashboard.app(), raise_app_exceptions=False)

    async def handle_async_request(self, request: Request) -> Response:
        return await self._answering.handle_async_request(request)


@dataclass
class Field:
    """One text on a page, with what its script keeps (static/case.js)."""

    text: str
    source: str
    others: list[str]
    tab: str
    number: int = 0


@dataclass
class Page:
    """What a tab shows."""

    fields: dict[str, Field]
    seen: int


@dataclass
class Story:
    """Everything that happens, and what was acknowledged."""

    dashboard: InMemoryDashboard
    cases: Cases
    browsers: dict[str, AsyncClient]
    process: Now
    pages: dict[tuple[str, int], Page] = field(default_factory=dict)
    left: dict[tuple[str, int], Page] = field(default_factory=dict)
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: {"desk": set(), "taro": set()})
    numbers: "count[int]" = field(default_factory=count)

    async def act(self, who: str, tab: int, act: str) -> None:
        what, _, form = act.partition(" ")
        if what in self.of_people:
            await self.of_people[what](who, tab)
            return
        if (who, tab) not in self.pages:
            await self.open(who, tab)
        if page := self.pages.get((who, tab)):
            await self.on_page(who, tab, page, what, form)

    @property
    def of_people(self) -> dict[str, Callable[[str, int], Awaitable[object]]]:
        """What needs no page."""
        return {
            "open": self.open,
            "back": self.back,
            "login": lambda who, _tab: log_in(self.browsers[who], who),
            "logout": lambda who, _tab: self.browsers[who].post("/logout", headers=FROM_OWN_PAGE),
            "end": lambda who, _tab: self.dashboard.sessions.end_all(who, self.dashboard.time),
            "wait": self.wait,
            "restart": self.restart,
            "kept": lambda who, _tab: self.send_kept(self.browsers[who]),
        }

    async def on_page(self, who: str, tab: int, page: Page, what: str, form: str) -> None:
        match what:
            case "type" | "write":
                page.fields[form].text += f"〈{next(self.numbers)}〉"
                if what == "write":
                    await self.save(who, page, form, "PUT")
            case "save":
                await self.save(who, page, form, "PUT")
            case "leave":
                for each in FORMS:
                    await self.save(who, page, each, "POST")
                self.left[who, tab] = self.pages.pop((who, tab))
            case "send":
                await self.send(who, tab, page, form)
            case _:
                await self.decide(who, tab, page, what)

    async def back(self, who: str, tab: int) -> None:
        """The browser shows a page again that was left, as it was."""
        if (who, tab) in self.left:
            self.pages[who, tab] = self.left[who, tab]

    async def wait(self, _who: str, _tab: int) -> None:
        self.dashboard.time += SESSION_IDLE / 3

    async def restart(self, _who: str, _tab: int) -> None:
        self.process.restart()

    async def open(self, who: str, tab: int) -> None:
        answer = await self.browsers[who].get(CASE)
        if answer.status_code == 200:
            self.pages[who, tab] = self.read(answer.text)

    def read(self, page: str) -> Page:
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen
        return Page({form: self.field(form, page) for form in FORMS}, int(seen[1]))

    def field(self, form: str, page: str) -> Field:
        part = page[page.index(f'<details id="{form}"') :]
        part = part[: part.index("</details>")]
        text, source = (
            re.search(r"<textarea[^>]*>(.*?)</textarea>", part, re.DOTALL),
            re.search(r'draft_source" value="(.*?)"', part),
        )
        assert text
        assert source
        others = re.findall(r'records__text">(.*?)</p>', part, re.DOTALL)
        return Field(unescape(text[1]), source[1], list(map(unescape, others)), f"{next(self.numbers):032x}")

    async def save(self, who: str, page: Page, form: str, method: str) -> None:
        one = page.fields[form]
        one.number += 1
        data = {"form": form, "tab": one.tab, "number": str(one.number), "text": one.text, "draft_source": one.source}
        answer = await self.browsers[who].request(method, f"{CASE}/draft", data=data, headers=FROM_OWN_PAGE)
        assert answer.status_code in {200, 401, 409}
        if answer.status_code == 200:
            self.acknowledged[who] |= marks(one.text)
        if answer.status_code == 409:
            one.tab = f"{next(self.numbers):032x}"

    async def send(self, who: str, tab: int, page: Page, form: str) -> None:
        one = page.fields[form]
        one.number += 1
        draft = {"draft_source": one.source, "draft_tab": one.tab, "draft_number": str(one.number)}
        answer = await self.work(who, page, form, text=one.text, **draft)
        if answer.status_code == 422:
            self.pages[who, tab] = self.read(answer.text)
        elif answer.headers["location"].startswith(CASE):
            self.acknowledged[who] |= marks(one.text)
            self.left[who, tab] = page
            await self.open(who, tab)

    async def decide(self, who: str, tab: int, page: Page, what: str) -> None:
        before = await self.decisions()
        answer = await self.work(who, page, what, to=who)
        after = await self.decisions()
        if after > before:
            assert page.seen == before, "decided without having seen what others had decided"
        if answer.status_code in {409, 422}:
            assert after == before
            self.pages[who, tab] = self.read(answer.text)
        elif answer.headers["location"].startswith(CASE):
            await self.open(who, tab)

    async def work(self, who: str, page: Page, what: str, **fields: str) -> Response:
        data = {"kind": what, "seen": str(page.seen), **FIELDS[what], **fields}
        return await self.browsers[who].post(f"{CASE}/work", data=data, headers=FROM_OWN_PAGE)

    async def send_kept(self, browser: AsyncClient) -> None:
        shown = await browser.get("/kept")
        found = re.search(r'action="(/kept/[0-9a-f]+)">(.*?)</form>', shown.text, re.DOTALL)
        if found:
            fields = dict(re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', found[2], re.DOTALL))
            data = {name: unescape(value) for name, value in fields.items()}
            again = await browser.post(found[1], data=data, headers=FROM_OWN_PAGE)
            assert again.status_code == 307
            await browser.post(again.headers["location"], data=data, headers=FROM_OWN_PAGE)

    async def decisions(self) -> int:
        case = await self.cases.find(REQUEST)
        assert isinstance(case, Case)
        return case.decisions

    async def shown_at_the_end(self, who: str) -> set[str]:
        await log_in(self.browsers[who], who)
        await self.open(who, 0)
        page = self.pages[who, 0]
        return marks(" ".join(text for one in page.fields.values() for text in (one.text, *one.others)))

    async def done(self) -> set[str]:
        opened = await OpenCase(cases=self.cases, opener=OPENER, audit=self.dashboard.audit, now=self.dashboard.now)(
            REQUEST, "desk"
        )
        texts: Any = getattr(opened, "texts", {})
        return marks(" ".join(text.text for text in texts.values()))


def marks(text: str) -> set[str]:
    return set(re.findall(r"〈\d+〉", text))


async def play(dashboard: InMemoryDashboard, steps: list[tuple[str, int, str]]) -> None:
    dashboard.accounts.hashes["taro"] = f"plain:{PASSWORD}"
    cases = dashboard.stored or dashboard.cases
    await cases.add(a_request())
    process = Now(dashboard)
    async with (
        AsyncClient(transport=process, base_url=ORIGIN) as one,
        AsyncClient(transport=process, base_url=ORIGIN) as two,
    ):
        story = Story(dashboard, cases, {"desk": one, "taro": two}, process)
        for who in story.browsers:
            await log_in(story.browsers[who], who)
        with capture_logs():  # A thousand stories are half a million lines.
            for step in steps:
                await story.act(*step)
        done = await story.done()
        for who, acknowledged in story.acknowledged.items():
            assert acknowledged <= done | await story.shown_at_the_end(who)


UNSEEN: Final = [("desk", 0, "write note"), ("desk", 1, "open"), ("desk", 0, "write note"), ("desk", 1, "write note")]
"""Typed over a text that its own tab has gone on with since."""
IDLE: Final = ("wait",) * 4
GONE_ON: Final = [("desk", 0, act) for act in ("write note", *IDLE, "send note", "login", "write note", "kept")]
"""What was sent without a session is sent again when its tab has gone on."""
BACK: Final = [
    ("desk", 0, act) for act in ("write note", "leave", "back", "send note", "back", "write note", "write note")
]
"""A page that was sent is shown again by the browser, and typed into."""
STEPS: Final = st.lists(STEP, min_size=4, max_size=12)


@settings(max_examples=1_000, derandomize=True, deadline=None, database=None)
@example(steps=UNSEEN)
@example(steps=GONE_ON)
@example(steps=BACK)
@given(steps=STEPS)
async def test_two_people_on_one_case_lose_no_text_that_was_saved_and_decide_nothing_unseen(
    steps: list[tuple[str, int, str]],
) -> None:
    await play(InMemoryDashboard(), steps)


@settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(steps=UNSEEN)
@example(steps=GONE_ON)
@example(steps=BACK)
@given(steps=STEPS)
async def test_so_it_is_on_a_real_mongo(database: Database, steps: list[tuple[str, int, str]]) -> None:
    for name in ("requests", "decisions", "note_drafts"):
        await database[name].delete_many({})
    drafts, decisions = (
        MongoNoteDrafts(database, DeskBox(SEALER, OPENER)),
        MongoDecisions(database, lambda _event: None),
    )
    await decisions.prepare()

    await play(
        InMemoryDashboard(stored=MongoCases(database), stored_decisions=decisions, note_drafts=drafts),
        steps,
    )
