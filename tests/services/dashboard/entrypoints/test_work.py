"""What staff do on the page of a case: it is kept at once, and nothing that was typed is lost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.case import Case
from services.dashboard.domain.facts import Decided, Fact
from services.dashboard.domain.roles import Role
from services.dashboard.entrypoints.web.work_wording import PROBLEMS
from services.dashboard.ports.audit import Act
from shared.events import BrochurePosted, CaseAssigned, CaseClosed, CaseReopened, CustomerContacted, NoteAdded
from tests.services.dashboard.builders import (
    NOON,
    REQUEST,
    a_closing,
    a_contact,
    a_letter_sent,
    a_note,
    a_referral,
    a_request,
    an_assignment,
    an_offer,
)
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryAudit, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE = f"/cases/{REQUEST}"
NOTE = "カナリア様より電話。\n折り返し希望、午後三時まで。"


async def a_desk(*facts: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in facts or (a_request(brochure="post"),):
        await dashboard.cases.add(fact)
    return dashboard


async def work(browser: AsyncClient, kind: str, seen: int | None = None, /, **fields: str) -> Response:
    """As the page would: it says how many decisions it shows."""
    if seen is None:
        [shown] = set(re.findall(r'name="seen" value="(\d+)"', (await browser.get(CASE)).text))
        seen = int(shown)
    data = {"kind": kind, "seen": str(seen), **fields}
    return await browser.post(f"{CASE}/work", data=data, headers=FROM_OWN_PAGE)


def kept(dashboard: InMemoryDashboard, kind: type[Any]) -> list[Any]:
    return [fact for fact in dashboard.cases.facts.values() if isinstance(fact, kind)]


async def test_staff_take_a_case_and_give_it_away() -> None:
    dashboard = await a_desk()
    await dashboard.accounts.add("taro", "plain:x", dashboard.time)

    async with dashboard.browser() as browser:
        taken = await work(browser, "assign", to="desk")
        given = await work(browser, "assign", to="Taro ")
        dropped = await work(browser, "assign", to="")
        page = text(await browser.get(CASE))

    assert {response.status_code for response in (taken, given, dropped)} == {303}
    assert [fact.assignee for fact in kept(dashboard, CaseAssigned)] == ["desk", "taro", None]
    assert "対応者： まだ決まっていません" in page
    assert "desk が対応者を taro にしました" in page


async def test_a_note_is_kept_as_it_was_typed_and_only_sealed() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "note", text=NOTE)
        page = await browser.get(CASE)

    [note] = kept(dashboard, NoteAdded)
    assert NOTE in page.text
    assert "カナリア" not in note.to_json().decode()
    assert note.decided_by == "desk"


async def test_a_contact_ends_the_wait_for_a_first_call() -> None:
    dashboard = await a_desk(a_request(), an_offer())

    async with dashboard.browser() as browser:
        before = text(await browser.get("/?tab=unanswered"))
        await work(browser, "contact", outcome="reached", text="ご検討中")
        after = text(await browser.get("/?tab=unanswered"))
        page = text(await browser.get(CASE))

    assert ("K7M2P4XR" in before, "K7M2P4XR" in after) == (True, False)
    assert "desk：連絡がついた ご検討中" in page
    assert "お客さまの検討状況を確認し" in page


async def test_a_time_to_call_again_is_one_of_japan() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "contact", outcome="reached", again_at="2026-11-24T09:30")
        page = text(await browser.get(CASE))

    [contact] = kept(dashboard, CustomerContacted)
    assert contact.call_again_at.isoformat() == "2026-11-24T09:30:00+09:00"
    assert "（ 11月24日 09:30 ）" in page


async def test_a_time_out_of_hours_is_kept_and_said_to_be_one() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        form = text(await browser.get(CASE))
        await work(browser, "contact", outcome="reached", again_at="2026-11-24T20:00")
        page = text(await browser.get(CASE))

    assert "窓口の営業時間は 月〜金 9:00〜12:00・13:00〜17:00 です" in form
    assert "（ 11月24日 20:00 、営業時間外です）" in page


async def test_what_an_older_page_sends_is_understood() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        refused = await work(browser, "contact", outcome="call-again")
        done = await work(browser, "contact", outcome="call-again", again_at="2026-11-24T09:30")

    assert PROBLEMS["no-moment"] in text(refused)
    assert done.status_code == 303


async def test_who_was_not_reached_is_to_be_called_again() -> None:
    dashboard = await a_desk(a_request(), an_offer(), a_letter_sent("quote"))

    async with dashboard.browser() as browser:
        await work(browser, "contact", outcome="no-answer")
        page = text(await browser.get(CASE))
        listed = text(await browser.get("/?tab=unanswered"))

    assert "まだ連絡がついていません。お客さまにもう一度電話でご連絡ください。" in page
    assert "期限 11月24日 14:00" in page
    assert "desk がお客さまに連絡しましたが、つながりませんでした" in page
    assert "お客さまの検討状況を確認し" not in page
    assert "K7M2P4XR" in listed


async def test_a_case_is_given_only_to_who_may_work_on_it() -> None:
    dashboard = await a_desk()
    for name, role in (("hanako", Role.desk), ("mika", Role.viewer), ("jiro", Role.desk)):
        await dashboard.accounts.add(name, "plain:x", dashboard.time, role)
    await dashboard.accounts.disable("jiro", dashboard.time)

    async with dashboard.browser() as browser:
        page = (await browser.get(CASE)).text
        refused = await work(browser, "assign", to="mika")

    choices = page.partition('<select id="assign-to"')[2].partition("</select>")[0]
    assert re.findall(r'value="(\w+)"', choices) == ["hanako"]
    assert refused.status_code == 422
    assert PROBLEMS["may-not-work"] in text(refused)
    assert kept(dashboard, CaseAssigned) == []


async def test_brochures_are_posted_once() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "post")
        again = await work(browser, "post")
        listed = text(await browser.get("/?tab=post"))

    assert again.status_code == 422
    assert PROBLEMS["nothing-to-post"] in text(again)
    assert len(kept(dashboard, BrochurePosted)) == 1
    assert "K7M2P4XR" not in listed


async def test_a_reason_that_was_left_over_from_another_outcome_is_not_kept() -> None:
    """Who had chosen 見送り first closed the case as handed over, because of its price."""
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "close", outcome="handed-over", reason="not-taken-up:price")

    [closed] = kept(dashboard, CaseClosed)
    assert (closed.outcome, closed.reason) == ("handed-over", "")


async def test_a_case_is_closed_with_a_reason_and_opened_again() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "close", outcome="not-taken-up", reason="not-taken-up:price", text="他社の半額")
        closed = text(await browser.get(CASE))
        await work(browser, "reopen")
        reopened = text(await browser.get(CASE))

    assert "desk が対応を終えました：見送り（保険料が合わない） 他社の半額" in closed
    assert "対応は終わっています。" in closed
    assert "自分が対応する" not in closed
    assert "自分が対応する" in reopened
    assert len(kept(dashboard, CaseReopened)) == 1


async def test_a_duplicate_names_the_other_case_by_its_reception_number() -> None:
    dashboard = await a_desk(a_request(), a_request("other", reception_no="ABC23456"))

    async with dashboard.browser() as browser:
        nowhere = await work(browser, "close", outcome="duplicate", same_as="ZZZ99999")
        itself = await work(browser, "close", outcome="duplicate", same_as="K7M2P4XR")
        done = await work(browser, "close", outcome="duplicate", same_as=" abc23456 ")

    assert (nowhere.status_code, itself.status_code, done.status_code) == (422, 422, 303)
    assert 'value="ZZZ99999"' in nowhere.text
    assert [fact.same_as for fact in kept(dashboard, CaseClosed)] == ["other"]


async def test_of_two_that_are_closed_for_each_other_at_one_moment_one_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check looks at one case, and the insert is in the other."""
    dashboard = await a_desk(a_request(), a_request("other", reception_no="ABC23456"))
    record = dashboard.audit.record
    for_this = a_closing("other", outcome="duplicate").model_copy(update={"same_as": REQUEST})

    async def meanwhile(act: Act, *about: Any, **more: Any) -> None:  # noqa: ANN401  # whatever is recorded
        if act == "worked-on-case":
            await dashboard.cases.add(for_this)
        await record(act, *about, **more)

    monkeypatch.setattr(dashboard.audit, "record", meanwhile)
    async with dashboard.browser() as browser:
        answer = await work(browser, "close", outcome="duplicate", same_as="ABC23456")

    case = await dashboard.cases.find(REQUEST)
    assert answer.status_code == 409
    assert isinstance(case, Case)
    assert case.work.closed is None


