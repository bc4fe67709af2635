"""The same work on every case of a list: shown first, then done case by case, and nobody's decision is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.bulk import BulkRun
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.new_work import Assign
from services.dashboard.domain.roles import Role
from services.dashboard.ports.cases import Added
from services.dashboard.usecases.work_on_many import LEASE
from shared.errors import Unavailable
from shared.events import BrochurePosted, CaseAssigned, CaseClosed
from shared.products.desk import TAKE_BACK
from tests.services.dashboard.builders import CONTACT, NOON, a_closing, a_request, an_assignment
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard, InMemoryDecisions, text

pytestmark = pytest.mark.anyio


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts or [a_request(f"case-{number:03}", brochure="post") for number in range(25)]:
        await dashboard.cases.add(fact)
    return dashboard


async def propose(browser: AsyncClient, address: str = "/", **fields: str) -> Response:
    return await browser.post("/bulk", data={"address": address, **fields}, headers=FROM_OWN_PAGE)


async def carry_out(dashboard: InMemoryDashboard, browser: AsyncClient, page: str) -> str:
    await browser.post(page, headers=FROM_OWN_PAGE)
    assert dashboard.bulk
    await dashboard.bulk.finished()
    return text(await browser.get(page))


def kept(dashboard: InMemoryDashboard, kind: type[Fact]) -> Sequence[Fact]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, kind)]


async def test_it_is_said_how_many_cases_it_is_about_before_anything_is_done() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        proposed = await propose(browser, kind="assign", to="desk")
        page = text(await browser.get(proposed.headers["location"]))

    assert "25件 のご依頼について「対応者を desk にする」を実行します" in page
    assert page.count(CONTACT["company"]) == 20
    assert ("listed-cases", "desk", None) in dashboard.audit.acts
    assert kept(dashboard, CaseAssigned) == []


@pytest.mark.parametrize(
    ("fields", "kind", "words"),
    [
        pytest.param({"kind": "assign", "to": "desk"}, CaseAssigned, "対応者を desk にする", id="assign"),
        pytest.param({"kind": "post"}, BrochurePosted, "資料を郵送済みにする", id="posted"),
        pytest.param({"kind": "close", "outcome": "finished"}, CaseClosed, "対応を終える（対応済）", id="close"),
    ],
)
async def test_it_is_done_to_every_case_as_if_on_its_page(fields: dict[str, str], kind: type[Fact], words: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        run = (await propose(browser, **fields)).headers["location"]
        page = await carry_out(dashboard, browser, run)

    assert len(kept(dashboard, kind)) == 25
    assert "25件のうち 25件 を確認し、 25件 に実行しました" in page
    assert words in page
    assert [act for act, _, _ in dashboard.audit.acts].count("worked-on-case") == 25
    assert ("worked-on-many", "desk", run.rpartition("/")[2]) in dashboard.audit.abouts


async def test_only_the_cases_of_the_list_are_meant() -> None:
    dashboard = await a_desk(a_request("posted", brochure="post"), a_request("mailed"))

    async with dashboard.browser() as browser:
        run = (await propose(browser, "/?brochure=post", kind="close", outcome="finished")).headers["location"]
        await dashboard.cases.add(a_request("later", brochure="post"))
        await carry_out(dashboard, browser, run)

    assert [fact.request_id for fact in kept(dashboard, CaseClosed)] == ["posted"]


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        pytest.param({"kind": "post"}, "郵送済みの記録は、あとから取り消せません", id="posted"),
        pytest.param({"kind": "assign", "to": "desk"}, "まとめて元に戻すことはできません", id="assign"),
        pytest.param({"kind": "close", "outcome": "finished"}, "まとめて元に戻すことはできません", id="close"),
    ],
)
async def test_before_it_is_done_it_is_said_how_it_is_undone(fields: dict[str, str], warning: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = text(await browser.get((await propose(browser, **fields)).headers["location"]))

    warnings = ("郵送済みの記録は、あとから取り消せません", "まとめて元に戻すことはできません")
    assert [one for one in warnings if one in page] == [warning]


async def test_what_was_left_alone_is_named_as_people_name_it_and_who_reads_it_is_recorded() -> None:
    """It was a list of ids that stand on no other page and no letter."""
    dashboard = await a_desk(a_request("theirs", reception_no="THEIRS22"))

    async with dashboard.browser() as browser:
        run = (await propose(browser, kind="assign", to="desk")).headers["location"]
        await dashboard.cases.add(a_closing("theirs"))
        page = await carry_out(dashboard, browser, run)

    assert f"THEIRS22 {CONTACT['company']}" in page.partition("実行しなかったご依頼")[2]
    assert dashboard.audit.acts.count(("listed-cases", "desk", None)) == 1


async def test_a_case_that_somebody_decided_on_meanwhile_is_left_alone_and_counted() -> None:
    dashboard = await a_desk(a_request("mine"), a_request("theirs"), a_request("closed"), a_closing("closed"))

    async with dashboard.browser() as browser:
        run = (await propose(browser, kind="assign", to="desk")).headers["location"]
        await dashboard.cases.add(a_closing("theirs"))
        page = await carry_out(dashboard, browser, run)

    assert [fact.request_id for fact in kept(dashboard, CaseAssigned)] == ["mine"]
    assert "3件のうち 3件 を確認し、 1件 に実行しました" in page
    assert "確認のあとに処理されたため、実行していません。 1件" in page
    assert "このご依頼の対応は終わっています" in page


class Interrupts(InMemoryDecisions):
    """After three decisions something happens elsewhere."""

    then: Callable[[], Awaitable[None]]
    made = 0

    async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
        self.made += 1
        if self.made == 3:
            await self.then()
        return await super().add(decision, after=after, held_for=held_for)


@pytest.mark.parametrize("what", ["disabled", "removed", "demoted"])
async def test_it_ends_when_its_owner_may_not_do_such_work_any_more(what: str) -> None:
    """It went on for thousands of cases after the account had been disabled."""
    dashboard = await a_desk()
    dashboard.accounts.hashes["boss"] = dashboard.accounts.hashes["desk"]
    decisions = Interrupts(dashboard.cases)
    acts = {
        "disabled": lambda: dashboard.accounts.disable("desk", dashboard.time),
        "removed": lambda: dashboard.accounts.remove("desk", dashboard.time),
        "demoted": lambda: dashboard.accounts.set_role("desk", Role.viewer),
    }
    decisions.then = acts[what]
    dashboard.__dict__["decisions"] = decisions

    async with dashboard.browser() as browser:
        page = (await propose(browser, kind="assign", to="desk")).headers["location"]
        await carry_out(dashboard, browser, page)
        dashboard.accounts.removed.clear()
        await dashboard.accounts.set_password("desk", f"plain:{PASSWORD}")
        await dashboard.accounts.enable("desk")
        await dashboard.accounts.set_role("desk", Role.desk)
        again = await carry_out(dashboard, browser, page)

    assert len(kept(dashboard, CaseAssigned)) == 3
    assert "中止しました" in again
    assert "25件のうち 3件 を確認し、 3件 に実行しました" in again
    assert "続きを実行する" not in again
    assert ("stopped-many", "desk", page.rpartition("/")[2]) in dashboard.audit.abouts


@pytest.mark.parametrize("address", ["/?" + "&".join(["state=referred"] * 201), "http://[", "/?q=" + "&a=" * 300])
async def test_an_address_that_cannot_be_read_is_not_the_list_of_all_cases(address: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        proposed = await propose(browser, address, kind="assign", to="desk")

    assert (proposed.status_code, dashboard.bulk_runs.runs) == (409, {})


async def test_who_proposed_what_is_recorded_though_nothing_was_done() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = (await propose(browser, kind="assign", to="desk")).headers["location"]

    assert ("proposed-many", "desk", page.rpartition("/")[2]) in dashboard.audit.abouts


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"kind": "note", "text": "x"}, id="a note"),
        pytest.param({"kind": "unknown"}, id="another form"),
        pytest.param({}, id="nothing"),
    ],
)
async def test_what_belongs_on_the_page_of_a_case_is_not_done_to_many(fields: dict[str, str]) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        assert (await propose(browser, **fields)).status_code == 409

    assert dashboard.bulk_runs.runs == {}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"kind": "assign", "to": ""}, "対応者を選択してください", id="nobody"),
        pytest.param({"kind": "close", "outcome": ""}, "結果を選択してください", id="no outcome"),
        pytest.param({"kind": "close", "outcome": "not-taken-up"}, "結果に合う理由", id="without its reason"),
        pytest.param(
            {"kind": "close", "outcome": "declined", "reason": "not-taken-up:price"}, "結果に合う理由", id="another's"
        ),
        pytest.param({"kind": "close", "outcome": "duplicate"}, "結果に合う理由", id="a duplicate"),
        pytest.param({"kind": "close", "outcome": "finished", "text": "x"}, "結果に合う理由", id="with a text"),
    ],
)
async def test_what_was_not_chosen_is_asked_for_and_what_was_stays(fields: dict[str, str], words: str) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        page = await propose(browser, **fields)

    assert page.status_code == 422
    assert words in text(page)
    assert "<title>エラー：" in page.text
    if fields.get("outcome", "duplicate") not in {"", "duplicate"}:
        assert f'value="{fields["outcome"]}" selected' in page.text
    assert dashboard.bulk_runs.runs == {}


async def test_nothing_is_chosen_until_somebody_chooses_and_people_are_chosen_from_a_list() -> None:
    dashboard = await a_desk()
    dashboard.accounts.hashes["hanako"] = "plain:x"

    async with dashboard.browser() as browser:
        page = (await browser.get("/bulk")).text

    assert "selected" not in page
    assert page.count('required><option value="">選択してください</option>') == 2
    assert '<option value="hanako">hanako</option>' in page


async def test_taking_everybody_off_is_a_choice_of_its_own() -> None:
    dashboard = await a_desk(a_request("one"), an_assignment("one", "desk"))

    async with dashboard.browser() as browser:
        run = (await propose(browser, kind="assign", unassign="1")).headers["location"]
        page = await carry_out(dashboard, browser, run)

    assert "対応者を外す" in page
    assert [fact.assignee for fact in kept(dashboard, CaseAssigned) if isinstance(fact, CaseAssigned)] == ["desk", None]


async def test_without_a_case_there_is_nothing_to_do() -> None:
    async with InMemoryDashboard().browser() as browser:
        page, proposed = text(await browser.get("/bulk")), await propose(browser, kind="post")

    assert "対象のご依頼がありません" in page
    assert proposed.status_code == 409


async def test_a_run_is_nobody_elses() -> None:
    dashboard = await a_desk()
    run = BulkRun(id="theirs", account="boss", work=Assign("boss"), planned=())
    await dashboard.bulk_runs.add(run, NOON)

    async with dashboard.browser() as browser:
        shown = await browser.get("/bulk/theirs")
        begun = await browser.post("/bulk/theirs", headers=FROM_OWN_PAGE)

    assert (shown.status_code, begun.status_code) == (404, 404)


async def test_begun_twice_it_is_done_once() -> None:
    gate = asyncio.Event()

    class Waits(InMemoryDecisions):
        async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
            await gate.wait()
            return await super().add(decision, after=after, held_for=held_for)

    dashboard = await a_desk()
    dashboard.__dict__["decisions"] = Waits(dashboard.cases)

    async with dashboard.browser() as browser:
        run = (await propose(browser, kind="assign", to="desk")).headers["location"]
        for _ in range(2):
            await browser.post(run, headers=FROM_OWN_PAGE)
        running = text(await browser.get(run))
        gate.set()
        page = await carry_out(dashboard, browser, run)

    assert "実行しています" in running
    assert len(kept(dashboard, CaseAssigned)) == 25
    assert "25件のうち 25件 を確認し、 25件 に実行しました" in page


async def test_what_was_cut_short_goes_on_where_it_stopped() -> None:
    class AwayAfter(InMemoryDecisions):
        """The database goes away after some decisions."""

        left = 10

        async def add(self, decision: Decided, *, after: int | None = None, held_for: timedelta = TAKE_BACK) -> Added:
            if self.left == 0:
                raise Unavailable("mongo")
            self.left -= 1
            return await super().add(decision, after=after, held_for=held_for)

    dashboard = await a_desk()
    away = AwayAfter(dashboard.cases)
    dashboard.__dict__["decisions"] = away

    async with dashboard.browser() as browser:
        run = (await propose(browser, kind="assign", to="desk")).headers["location"]
        first = await carry_out(dashboard, browser, run)
        dashboard.time += LEASE + timedelta(seconds=1)
        stopped = text(await browser.get(run))
        away.left = 100
        last = await carry_out(dashboard, browser, run)

    assert "25件のうち 10件 を確認し、 10件 に実行しました" in first
    assert "途中で止まっています" in stopped
    assert "25件のうち 25件 を確認し、 25件 に実行しました" in last
    assert dashboard.time > NOON
