"""PDFs: all questions to print, and the copy of what was sent."""

import asyncio
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from services.intake.domain.copy import Copy
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.pages.answer_rows import copy_of
from services.intake.entrypoints.web.urls import KnownProduct
from services.intake.entrypoints.web.visit import CurrentVisit, Visit
from shared.events import RequestReceived
from shared.products import Product
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/{product}", include_in_schema=False)

_CLIENT_GONE: Final = 499
"""What nginx logs when the client is gone before its answer."""


@router.get("/questions.pdf")
async def questionnaire(product: KnownProduct, deps: Deps) -> Response:
    """The blank form, for those who read it first or ask others on paper."""
    return _pdf(await deps.papers.questionnaire(product), f"{product.slug}-questions.pdf")


@router.get("/copy.pdf")
async def copy(visit: CurrentVisit, deps: Deps, request: Request) -> Response:
    """What this browser has sent, for as long as its draft is kept."""
    copy = visit.draft.copy
    if copy is None:
        tracked = await deps.get_status(visit.draft.sent) if visit.draft.sent else None
        if tracked is None:
            raise HttpProblem(404, "no-copy")
        event = tracked[0].event
        copy = _copy_without_words(visit, event)
        if copy is None:
            return _no_copy_any_more(visit.product, event.reception_no)
    client = "" if visit.place.is_local else visit.place.name
    content = await _while_connected(request, deps.papers.copy(visit.product, copy, client))
    if content is None:
        return Response(status_code=_CLIENT_GONE)
    return _pdf(content, f"{visit.product.slug}-{copy.reception_no}.pdf")


def _copy_without_words(visit: Visit, event: RequestReceived) -> Copy | None:
    """The copy of a draft that the version before has sent: it kept the answers, and not the words around them.

    None when they are no longer known: the form is another one now, or another purpose text was agreed to. No paper
    is better than one that says what was not sent.
    """
    draft_progress = visit.progress()
    is_same = event.form_version == visit.product.form.version and not draft_progress.checked.problems
    return copy_of(visit.product, draft_progress, event) if is_same else None


def _no_copy_any_more(product: Product, reception_no: str) -> Response:
    text = (
        "送信された後に、質問の内容または個人情報の利用目的が更新されたため、送信時の文面で控えをお作りすることができません。"
        "ご依頼は受け付けておりますので、再度の送信は不要です。お手元の確認メールをご利用ください。"
        "送信された内容の確認をご希望の場合は、お電話で受付番号をお知らせください。"
        f"受付番号：{reception_no}、電話番号：{product.agency.phone}（{product.agency.name}）"
    )
    return html_page("message.html", product, HTTPStatus.GONE, title="控えを表示できません", text=text)


async def _while_connected(request: Request, making: Coroutine[Any, Any, bytes]) -> bytes | None:
    """What *making* makes; None, and the work is dropped, when the client hangs up before."""
    made, gone = asyncio.create_task(making), asyncio.create_task(_disconnect(request))
    try:
        await asyncio.wait((made, gone), return_when=asyncio.FIRST_COMPLETED)
        return made.result() if made.done() else None
    finally:
        made.cancel()
        gone.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
