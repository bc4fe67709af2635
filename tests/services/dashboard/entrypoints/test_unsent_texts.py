"""A text that somebody types into a form of a case is there until it is sent: a note, and the reason for a decision."""

import html
import re
from collections.abc import Mapping
from typing import Any, Final, get_args

import pytest
from httpx import AsyncClient, Response

from services.dashboard.domain.facts import Fact
from services.dashboard.ports.live import DraftForm
from services.dashboard.usecases.keep_draft import MOST_TEXTS
from tests.services.dashboard.builders import (
    BY_DESK,
    COVER,
    REQUEST,
    a_closing,
    a_hold,
    a_request,
    an_approval_asked,
    an_offer,
)
from tests.services.dashboard.entrypoints.test_correct_answers import SENT
from tests.services.dashboard.entrypoints.test_correct_answers import fields_of as answers_of
from tests.services.dashboard.fakes import FROM_OWN_PAGE, InMemoryDashboard, text

pytestmark = pytest.mark.anyio

CASE: Final = f"/cases/{REQUEST}"
ANSWERS: Final = f"{CASE}/answers"
TYPED: Final = "15時に折り返し、カナリア様のご都合による"
WAITING: Final = (a_request(product=BY_DESK.slug, answers=COVER), an_offer())
ASKED: Final = an_approval_asked().model_copy(update={"decided_by": "hanako"})
OTHER_TERMS: Final = {f"term-{key}": str(value) for key, value in COVER.items()} | {"term-plan": "wide"}
FORMS: Final[Mapping[DraftForm, tuple[tuple[Fact, ...], str, dict[str, str]]]] = {
    "note": (WAITING, "work", {}),
    "contact": (WAITING, "work", {"outcome": "reached"}),
    "close": (WAITING, "work", {"outcome": "finished"}),
    "hold": (WAITING, "work", {}),
    "terms": (WAITING, "decide", OTHER_TERMS),
    "premium": (WAITING, "decide", {"premium": "70000"}),
    "approval": ((*WAITING, ASKED), "approve", {"answer": "refuse", "asked_id": ASKED.decision_id}),
    "answers": ((a_request(answers=SENT), an_offer()), "answers", {"answer-turnover": "8億円"}),
}
"""What each is about, where it goes, and what else it needs."""

each_form = pytest.mark.parametrize("form", FORMS)


async def a_desk(form: DraftForm, *more: Fact) -> InMemoryDashboard:
    dashboard = InMemoryDashboard()
    for fact in (*FORMS[form][0], *more):
        await dashboard.cases.add(fact)
    return dashboard


async def type_into(browser: AsyncClient, form: DraftForm, tab: str = "a", typed: str = TYPED) -> Response:
    """As the page saves it while it is typed."""
    data = {"form": form, "tab": tab * 32, "number": "1", "text": typed, "draft_source": ""}
    return await browser.put(f"{CASE}/draft", data=data, headers=FROM_OWN_PAGE)


async def page_of(browser: AsyncClient, form: DraftForm) -> str:
    return (await browser.get(ANSWERS if form == "answers" else CASE)).text


def field_of(page: str, form: DraftForm) -> str:
    [found] = re.findall(rf'<textarea id="{form}-(?:text|reason)"[^>]* data-draft="{form}"[^>]*>([^<]*)<', page)
    return html.unescape(found)


async def send(browser: AsyncClient, form: DraftForm, page: str, **changed: str) -> Response:
    """As a browser without scripts sends the form on *page*."""
    _, path, more = FORMS[form]
    [source] = re.findall(rf'data-draft="{form}".*?name="draft_source" value="([^"]*)"', page, re.DOTALL)
    [seen] = set(re.findall(r'name="seen" value="(\d+)"', page))
    data: dict[str, Any] = answers_of(page) if form == "answers" else {}
    data |= {"kind": form, "seen": seen, "draft_source": source, **more}
    data["text" if path == "work" else "reason"] = field_of(page, form)
    return await browser.post(f"{CASE}/{path}", data=data | changed, headers=FROM_OWN_PAGE)


def test_every_form_with_a_text_is_among_them() -> None:
    assert set(FORMS) == set(get_args(DraftForm))


@each_form
async def test_what_was_typed_is_there_after_a_reload_and_gone_once_it_was_sent(form: DraftForm) -> None:
    dashboard = await a_desk(form)

    async with dashboard.browser() as browser:
        await type_into(browser, form)
        again = await page_of(browser, form)
        sent = await send(browser, form, again)

    assert field_of(again, form) == TYPED
    assert f'id="{form}-saved" role="status">下書きを保存しました' in again
    assert sent.status_code == 303
    assert dashboard.note_drafts.kept == {}  # type: ignore[attr-defined]  # of those in memory


@each_form
async def test_what_was_sent_in_vain_is_shown_and_not_what_was_saved_before(form: DraftForm) -> None:
    dashboard = await a_desk(form)

    async with dashboard.browser() as browser:
        await type_into(browser, form)
        name = "text" if FORMS[form][1] == "work" else "reason"
        refused = await send(browser, form, await page_of(browser, form), seen="9", **{name: "x" * 4_001})

    assert refused.status_code in {409, 422}
    assert field_of(refused.text, form) == "x" * 4_001
    assert len(dashboard.note_drafts.kept) == 1  # type: ignore[attr-defined]  # of those in memory


