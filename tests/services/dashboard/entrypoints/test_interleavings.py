"""Two people on one case, in random order, while sessions end and processes start anew: nothing shown as saved is lost.

Whoever types adds a mark that nobody else uses, and nobody deletes anything, so a mark that was acknowledged must be
found at the end: in a field, beside it, or in what was done. After each step the case is compared with what it was: its
numbers only grow, it is told apart from what pages showed before, its summary is of now, and nothing was sent that
somebody had ended or stopped. At the end it can still be decided on.
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
from services.dashboard.adapters.mongo import MongoCases
from services.dashboard.adapters.mongo_decisions import MongoDecisions
from services.dashboard.adapters.mongo_note_drafts import MongoNoteDrafts
from services.dashboard.adapters.mongo_summaries import MongoSummaries
from services.dashboard.domain.case import Case
from services.dashboard.domain.listing import Selection, Viewer
from services.dashboard.domain.summary import summary_of
from services.dashboard.domain.timeline import TimelineEntry
from services.dashboard.ports.cases import Cases, Summaries, Window
from services.dashboard.usecases.log_in import SESSION_IDLE
from services.dashboard.usecases.open_case import OpenCase
from shared.runtime.adapters.mongo import Database
from tests.services.dashboard.builders import NOON, OPENER, REQUEST, SEALER, a_contact, a_note, a_request, an_offer
from tests.services.dashboard.fakes import (
    AWAITS_RELEASE,
    FROM_OWN_PAGE,
    ORIGIN,
    PASSWORD,
    InMemoryDashboard,
    InMemorySummaries,
    log_in,
    summarising,
)

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
FORMS: Final = ("note", "contact")
FIELDS: Final = {
    "note": {},
    "contact": {"outcome": "reached"},
    "close": {"outcome": "finished"},
    "take": {"kind": "assign"},
    "reopen": {},
    "address": {"email": "right@canary.example.jp"},
}
ACTS: Final = (
    *("write note",) * 7,  # typed, and saved when the typing stops
    *("type note", "write contact", "save note", "leave", "back", "open"),
    *("send note", "send note", "send contact", "take", "take", "close", "reopen", "kept"),
    *("release", "release", "release", "takeback", "takeback", "address", "notes", "notes", "contacts"),
    *("logout", "login", "login", "end", "wait", "restart"),
)
MANY: Final = 4
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
    text: str = ""


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
    summaries: Summaries = field(default_factory=InMemorySummaries)
    shown: dict[int, tuple[TimelineEntry, ...]] = field(default_factory=dict)
    last: Case | None = None

    async def act(self, who: str, tab: int, act: str) -> None:
        await self.do(who, tab, act)
        await self.compare()

    async def compare(self) -> None:
        """What the case is now with what it was before this step."""
        case, last = await self.case(), self.last
        if case == last:
            return
        self.last = case
        await summarising(self.cases, self.summaries)([REQUEST])
        [summary] = await self.summaries.page(Selection(viewer=Viewer(account="desk", now=NOON)), Window(), 2)
        assert summary == summary_of(case, None, None, awaits_release=AWAITS_RELEASE(case)), (
            "the list shows what is over"
        )
        assert self.shown.setdefault(case.facts, case.timeline) == case.timeline, "nobody is told of the change"
        if last is None:
            return
        assert (case.facts, case.decisions) >= (last.facts, last.decisions), "what was decided is forgotten"
        assert case.decisions >= last.decisions
        assert last.work.assignee is None or case.work.assignee
        if len(case.releases) + bool(case.mails_released) > len(last.releases) + bool(last.mails_released):
            assert last.work.closed is None, "sent though the case was closed"

    async def do(self, who: str, tab: int, act: str) -> None:
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
            "notes": lambda _who, _tab: self.add_many(a_note),
            "contacts": lambda _who, _tab: self.add_many(a_contact),
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
            case "release":
                await self.release(who, tab, page)
            case "takeback":
                await self.take_back(who, tab, page)
            case _:
                await self.decide(who, tab, page, what)

    async def add_many(self, a_fact: Callable[..., Any]) -> None:
        """More than a page shows of one kind."""
        for _ in range(MANY):
            await self.dashboard.decisions.add(a_fact(minutes=1_000 + next(self.numbers)))

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
        return Page({form: self.field(form, page) for form in FORMS}, int(seen[1]), page)

    def field(self, form: str, page: str) -> Field:
        part = page[page.index(f'<details id="{ {"contact": "call"}.get(form, form) }"') :]
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

    async def release(self, who: str, tab: int, page: Page) -> None:
        for path in re.findall(r'action="(/cases/[^"]*/release(?:-mails)?)"', page.text):
            quote_id = "".join(re.findall(r'name="quote_id" value="(.*?)"', page.text))
            data = {"seen": str(page.seen), "quote_id": quote_id}
            await self.decided(who, tab, page, self.browsers[who].post(path, data=data, headers=FROM_OWN_PAGE))

    async def take_back(self, who: str, tab: int, page: Page) -> None:
        for decision_id in re.findall(r'name="decision_id" value="(.*?)"', page.text)[:1]:
            data = {"decision_id": decision_id}
            await self.browsers[who].post(f"{CASE}/take-back", data=data, headers=FROM_OWN_PAGE)
            await self.open(who, tab)

    async def decide(self, who: str, tab: int, page: Page, what: str) -> None:
        await self.decided(who, tab, page, self.work(who, page, what, to=who))

    async def decided(self, who: str, tab: int, page: Page, sending: Awaitable[Response]) -> None:
        before = await self.decisions()
        answer = await sending
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

    async def case(self) -> Case:
        case = await self.cases.find(REQUEST)
        assert isinstance(case, Case)
        return case

    async def decisions(self) -> int:
        return (await self.case()).decisions

    async def decides_at_the_end(self, who: str) -> None:
        """Whoever has seen everything may go on."""
        await log_in(self.browsers[who], who)
        await self.open(who, 0)
        answer = await self.work(who, self.pages[who, 0], "reopen" if (await self.case()).work.closed else "close")
        assert answer.status_code == 303, "no decision is taken any more"

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


async def play(
    dashboard: InMemoryDashboard, steps: list[tuple[str, int, str]], summaries: Summaries | None = None
) -> None:
    dashboard.accounts.hashes["taro"] = f"plain:{PASSWORD}"
    cases = dashboard.stored or dashboard.cases
    for fact in (a_request(product="by-desk", suspicions=("honeypot",)), an_offer()):
        await cases.add(fact)
    process = Now(dashboard)
    async with (
        AsyncClient(transport=process, base_url=ORIGIN) as one,
        AsyncClient(transport=process, base_url=ORIGIN) as two,
    ):
        story = Story(dashboard, cases, {"desk": one, "taro": two}, process)
        story.summaries = summaries or story.summaries
        await story.compare()
        for who in story.browsers:
            await log_in(story.browsers[who], who)
        with capture_logs():  # A thousand stories are half a million lines.
            for step in steps:
                await story.act(*step)
            await story.decides_at_the_end("taro")
        done = await story.done()
        for who, acknowledged in story.acknowledged.items():
            assert acknowledged <= done | await story.shown_at_the_end(who)


SENT_AGAIN: Final = [
    ("desk", 0, "open"),
    ("taro", 0, "release"),
    ("taro", 0, "takeback"),
    ("desk", 0, "release"),
]
"""What somebody took back is sent by a page from before."""
CLOSED: Final = [("desk", 0, "open"), ("taro", 0, "close"), ("desk", 0, "release")]
MANY_NOTES: Final = [("desk", 0, act) for act in ("take", "address", "close", "notes", "notes")]
"""More than are shown, of a case on which everything was decided."""
STANDING: Final = [("desk", 0, act) for act in ("address", "takeback", "notes", "contacts", "send contact")]
"""What was taken back is older than all that is shown."""
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
@example(steps=SENT_AGAIN)
@example(steps=CLOSED)
@example(steps=MANY_NOTES)
@example(steps=STANDING)
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
@example(steps=SENT_AGAIN)
@example(steps=CLOSED)
@example(steps=MANY_NOTES)
@example(steps=STANDING)
@given(steps=STEPS)
async def test_so_it_is_on_a_real_mongo(database: Database, steps: list[tuple[str, int, str]]) -> None:
    for name in ("requests", "quotes", "decisions", "note_drafts", "cases"):
        await database[name].delete_many({})
    drafts, decisions = (
        MongoNoteDrafts(database, DeskBox(SEALER, OPENER)),
        MongoDecisions(database, lambda _event: None),
    )
    await decisions.prepare()

    await play(
        InMemoryDashboard(stored=MongoCases(database, most=MANY), stored_decisions=decisions, note_drafts=drafts),
        steps,
        MongoSummaries(database),
    )