async def test_a_circle_is_opened_again_after_the_closing_also_when_the_clock_of_a_colleague_is_ahead() -> None:
    """Both were dated right after what the colleague decided: at one moment, where the ids say what came first."""
    ahead = an_assignment(minutes=0).model_copy(update={"decided_at": NOON + timedelta(seconds=30)})
    dashboard = await a_desk(a_request(), a_request("other", reception_no="ABC23456"), ahead)
    dashboard.time = NOON
    dashboard.ids = iter((9, 10))

    answer = await close_for_one_that_is_closed_for_it(dashboard)

    assert answer.status_code == 409
    assert await is_open(dashboard)


async def test_a_circle_is_opened_again_after_what_a_colleague_decides_first() -> None:
    """The reopening was not kept then, and nobody was told: both stayed closed."""
    dashboard = await a_desk(a_request(), a_request("other", reception_no="ABC23456"))

    answer = await close_for_one_that_is_closed_for_it(dashboard, an_assignment(minutes=13))

    assert answer.status_code == 409
    assert await is_open(dashboard)


async def close_for_one_that_is_closed_for_it(dashboard: InMemoryDashboard, *then: Decided) -> Response:
    """The other is closed for this case while it is closed for the other; each of *then* comes before a reopening."""
    for_this = a_closing("other", outcome="duplicate").model_copy(update={"same_as": REQUEST})
    meanwhile = iter((for_this, *then))

    class Between(InMemoryAudit):
        async def record(self, act: Act, *about: Any, **more: Any) -> None:  # noqa: ANN401  # whatever is recorded
            if act == "worked-on-case" and (fact := next(meanwhile, None)):
                is_of_this = fact.request_id == REQUEST
                await dashboard.decisions.add(fact, after=1 if is_of_this else 0)
            await super().record(act, *about, **more)

    dashboard.audit = Between()
    async with dashboard.browser() as browser:
        return await work(browser, "close", outcome="duplicate", same_as="ABC23456")


