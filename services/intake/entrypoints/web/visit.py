"""One request of a browser: which draft is its own, and where it is sent next."""

from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import new_key
from services.intake.domain.funnel import Kind, Step
from services.intake.domain.progress import Progress, progress
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, Urls, see_other
from shared.errors import Unavailable
from shared.products import Page, Product
from shared.web.problems import HttpProblem

COOKIE: Final = "mitsumori_draft"

_Answer = TypeVar("_Answer", bound=Response)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser with its draft, which is empty for a new one. `key` opens the draft and belongs in its cookie.

    `has_cookie`: the browser sent a key. Together with `is_new` it means that the old draft has expired.
    """

    product: Product
    urls: Urls
    draft: Draft
    key: str
    is_new: bool
    has_cookie: bool
    deps: Dependencies

    def progress(self) -> Progress:
        """How far the draft is."""
        return progress(self.product.form, self.draft)

    def url(self, path: str = "", **query: str) -> str:
        """An address within the product."""
        return self.urls(path, **query)

    def redirect(self, path: str = "", *, anchor: str = "", **query: str) -> RedirectResponse:
        """On to an address within the product."""
        return see_other(self.urls(path, **query) + (f"#{anchor}" if anchor else ""))

    def redirect_to(self, page: Page | None, **query: str) -> RedirectResponse:
        """On to *page*, or to the confirmation where no page is left."""
        return self.redirect("confirm") if page is None else self.redirect(page.slug, **query)

    def unfinished_url(self) -> str:
        """The address of the page to go on with."""
        unfinished = self.progress().unfinished()
        return self.url(unfinished.slug if unfinished else "confirm")

    async def save(self, response: _Answer, draft: Draft) -> _Answer:
        """Store *draft*, and give the browser its key with *response*. Raises `Unavailable`."""
        await self.deps.save_draft(self.key, draft)
        return self.give_key(response, draft)

    def give_key(self, response: _Answer, draft: Draft) -> _Answer:
        """Let *response* set the cookie with the key of *draft*, for as long as the draft is kept."""
        response.set_cookie(
            COOKIE,
            self.key,
            max_age=int(draft.lifetime.total_seconds()),
            path=self.urls(),
            secure=self.deps.public_url.startswith("https://"),
            httponly=True,
            samesite="lax",
        )
        return response

    async def count(self, kind: Kind, draft: Draft, page: str = "", keys: tuple[str, ...] = ()) -> None:
        """Record, for the statistics, a step of this visit."""
        step = Step(product=self.product.slug, visit=draft.visit, kind=kind, at=self.deps.now(), page=page, keys=keys)
        await self.deps.steps.add(step)


async def visit(request: Request, urls: CurrentUrls, deps: Deps, _posted: PostedFields) -> Visit:
    """This browser's visit, with what colleagues have added to its draft. Raises `Unavailable`.

    What was posted is read first, so that it can be sent again when the draft cannot be read.
    """
    cookie = request.cookies.get(COOKIE)
    draft = await deps.open_draft(cookie) if cookie else None
    if draft is not None and draft.only is not None:
        draft = None  # The key of a colleague's link must not work as a cookie.
    if draft is not None and draft.sent is None:
        draft = await deps.take_over_answers(urls.product.form, draft)
    return Visit(
        product=urls.product,
        urls=urls,
        draft=draft or Draft(),
        # A key without a draft is replaced (session fixation): whoever set it must not read what is typed next.
        key=cookie if draft and cookie else new_key(),
        is_new=draft is None,
        has_cookie=bool(cookie),
        deps=deps,
    )


CurrentVisit = Annotated[Visit, Depends(visit)]


async def visit_if_available(request: Request, urls: CurrentUrls, deps: Deps, posted: PostedFields) -> Visit | None:
    """This browser's visit; None while the draft cannot be read, for a page that can show what was posted by itself."""
    try:
        return await visit(request, urls, deps, posted)
    except Unavailable:
        return None


VisitIfAvailable = Annotated[Visit | None, Depends(visit_if_available)]


async def visit_with_draft(visit: CurrentVisit) -> Visit:
    """A visit whose draft was begun and not sent yet. Raises `HttpProblem` (404) for others."""
    if visit.is_new or visit.draft.sent is not None:
        raise HttpProblem(404, "no-draft")
    return visit


VisitWithDraft = Annotated[Visit, Depends(visit_with_draft)]
