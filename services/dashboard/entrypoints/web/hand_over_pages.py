"""One case as a file for the insurer: a table for people and spreadsheets, or JSON for programs."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from services.dashboard.domain.hand_over import HandOver
from services.dashboard.entrypoints.web.access import OF_CASES, may
from services.dashboard.entrypoints.web.dependencies import Deps
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page
from services.dashboard.entrypoints.web.tables import KINDS, Cell
from shared.events.parcels import Answer

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

_JSON: Final = "json"
_HEADINGS: Final = ("区分", "番号", "項目", "内容", "項目名（システム用）", "値（システム用）")
_CONTACT: Final = {
    "company": "企業名",
    "department": "担当部署",
    "person": "担当者名",
    "phone": "電話番号",
    "email": "メールアドレス",
    "postal_code": "郵便番号",
    "address": "住所",
    "building": "ビル名等",
}


@router.get("/cases/{request_id}/hand-over.{kind}", dependencies=[may("work-on-cases")])
async def hand_over(request: Request, request_id: str, kind: str, deps: Deps, account: CurrentAccount) -> Response:
    """The file. Who got it is recorded."""
    found = await deps.case.hand_over(request_id, account) if kind in {_JSON, *KINDS} else None
    if found is None:
        return problem_page(request, 404, account)
    headers = {"Content-Disposition": f'attachment; filename="mitsumori-{found.quote_no}.{kind}"'}
    if kind == _JSON:
        return Response(_as_json(found), media_type="application/json", headers=headers)
    media_type, write = KINDS[kind]
    return StreamingResponse(write(_rows(found)), media_type=media_type, headers=headers)


def _as_json(found: HandOver) -> bytes:
    plain: dict[str, Any] = {
        **asdict(found),
        "issued_at": found.issued_at.isoformat(),
        "expires_on": found.expires_on.isoformat(),
        "premium_yen": found.cover.premium,
        "contact": found.contact.model_dump(),
    }
    del plain["sections"]
    return json.dumps(plain, ensure_ascii=False, indent=2).encode()


async def _rows(found: HandOver) -> AsyncIterator[Sequence[Cell]]:
    yield _HEADINGS
    for row in (*_of_offer(found), *_of_contact(found), *_of_answers(found)):
        yield row


def _of_offer(found: HandOver) -> Iterator[Sequence[Cell]]:
    cover = found.cover
    facts: dict[str, tuple[str, Cell]] = {
        "reception_no": ("受付番号", found.reception_no),
        "quote_no": ("見積番号", found.quote_no),
        "product": ("商品", found.product_name),
        "insurer": ("保険会社", found.insurer),
        "form_version": ("質問表の版", found.form_version),
        "tariff": ("料率の版", found.tariff),
        "issued_at": ("算出日時", found.issued_at),
        "expires_on": ("有効期限", found.expires_on.isoformat()),
        "basis": ("保険料の根拠", "手動で設定" if found.basis == "manual" else "料率表"),
        "premium": ("保険料（年額・円）", cover.premium),
        "plan": ("プラン", cover.plan),
        "liability_limit": ("賠償の支払限度額（円）", cover.liability_limit),
        "cost_limit": ("費用の支払限度額（円）", cover.cost_limit),
        "liability_deductible": ("賠償の免責金額（円）", cover.liability_deductible),
        "cost_deductible": ("費用の免責金額（円）", cover.cost_deductible),
        "riders": ("特約", "、".join(cover.riders)),
    }
    yield from (("見積り", None, label, value, key, value) for key, (label, value) in facts.items())


def _of_contact(found: HandOver) -> Iterator[Sequence[Cell]]:
    for key, label in _CONTACT.items():
        value = getattr(found.contact, key)
        yield "お客さま", None, label, value, key, value


def _of_answers(found: HandOver) -> Iterator[Sequence[Cell]]:
    for section in found.sections:
        for line in section.lines:
            yield section.title, line.number or None, line.label, line.text, line.key, _value(found.answers[line.key])


def _value(answer: Answer) -> Cell:
    return ",".join(answer) if isinstance(answer, list) else answer
