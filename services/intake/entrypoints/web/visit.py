"""One request of a browser: which draft is its own, and where it is sent next."""

from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.intake.domain.draft import Draft, Typed
from services.intake.domain.funnel import Kind, Step
from services.intake.domain.order import order_for
from services.intake.domain.progress import Progress, progress
from services.intake.entrypoints.web.dependencies import Dependencies, Deps
from services.intake.entrypoints.web.draft_cookie import DraftCookie
from services.intake.entrypoints.web.request_body import PostedFields
from services.intake.entrypoints.web.urls import CurrentUrls, Urls, find_page, see_other
from services.intake.usecases.save_draft import DraftTooLarge
from shared.errors import Unavailable
from shared.products import Page, Product
from shared.web.place import Place, locate_client
from shared.web.problems import HttpProblem

ORDER: Final = "_order"
"""What a page of questions carries along: the order that it is from, for whoever has no draft that says it."""
Loss = Literal["expired", "lost"]
"""What became of a draft that this browser had: its time is over, or the cookie with its key is gone."""

TRIES: Final = 5
"""Two windows that save at the same moment are rare; five of them are a program."""
_Answer = TypeVar("_Answer", bound=Response)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A browser with its draft, which is empty for a new one. `key` opens the draft and belongs in its cookie.

    * `sold`: the product as it is sold, whatever the order of the draft.
    * `has_cookie`: the browser sent a key. Together with `is_new` it means that the old draft is over.
    * `was_moved`: somebody goes on with that draft by a link.
    * `older_key`: the draft was opened with this key of the version before; saving it gives it the new `key`.
      Somebody else may have planted it, so it is as after a hand-over, and the colleagues whose keys are `older_asked`
      are asked no more.
    * `told`: what every redirect says, so that the next page can tell the customer.
    """

    sold: Product
    urls: Urls
    draft: Draft
    key: str
    is_new: bool
    has_cookie: bool
    place: Place
    deps: Dependencies
    was_moved: bool = False
    older_key: str | None = None
    older_asked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def product(self) -> Product:
        """The product, whose form is in the order of the draft."""
        return self.sold.in_order(self.draft.order)

    @property
    def opened_with(self) -> str:
        """The key that the browser sent for its draft."""
        return self.older_key or self.key

    def progress(self) -> Progress:
        """How far the draft is."""
        return progress(self.product.form, self.draft)

    def url(self, path: str = "", **query: str) -> str:
        """An address within the product."""
        return self.urls(path, **query)

    def redirect(self, path: str = "", *, anchor: str = "", **query: str) -> RedirectResponse:
        """On to an address within the product."""
        query |= dict.fromkeys(self.told, "1")
        return see_other(self.urls(path, **query) + (f"#{anchor}" if anchor else ""))

    def redirect_to(self, page: Page | None, **query: str) -> RedirectResponse:
        """On to *page*, or to the confirmation where no page is left."""
        return self.redirect("confirm" if page is None else page.slug, **query)

    def unfinished_url(self) -> str:
        """The address of the page to go on with."""
        unfinished = self.progress().unfinished()
        return self.url(unfinished.slug if unfinished else "confirm")

    @property
    def has_lost(self) -> bool:
        """Whether this browser had a draft that is gone, and the next page must tell."""
        return bool({"expired", "lost"} & set(self.told))

    def lost(self, *, had_draft: bool) -> "Visit":
        """A new visit that tells what became of its draft before. *had_draft*: it must have had one."""
        loss: tuple[Loss, ...] = ("expired",) if self.has_cookie else ("lost",) if had_draft else ()
        return replace(self, told=(*self.told, *loss)) if self.is_new else self

    async def begin(self) -> "Visit":
        """A visit whose new draft may be saved: the next page must see its cookie, or there are none in this browser.

        Raises `HttpProblem` (429) for a place that begins forms by the thousand, and `Unavailable` when too many are
        stored.
        """
        if not self.deps.rate_limiter.allows("begin", self.place):
            raise HttpProblem(429, "too-many-tries")
        if not await self.deps.limit_drafts():
            raise Unavailable("drafts")
        return replace(self, told=(*self.told, "begun"))

    async def save(self, response: _Answer, draft: Draft) -> _Answer:
        """Store *draft*, and give the browser its key with *response*. Raises `HttpProblem` (413), `Unavailable`."""
        try:
            await self.deps.save_draft(self.key, draft)
        except DraftTooLarge:
            raise HttpProblem(413, "too-large") from None
        return await self.give_key(response)

    async def give_key(self, response: _Answer) -> _Answer:
        """Let *response* set the cookie with the key of the draft, which is stored."""
        if self.older_key is not None:
            await self.deps.forget_draft(self.older_key, self.older_asked)
        self.cookie.set(response, self.key)
        return response

    async def forget(self) -> None:
        """Delete the draft, and what colleagues were asked for it. Raises `Unavailable`."""
        await self.deps.forget_draft(self.opened_with, (*self.draft.asked.values(), *self.older_asked))

    @property
    def cookie(self) -> DraftCookie:
        """The cookie that the key is in."""
        return draft_cookie(self.product, self.deps)

    async def count(self, kind: Kind, draft: Draft, page: str = "", keys: tuple[str, ...] = ()) -> None:
        """Record, for the statistics, a step of this visit. What never began is not counted, and no flood of steps."""
        if draft.begun_at is None or not self.deps.rate_limiter.allows("count", self.place):
            return
        step = Step(
            product=self.product.slug,
            visit=draft.visit,
            kind=kind,
            at=self.deps.now(),
            page=page,
            keys=keys,
            order=draft.order,
        )
        await self.deps.count_step(step)


def new_draft(product: Product, posted: Typed) -> Draft:
    """An empty draft, in the order of the page that was *posted*, if it is sold; else in one that is drawn for it."""
    draft, shown = Draft(), posted.get(ORDER)
    if isinstance(shown, str) and shown in product.form_orders:
        return replace(draft, order=shown)
    return replace(draft, order=order_for(draft.visit, product.form_orders))


def page_as_shown(visit: Visit, page: Page, posted: Typed) -> Page:
    """*page* as it was asked where it was *posted* from: in another order, if another draft was begun here since."""
    return find_page(visit.sold.in_order(str(posted.get(ORDER, visit.draft.order))), page.slug)


def draft_cookie(product: Product, deps: Dependencies) -> DraftCookie:
    """The cookie of *product* at the address where browsers find us."""
    return DraftCookie(product, is_secure=deps.public_url.startswith("https://"))


async def visit(request: Request, urls: CurrentUrls, deps: Deps, posted: PostedFields) -> Visit:
    """This browser's visit, with what colleagues have added to its draft.

    What was posted is read first, so that it can be sent again when the draft cannot be read. Raises `HttpProblem`
    (400, 429), `Unavailable`.
    """
    place = locate_client(request)
    if request.method == "POST":
        deps.rate_limiter.check("keep" if request.scope["path"].endswith("/keep") else "post", place)
    cookie = draft_cookie(urls.product, deps)
    sent_key, is_older = cookie.read(request.cookies)
    if "begun" in request.query_params and not sent_key:
        # The answer before this one set a cookie: without it, every page would lead back to the first.
        raise HttpProblem(400, "no-cookie")
    draft = await deps.open_draft(sent_key) if sent_key else None
    was_moved = bool(sent_key) and draft is None and await deps.open_draft.was_moved(sent_key)
    if draft is not None and draft.helped_pages:
        draft = None  # The key of a colleague's link must not work as a cookie.
    if draft is not None and draft.sent is None:
        draft = await deps.take_over_answers(urls.product, sent_key, draft, deps.rate_limiter.telling(place))
    older_asked: tuple[str, ...] = ()
    if draft is not None and is_older:
        older_asked = tuple(draft.asked.values())
        draft = replace(draft, asked={}, link=None, is_handed_over=True, box=None)
    return Visit(
        sold=urls.product,
        urls=urls,
        draft=draft or new_draft(urls.product, posted),
        # A key without a draft is replaced (session fixation): whoever set it must not read what is typed next.
        key=sent_key if draft is not None and not is_older else cookie.new_key(),
        is_new=draft is None,
        has_cookie=bool(sent_key),
        place=place,
        deps=deps,
        was_moved=was_moved,
        older_key=sent_key if draft is not None and is_older else None,
        older_asked=older_asked,
    )


CurrentVisit = Annotated[Visit, Depends(visit)]


async def visit_if_available(request: Request, urls: CurrentUrls, deps: Deps, posted: PostedFields) -> Visit | None:
    """This browser's visit; None while the draft cannot be read, for a page that can show what was posted by itself.

    None also in a flood of posts: what was typed last is not stored, and must not be lost.
    """
    try:
        return await visit(request, urls, deps, posted)
    except Unavailable:
        return None
    except HttpProblem as error:
        if error.code != "too-many":
            raise
        return None


VisitIfAvailable = Annotated[Visit | None, Depends(visit_if_available)]


async def visit_here(visit: CurrentVisit) -> Visit:
    """A visit whose draft has not been taken to another browser. Raises `HttpProblem` (410)."""
    if visit.was_moved:
        raise HttpProblem(410, "draft-moved")
    return visit


VisitHere = Annotated[Visit, Depends(visit_here)]


async def visit_with_draft(visit: VisitHere) -> Visit:
    """A visit whose draft was begun and not sent yet. Raises `HttpProblem` (404, 410) for others."""
    if visit.is_new or visit.draft.sent is not None:
        raise HttpProblem(404, "no-draft")
    return visit


VisitWithDraft = Annotated[Visit, Depends(visit_with_draft)]
