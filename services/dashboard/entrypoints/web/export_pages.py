"""The list as it is filtered, and the table of each figure, as files for a spreadsheet."""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Sequence
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from services.dashboard.domain.case import BrokenCase
from services.dashboard.domain.figures import Figure, Line
from services.dashboard.domain.listing import NOBODY, Viewer
from services.dashboard.entrypoints.web.access import OF_CASES, may
from services.dashboard.entrypoints.web.dependencies import Dependencies, Deps
from services.dashboard.entrypoints.web.figures_pages import period_in
from services.dashboard.entrypoints.web.figures_wording import VALUES, label, value
from services.dashboard.entrypoints.web.list_query import selection_of
from services.dashboard.entrypoints.web.list_wording import BROCHURES, FIRST_ANSWERS, REASONS, TURNOVER_BANDS
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page
from services.dashboard.entrypoints.web.tables import KINDS, Cell
from services.dashboard.entrypoints.web.wording import MAILS, OUTCOMES, STATES
from services.dashboard.usecases.list_cases import Row
from shared.clock import JST

router = APIRouter(include_in_schema=False, dependencies=OF_CASES)

_CONTACT = ("企業名", "部署", "ご担当者", "電話番号", "メールアドレス", "郵便番号", "住所", "建物名")
_HEADINGS = (
    *("受付番号", "受付日時", *_CONTACT, "資料", "見積り", "状態", "結果", "理由", "業種", "売上高"),
    *("保険料（年額・円）", "メール", "対応者", "期限", "初回連絡", "初回連絡をした人"),
)


@router.get("/export/cases.{kind}", dependencies=[may("export-contacts")])
async def export_cases(request: Request, kind: str, deps: Deps, account: CurrentAccount) -> Response:
    """Every case of the list that the address asks for. Who got which of them is recorded."""
    if kind not in KINDS:
        return problem_page(request, 404, account)
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    selection = selection_of(query, Viewer(account=account, now=deps.now()), deps.list_cases.keys)
    return _file("cases", kind, deps, _cases(deps.export_cases(selection), deps))


@router.get("/export/figures/{name}.{kind}")
async def export_figure(request: Request, name: str, kind: str, deps: Deps, account: CurrentAccount) -> Response:
    """The table of one figure, of the period that the address asks for."""
    figure = next((one for one in Figure if one == name), None)
    if figure is None or kind not in KINDS:
        return problem_page(request, 404, account)
    asked = period_in(request.query_params, deps.now().astimezone(JST).date())
    if asked.problem:
        return problem_page(request, 404, account)
    await deps.audit.record("exported-figures", deps.now(), account, about=name)
    lines = (await deps.show_figures(asked.period))[figure]
    heading: list[Cell] = [
        "日" if figure is Figure.DAYS else "区分",
        *([VALUES[figure]] if figure in VALUES else []),
        "件数",
    ]
    rows: list[list[Cell]] = [
        [_counted(figure, line, deps), *([value(figure, line)] if figure in VALUES else []), line.count]
        for line in lines
    ]
    return _file(figure.value, kind, deps, _each([heading, *rows]))


@router.get("/export/visits.{kind}")
async def export_visits(request: Request, kind: str, deps: Deps, account: CurrentAccount) -> Response:
    """How far the visitors of the forms came, of the period that the address asks for."""
    asked = period_in(request.query_params, deps.now().astimezone(JST).date())
    if kind not in KINDS or asked.problem:
        return problem_page(request, 404, account)
    rows: list[list[Cell]] = [["商品", "段階・質問", "件数", "前の段階からの離脱", "質問の順"]]
    for form in await deps.show_visits(asked.period):
        for order in form.orders:
            rows += [[form.name, stage.label, stage.count, stage.lost, order.title] for stage in order.stages]
            if order.minutes is not None:
                rows.append([form.name, "所要時間の中央値（分）", order.minutes, None, order.title])
        rows += [[form.name, f"入力エラー：{question}", count, None, None] for question, count in form.errors]
    return _file("visits", kind, deps, _each(rows))


def _counted(figure: Figure, line: Line, deps: Dependencies) -> Cell:
    """Days as spreadsheets know them: of `11月26日` they do not know the year."""
    return date.fromisoformat(str(line.key[0])) if figure is Figure.DAYS else label(figure, line, deps.industries)


def _file(name: str, kind: str, deps: Dependencies, rows: AsyncIterable[Sequence[Cell]]) -> Response:
    media_type, write = KINDS[kind]
    day = deps.now().astimezone(JST).date().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="mitsumori-{name}-{day}.{kind}"'}
    return StreamingResponse(write(rows), media_type=media_type, headers=headers)


async def _each(rows: Iterable[Sequence[Cell]]) -> AsyncIterator[Sequence[Cell]]:
    for row in rows:
        yield row


async def _cases(rows: AsyncIterator[Row], deps: Dependencies) -> AsyncIterator[Sequence[Cell]]:
    yield _HEADINGS
    industries = deps.industries
    async for row in rows:
        yield _of_case(row, industries)


def _of_case(row: Row, industries: dict[str, str]) -> Sequence[Cell]:
    one = row.summary
    return (
        *(one.reception_no, one.accepted_at, *_contact(row)),
        *(BROCHURES[one.brochure], "あり" if one.wants_quote else "なし", STATES[one.state]),
        *(OUTCOMES[one.closed_as] if one.closed_as else None, one.close_reason and REASONS.get(one.close_reason)),
        *(one.industry and industries.get(one.industry, one.industry), TURNOVER_BANDS.get(one.turnover_band or NOBODY)),
        *(one.premium_yen, MAILS[one.mail], one.assignee, one.due_at),
        *(FIRST_ANSWERS[one.first_answer] if one.first_answer else None, one.contacted_by),
    )


def _contact(row: Row) -> Sequence[Cell]:
    contact = None if isinstance(row.case, BrokenCase) else row.case.contact
    if contact is None:
        return ("（開封できません）", *[None] * (len(_CONTACT) - 1))
    return (
        *(contact.company, contact.department, contact.person, contact.phone, contact.email),
        *(contact.postal_code, contact.address, contact.building),
    )