async def is_open(dashboard: InMemoryDashboard) -> bool:
    case = await dashboard.cases.find(REQUEST)
    return isinstance(case, Case) and case.work.closed is None


async def test_cases_do_not_name_each_other_as_the_one_that_goes_on() -> None:
    """A was closed as a duplicate of B and B as one of A: nobody worked on either. So it was with three of them."""
    numbers = {REQUEST: "K7M2P4XR", "b": "ABC23456", "c": "CDE34567"}
    dashboard = await a_desk(*(a_request(request_id, reception_no=no) for request_id, no in numbers.items()))

    async def duplicate(browser: AsyncClient, request_id: str, same_as: str, seen: int = 0) -> Response:
        data = {"kind": "close", "seen": str(seen), "outcome": "duplicate", "same_as": numbers[same_as]}
        return await browser.post(f"/cases/{request_id}/work", data=data, headers=FROM_OWN_PAGE)

    async with dashboard.browser() as browser:
        first = [await duplicate(browser, *pair) for pair in ((REQUEST, "b"), ("b", "c"))]
        circles = [await duplicate(browser, "c", other) for other in ("b", REQUEST)]
        await work(browser, "reopen")
        onwards = await duplicate(browser, "c", REQUEST)

    assert [one.status_code for one in (*first, *circles, onwards)] == [303, 303, 422, 422, 303]
    assert PROBLEMS["duplicate-too"] in text(circles[0])


@pytest.mark.parametrize(
    ("kind", "fields"), [("note", {"text": NOTE}), ("contact", {"outcome": "no-answer", "text": NOTE})]
)
async def test_two_clicks_are_one_note_and_what_is_sent_later_or_from_another_page_is_another(
    kind: str, fields: dict[str, str]
) -> None:
    dashboard = await a_desk()
    seconds = timedelta(seconds=1)

    async with dashboard.browser() as browser:
        pages = [re.findall(r'name="page" value="([0-9a-f]{32})"', (await browser.get(CASE)).text)[0] for _ in "12"]
        answers = [await work(browser, kind, 0, page=pages[0], **fields) for _ in "12"]
        dashboard.time += seconds
        answers.append(await work(browser, kind, 0, page=pages[0], **fields))
        once = len(dashboard.cases.facts) - 1
        answers.append(await work(browser, kind, 0, page=pages[0], **fields | {"text": "別の内容"}))
        answers.append(await work(browser, kind, 0, page=pages[1], **fields))
        dashboard.time += 60 * seconds
        answers.append(await work(browser, kind, 0, page=pages[0], **fields))
        answers += [await work(browser, kind, 0, **fields) for _ in "12"]

    assert {answer.status_code for answer in answers} == {303}
    assert pages[0] != pages[1]
    assert (once, len(dashboard.cases.facts) - 1) == (1, 6)


