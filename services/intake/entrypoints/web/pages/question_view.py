"""The HTML of a page of questions: fresh, with its errors, with its doubts, or while nothing can be stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from fastapi import Response

from services.intake.domain.advice import advice
from services.intake.domain.draft import Draft, Typed
from services.intake.domain.elsewhere import doubts_elsewhere, marks
from services.intake.domain.progress import Progress, progress
from services.intake.domain.suspicion import CONTACT, HONEYPOT
from services.intake.entrypoints.web.dependencies import Dependencies
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.company import CompanyLookup
from services.intake.entrypoints.web.pages.field import FormState, Lookup
from services.intake.entrypoints.web.pages.fields import field_groups
from services.intake.entrypoints.web.urls import Urls, find_page
from services.intake.entrypoints.web.visit import ORDER, Visit, new_draft
from services.intake.usecases.find_addresses import FindAddresses
from shared.products import INSURERS_ORDER, Page

_OF_THE_WISH: Final = ("carried", "documents")
"""What a button has changed about the wish, told on the page that it led to."""


def question_page(  # noqa: PLR0917  # what a page is made of
    visit: Visit,
    query: Mapping[str, str],
    draft_progress: Progress,
    page: Page,
    deps: Dependencies,
    company: CompanyLookup | None = None,
) -> Response:
    """*page* with what was typed.

    *query* is that of its address: `check` shows what is wrong, `address` what was found for the postal code,
    `expired`, `lost` and `resumed` what happened before. *company* is what was found for the name of a company.
    """
    draft = visit.draft
    problems = draft_progress.problems(page) if "check" in query else ()
    # Most customers were asked about nothing: then no postal code is looked up.
    doubts = advice(page.questions, draft_progress.checked, draft.typed, deps.find_addresses.places)
    shown = {doubt.key: doubt for doubt in doubts if draft.was_asked_about(doubt.key)} if draft.doubted else {}
    elsewhere = {doubt.key: doubt for doubt in doubts_elsewhere(page, draft)}
    state = FormState(
        typed=draft.typed,
        problems=problems,
        # What another window has answered is shown once: also beside what is wrong.
        doubts=tuple((elsewhere if problems else shown | elsewhere).values()),
        button="確認画面へ" if draft_progress.ends_with(page) else "次へ進む",
        agency=visit.product.agency,
        lookup=_lookup(query, page, draft, deps.find_addresses),
        company=company,
    )
    # A draft of several pages was not lost, whatever the address says: it may be a stranger's link, or an earlier page.
    told = query if len(draft.passed) <= 1 else query.keys() & {"resumed", *_OF_THE_WISH}
    expired = visit.is_new and visit.has_cookie
    words = ("expired", "lost", "resumed", *_OF_THE_WISH)
    notices = [word for word in words if word in told or (word == "expired" and expired)]
    if "begun" in told and {"expired", "lost"} & set(told):
        notices.append("kept")
    if draft.is_handed_over:
        notices.append("handed-over")
    if page.slug in draft.asked:
        notices.append("waiting" if page.slug in draft.waiting else "heard")
    begun_at = draft.started_at or deps.now()
    carried = {"_begun": deps.page_seal.seal(visit.product.slug, begun_at), ORDER: draft.order or INSURERS_ORDER}
    if not visit.is_new:
        carried["_seen"] = marks(page.questions, draft.typed)
    return _html(visit.urls, draft_progress, page, state, notices=notices, carried=carried)


def unsaved_page(urls: Urls, page: Page, posted: Typed, status: HTTPStatus) -> Response:
    """*page* with what was posted, to be sent again: the draft cannot be read or stored (503), or not yet (429).

    Nobody knows what other pages said, so all questions of this one are shown.
    """
    product = urls.product.in_order(str(posted.get(ORDER) or new_draft(urls.product, {}).order))
    page = find_page(product, page.slug)
    draft = Draft().with_answers((question.key for question in page.questions), posted)
    draft_progress = replace(progress(product.form, draft), pages=product.form.pages)
    carried: dict[str, str] = {name: str(posted[name]) for name in ("_begun", "_seen", ORDER) if name in posted}
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
    unsaved, before = status != HTTPStatus.OK, draft_progress.before(page)
    return html_page(
        "page.html",
        urls.product,
        status,
        page=page,
        number=draft_progress.number(page),
        page_count=draft_progress.page_count_seen_from(page),
        # Not again what the page before has said.
        at_hand=() if before and before.at_hand == page.at_hand else page.at_hand,
        groups=field_groups(draft_progress.checked, page, state, everything=unsaved),
        problems=state.problems,
        doubts=state.doubts,
        unsaved=unsaved,
        keep=urls(f"{page.slug}/keep") if "_seen" in carried and not unsaved else "",
        crowded=status == HTTPStatus.TOO_MANY_REQUESTS,
        carried=carried,
        button=state.button,
        action=urls(page.slug),
        notices_above=notices,
        honeypot=HONEYPOT if any(question.key == CONTACT for question in page.questions) else "",
    )


def _lookup(query: Mapping[str, str], page: Page, draft: Draft, find_addresses: FindAddresses) -> Lookup | None:
    """What was found for the postal code, when that was asked."""
    outcome = query.get("address")
    key = next((question.key for question in page.questions if question.kind == "postal_code"), None)
    if outcome is None or key is None:
        return None
    return Lookup(key, filled=outcome == "filled", candidates=find_addresses(draft.text(key)))