@each_form
async def test_what_was_refused_is_there_when_the_case_is_opened_again(form: DraftForm) -> None:
    """The page says that what was typed stays. Its link to the case of now showed an empty form.

    A browser without scripts sends it; one with scripts sends the same when somebody types and presses at once.
    """
    dashboard = await a_desk(form)
    name = "text" if FORMS[form][1] == "work" else "reason"
    long = "x" * 4_001

    async with dashboard.browser() as browser:
        refused = await send(browser, form, await page_of(browser, form), seen="9", **{name: long})
        again = await page_of(browser, form)
        refused_again = await send(browser, form, refused.text, seen="9", **{name: f"{long}y"})
        at_last = await page_of(browser, form)
        nothing = await send(browser, form, at_last, seen="9", outcome="", **{name: ""})

    assert {page.status_code for page in (refused, refused_again, nothing)} <= {409, 422}
    assert (field_of(again, form), field_of(at_last, form)) == (long, f"{long}y")
    assert "別の画面で入力した内容があります" not in at_last
    assert field_of(nothing.text, form) == ""


async def test_what_was_refused_takes_the_place_of_what_its_tab_had_saved_and_of_nothing_else() -> None:
    dashboard = await a_desk("hold")
    of_tab = {"draft_tab": "b" * 32, "draft_number": "2"}

    async with dashboard.browser() as browser:
        page = await page_of(browser, "hold")
        await type_into(browser, "hold", "a", "別の画面のもの")
        await type_into(browser, "hold", "b", "途中")
        await send(browser, "hold", page, seen="9", text=TYPED, **of_tab)
        late = await type_into(browser, "hold", "b", "途中")
        again = await page_of(browser, "hold")

    assert late.status_code == 409
    assert {field_of(again, "hold"), *re.findall(r'records__text">([^<]*)<', again)} == {TYPED, "別の画面のもの"}


async def test_what_is_sent_once_more_by_the_back_button_and_refused_is_there_too() -> None:
    """The tab's text was done with when its form was sent."""
    dashboard = await a_desk("hold")
    of_tab = {"draft_tab": "b" * 32, "draft_number": "2"}

    async with dashboard.browser() as browser:
        page = await page_of(browser, "hold")
        await send(browser, "hold", page, text="一つ目", **of_tab)
        await browser.post(f"{CASE}/work", data={"kind": "lift", "seen": "1"}, headers=FROM_OWN_PAGE)
        refused = await send(browser, "hold", page, text=TYPED, **of_tab | {"draft_number": "3"})
        again = await page_of(browser, "hold")

    assert refused.status_code == 409
    assert field_of(again, "hold") == TYPED


async def test_forms_that_are_refused_empty_do_not_use_up_what_may_be_kept() -> None:
    dashboard = await a_desk("note")

    async with dashboard.browser() as browser:
        page = await page_of(browser, "note")
        for _ in range(MOST_TEXTS):
            await send(browser, "note", page, text=" ")
        saved = await type_into(browser, "note")

    assert saved.status_code == 200


@each_form
async def test_the_text_of_another_tab_stands_beside_its_form_and_is_discarded_there(form: DraftForm) -> None:
    async with (await a_desk(form)).browser() as browser:
        await type_into(browser, form, "a", "一つ目")
        await type_into(browser, form, "b", "二つ目")
        page = await page_of(browser, form)
        other = {"form": form, "tab": ("b" if field_of(page, form) == "一つ目" else "a") * 32, "number": "1"}
        discarded = await browser.post(f"{CASE}/draft/discard", data=other, headers=FROM_OWN_PAGE)
        after = await page_of(browser, form)

    assert f'action="{CASE}/draft/discard"' in page
    assert f'name="form" value="{form}"' in page
    assert {field_of(page, form), *re.findall(r'records__text">(.つ目)<', page)} == {"一つ目", "二つ目"}
    where = ANSWERS if form == "answers" else CASE
    assert discarded.headers["location"] == f"{where}#{form}-saved"
    assert f'id="{form}-saved"' in after
    assert f'action="{CASE}/draft/discard"' not in after


@pytest.mark.parametrize(
    ("form", "meanwhile"),
    [
        pytest.param("hold", a_hold(), id="a hold that somebody else has put"),
        pytest.param("hold", a_closing(), id="a hold of a closed case"),
        pytest.param("close", a_closing(), id="an end of a case that was closed"),
        pytest.param("terms", a_closing(), id="other terms of a closed case"),
        pytest.param("premium", a_closing(), id="a premium of a closed case"),
        pytest.param("approval", a_closing(), id="an approval of a closed case"),
        pytest.param("answers", a_closing(), id="answers of a closed case"),
    ],
)
async def test_what_was_typed_is_shown_also_where_its_form_is_not_offered_any_more(
    form: DraftForm, meanwhile: Fact
) -> None:
    dashboard = await a_desk(form)

    async with dashboard.browser() as browser:
        page = await page_of(browser, form)
        await dashboard.cases.add(meanwhile)
        name = "text" if FORMS[form][1] == "work" else "reason"
        answer = await send(browser, form, page, **{name: TYPED})

    assert answer.status_code == 409
    assert TYPED in text(answer)
