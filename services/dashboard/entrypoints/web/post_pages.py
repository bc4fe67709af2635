"""The post of the day: fix which brochures go out, print their labels and letters, and mark them all as posted."""

from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.listing import Tab, Viewer
from services.dashboard.domain.postal import MOST
from services.dashboard.entrypoints.web.access import OF_CASES, may
from services.dashboard.entrypoints.web.dependencies import Deps, sent_fields
from services.dashboard.entrypoints.web.filter_wording import in_words
from services.dashboard.entrypoints.web.list_query import selection_of
from services.dashboard.entrypoints.web.login_pages import CurrentAccount
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.view_pages import selection_at
from services.dashboard.ports.papers import PaperFailed
from shared.clock import JST

router = APIRouter(include_in_schema=False, dependencies=[*OF_CASES, may("work-on-cases")])


@router.get("/post")
async def choose(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """How many brochures are to be posted, of the list that the address asks for."""
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    asked = selection_of(query, Viewer(account=account, now=deps.now()), deps.list_cases.keys)
    selection = replace(asked, tab=Tab.POST)
    return render(
        request,
        "post.html",
        account=account,
        selection=selection,
        total=await deps.list_cases.summaries.count(selection, MOST + 1),
        most=MOST,
        narrowed=in_words(selection, deps.industries),
    )


@router.post("/post")
async def propose(request: Request, deps: Deps, account: CurrentAccount) -> Response:
    """Fix which cases they are. Nothing is posted yet."""
    address = (await sent_fields(request)).get("address", "")
    selection = selection_at(address, deps, account)
    run = await deps.print_post.propose(selection) if selection else None
    if run is None:
        return render(request, "post_none.html", 409, account=account, most=MOST)
    return RedirectResponse(f"/post/{run.id}", 303)


@router.get("/post/{key}")
async def show(request: Request, key: str, deps: Deps, account: CurrentAccount) -> Response:
    """What is in it, the files to print, and the button for after it."""
    batch = await deps.print_post.find(key, account)
    if batch is None:
        return problem_page(request, 404, account)
    return render(request, "post_batch.html", account=account, batch=batch, products=deps.products)


@router.get("/post/{key}/{product}.pdf")
async def pdf(request: Request, key: str, product: str, deps: Deps, account: CurrentAccount) -> Response:
    """All labels, and then a letter for each."""
    try:
        content = await deps.print_post.pdf(key, product, account)
    except PaperFailed:
        return render(request, "post_failed.html", 500, account=account, key=key)
    if content is None:
        return problem_page(request, 404, account)
    day = deps.now().astimezone(JST).date().isoformat()
    headers = {"Content-Disposition": f'inline; filename="mitsumori-post-{day}.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)