@pytest.mark.parametrize(
    ("kind", "fields", "problem"),
    [
        pytest.param("note", {"text": " \n "}, "no-text", id="an empty note"),
        pytest.param("note", {"text": "あ" * 4_001}, "long-text", id="a very long note"),
        pytest.param("contact", {"text": NOTE}, "no-outcome", id="a contact without its outcome"),
        pytest.param("contact", {"outcome": "nonsense"}, "no-outcome", id="an outcome that is not offered"),
        pytest.param(
            "contact", {"outcome": "reached", "again_at": "2026-11-23T12:09"}, "past-moment", id="in the past"
        ),
        pytest.param(
            "contact", {"outcome": "no-answer", "again_at": "2028-01-01T12:00"}, "far-moment", id="in another year"
        ),
        pytest.param(
            "contact", {"outcome": "reached", "again_at": "2026-11-24T09:00Z"}, "bad-moment", id="not of Japan"
        ),
        pytest.param("close", {}, "no-outcome", id="an end without its outcome"),
        pytest.param("close", {"outcome": "not-taken-up"}, "no-reason", id="without a reason"),
        pytest.param(
            "close", {"outcome": "declined", "reason": "not-taken-up:other"}, "no-reason", id="with another's reason"
        ),
        pytest.param("assign", {"to": "nonsense"}, "no-such-staff", id="an account that is not there"),
        pytest.param("reopen", {}, "open", id="open already"),
    ],
)
async def test_what_cannot_be_done_is_said_and_what_was_typed_stays(
    kind: str, fields: dict[str, str], problem: str
) -> None:
    dashboard = await a_desk()
    before = len(dashboard.cases.facts)

    async with dashboard.browser() as browser:
        refused = await work(browser, kind, **fields)

    assert refused.status_code == 422
    assert PROBLEMS[problem] in text(refused)  # type: ignore[index]  # a row of the table
    assert all(value.strip() in refused.text for value in fields.values() if not value.startswith(("nons", "not-")))
    assert len(dashboard.cases.facts) == before


async def test_of_two_people_who_decide_the_second_sees_what_the_first_did_and_loses_nothing() -> None:
    dashboard = await a_desk(a_request(), a_referral())
    await dashboard.accounts.add("taro", "plain:correct-horse-battery", dashboard.time)

    async with dashboard.browser() as first, dashboard.browser() as second:
        await work(first, "assign", 0, to="desk")
        late = await work(second, "close", 0, outcome="declined", reason="declined:industry", text=NOTE)
        looked = await work(second, "close", outcome="declined", reason="declined:industry", text=NOTE)

    assert (late.status_code, looked.status_code) == (409, 303)
    assert "ほかの職員がこのご依頼を処理しました" in text(late)
    assert "desk が対応者を desk にしました" in text(late)
    assert NOTE in late.text
    assert 'value="declined" checked' in late.text
    assert len(kept(dashboard, CaseClosed)) == 1


async def test_notes_of_two_people_are_both_kept() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as first, dashboard.browser() as second:
        await work(first, "close", 0, outcome="finished")
        one, two = await work(first, "note", 0, text="一つ目"), await work(second, "note", 0, text="二つ目")

    assert (one.status_code, two.status_code) == (303, 303)
    assert len(kept(dashboard, NoteAdded)) == 2


async def test_who_did_it_is_noted_before_it_is_done() -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        await work(browser, "note", text=NOTE)
        dashboard.audit.away = True
        failed = await work(browser, "note", 0, text=NOTE)

    assert ("worked-on-case", "desk", REQUEST) in dashboard.audit.acts
    # What was done, and nothing of what was typed.
    assert ("worked-on-case", "desk", NoteAdded.type) in dashboard.audit.abouts
    assert failed.status_code == 503
    assert len(kept(dashboard, NoteAdded)) == 1


@pytest.mark.parametrize("fields", [{}, {"kind": "sabotage"}, {"kind": "assign", "seen": "x", "to": "desk"}])
async def test_a_form_that_is_not_ours_does_nothing(fields: dict[str, str]) -> None:
    dashboard = await a_desk()

    async with dashboard.browser() as browser:
        response = await browser.post(f"{CASE}/work", data=fields, headers=FROM_OWN_PAGE)
        elsewhere = await browser.post("/cases/nobody/work", data={"kind": "note", "text": "x"}, headers=FROM_OWN_PAGE)

    assert (response.status_code, elsewhere.status_code) == (409, 409)
    assert len(dashboard.cases.facts) == 1


async def test_the_record_shows_the_newest_first_and_a_text_that_cannot_be_opened_hides_only_itself() -> None:
    lost = a_note(minutes=30).model_copy(
        update={"parcels": {"desk": a_note().parcels["desk"].model_copy(update={"key": "desk-0"})}}
    )
    dashboard = await a_desk(a_request(), an_assignment(minutes=1), a_contact(minutes=2), a_closing(minutes=3), lost)

    async with dashboard.browser() as browser:
        page = text(await browser.get(CASE))

    record = page[page.index("対応の記録") :]
    assert record.index("メモを残しました") < record.index("対応を終えました") < record.index("対応者を hanako に")
    assert "この内容は開封できません（unknown-key）" in record
    assert "ご説明済み" in record
