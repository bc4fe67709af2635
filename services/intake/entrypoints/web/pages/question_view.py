"""The HTML of a page of questions: fresh, with its errors, with its doubts, or while nothing can be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus

from fastapi import Response

from services.intake.domain.advice import advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import doubts_elsewhere
from services.intake.domain.progress import Progress, progress
from services.intake.domain.suspicion import HONEYPOT
from services.intake.entrypoints.web.dependencies import Dependencies
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.fields import FormState, Lookup, field_groups
from services.intake.entrypoints.web.urls import Urls
from services.intake.entrypoints.web.visit import Visit
from services.intake.usecases.find_addresses import FindAddresses
from shared.products import Page


def question_page(
    visit: Visit, query: Mapping[str, str], draft_progress: Progress, page: Page, deps: Dependencies
) -> Response:
    """*page* with what was typed.

    *query* is that of its address: `check` shows what is wrong, `address` what was found for the postal code,
    `expired`, `lost` and `resumed` what happened before.
    """
    draft = visit.draft
    problems = draft_progress.problems(page) if "check" in query else ()
    # Most customers were asked about nothing: then no postal code is looked up.
    doubts = advice(page.questions, draft_progress.checked, draft.typed, deps.find_addresses.places)
    shown = {doubt.key: doubt for doubt in doubts if draft.was_asked_about(doubt.key)} if draft.doubted else {}
    shown |= {doubt.key: doubt for doubt in doubts_elsewhere(page.questions, draft)}
    state = FormState(
        typed=draft.typed,
        problems=problems,
        doubts=() if problems else tuple(shown.values()),
        button="確認画面へ" if draft_progress.ends_with(page) else "次へ進む",
        lookup=_lookup(query, page, draft, deps.find_addresses),
    )
    # A draft of several pages was not lost, whatever the address says: it may be a stranger's link, or an earlier page.
    told = query if len(draft.passed) <= 1 else query.keys() & {"resumed"}
    expired = visit.is_new and visit.has_cookie
    notices = [word for word in ("expired", "lost", "resumed") if word in told or (word == "expired" and expired)]
    if "begun" in told and {"expired", "lost"} & set(told):
        notices.append("kept")
    if draft.is_handed_over:
        notices.append("handed-over")
    if page.slug in draft.asked:
        notices.append("waiting" if page.slug in draft.waiting else "heard")
    begun_at = draft.started_at or deps.now()
    carried: dict[str, str] = {"_begun": deps.page_seal.seal(visit.product.slug, begun_at)}
    if not visit.is_new:
        carried["_seen"] = draft.mark(question.key for question in page.questions)
    return _html(visit.urls, draft_progress, page, state, notices=notices, carried=carried)


def unsaved_page(urls: Urls, page: Page, posted: Typed, status: HTTPStatus) -> Response:
    """*page* with what was posted, to be sent again: the draft cannot be read or stored (503), or not yet (429).

    Nobody knows what other pages said, so all questions of this one are shown.
    """
    draft = Draft().with_answers((question.key for question in page.questions), posted)
    form = urls.product.form
    draft_progress = replace(progress(form, draft), pages=form.pages)
    carried: dict[str, str] = {name: str(posted[name]) for name in ("_begun", "_seen") if name in posted}
    return _html(urls, draft_progress, page, FormState(typed=draft.typed), carried=carried, status=status)


def _html(
    urls: Urls,
    draft_progress: Progress,
    page: Page,
    state: FormState,
    *,
    carried: Mapping[str, str],
    notices: Sequence[str] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    unsaved = status != HTTPStatus.OK
    before = draft_progress.before(page)
    return html_page(
        "page.html",
        urls.product,
        status,
        page=page,
        number=draft_progress.number(page),
        page_count=draft_progress.page_count_seen_from(page),
        groups=field_groups(draft_progress.checked, page, state, everything=unsaved),
        problems=state.problems,
        doubts=state.doubts,
        unsaved=unsaved,
        crowded=status == HTTPStatus.TOO_MANY_REQUESTS,
        carried=carried,
        button=state.button,
        back=urls("confirm" if urls.back_to_confirm else before.slug if before else ""),
        action=urls(page.slug),
        notices_above=notices,
        honeypot=HONEYPOT if page == draft_progress.form.pages[0] else "",
    )


def _lookup(query: Mapping[str, str], page: Page, draft: Draft, find_addresses: FindAddresses) -> Lookup | None:
    """What was found for the postal code, when that was asked."""
    outcome = query.get("address")
    key = next((question.key for question in page.questions if question.kind == "postal_code"), None)
    if outcome is None or key is None:
        return None
    return Lookup(key, filled=outcome == "filled", candidates=find_addresses(draft.text(key)))
