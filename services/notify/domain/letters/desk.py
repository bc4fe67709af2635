"""The desk's letter: staff learn of a request once, with everything that they have to do, and of every later revision.

A revision is told even though staff made it: a premium that somebody else got in must not go out unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import DeskFields, RequestContext, fields_for_desk
from services.notify.domain.offer import quote_no
from services.notify.domain.suspicions import in_sentences
from shared.events import QuoteOffered, QuoteReferred
from shared.yen import yen

_Result = QuoteOffered | QuoteReferred | None
"""None: no quote was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What the desk is told: a request with its result, or a later quote and the one *before* it."""

    quote: _Result
    before: _Result = None
    is_revision: bool = False
    is_held: bool
    """Whether the mails to the contact wait for staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsFields(DeskFields):
    """What was asked for, what came of it, and what is to do."""

    marks: tuple[str, ...]
    """What is to do, in a word each, for the subject."""
    brochure: str
    wants_quote: bool
    result: Literal["offered", "referred", "none"]
    quote_no: str
    premium: str
    premium_before: str
    changed: bool
    is_manual: bool
    is_revision: bool
    is_held: bool
    release: Release
    suspicions: tuple[str, ...]
    misprinted: tuple[str, ...]
    """What the 見積書 shows with 〓 in it, because its fonts lack a character: 企業名, 担当部署, 担当者名."""
    reply_within: str


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[News]]:
    """Once for each request, even when revision 2 arrives before 1: `about` is the request, without a revision."""
    request, since, is_held = known.request, known.desk_since, known.contact_since is None
    if request is None or since is None:
        return
    quotes = sorted(known.quotes, key=lambda quote: (quote.revision, quote.issued_at, quote.quote_id))
    first = quotes[0] if quotes and request.wishes.quote else None
    if first or not request.wishes.quote:
        yield Occasion(about=request.request_id, since=since, fact=News(quote=first, is_held=is_held))
    for before, quote in zip([None, *quotes], quotes, strict=False):
        if quote is not first or quote.revision > 1:
            news = News(quote=quote, before=before, is_revision=True, is_held=is_held)
            yield Occasion(about=quote.quote_id, since=max(since, quote.issued_at), fact=news, revision=quote.revision)


def _fill(context: RequestContext, news: News) -> NewsFields:
    request, quote = context.request, news.quote
    offer = quote if isinstance(quote, QuoteOffered) else None
    return NewsFields(
        **fields_for_desk(context),
        marks=tuple(_marks(context, news)),
        brochure=request.wishes.brochure,
        wants_quote=request.wishes.quote,
        result=_result(quote),
        quote_no=quote_no(quote) if quote else "",
        premium=_premium(quote),
        premium_before=_premium(news.before),
        changed=offer is not None and bool(offer.changes),
        is_manual=offer is not None and offer.basis == "manual",
        is_revision=news.is_revision,
        is_held=news.is_held,
        release=context.product.release,
        suspicions=tuple(in_sentences(request.suspicions)),
        misprinted=_misprinted(context, news),
        reply_within=context.product.agency.reply_within,
    )


def _marks(context: RequestContext, news: News) -> Iterator[str]:
    if news.is_revision:
        yield "改訂"
    if context.request.suspicions or _misprinted(context, news):
        yield "要確認"
    if news.is_held:
        yield "メール停止中"
    match news.quote:
        case QuoteReferred():
            yield "要対応"
        case QuoteOffered() if not news.is_held:
            yield "要承認" if context.product.release == "desk" else "見積済"
        case None:
            yield "資料請求"
    if context.request.wishes.brochure == "post" and not news.is_revision:
        yield "郵送"


def _misprinted(context: RequestContext, news: News) -> tuple[str, ...]:
    if not isinstance(news.quote, QuoteOffered):
        return ()
    contact = context.contact
    names = {"企業名": contact.company, "担当部署": contact.department, "担当者名": contact.person}
    return tuple(label for label, name in names.items() if not context.can_print(name))


def _result(quote: _Result) -> Literal["offered", "referred", "none"]:
    match quote:
        case QuoteOffered():
            return "offered"
        case QuoteReferred():
            return "referred"
        case None:
            return "none"


def _premium(quote: _Result) -> str:
    """Empty where there is none: a quote that is broken must not keep the letter from the desk."""
    head = quote.head if isinstance(quote, QuoteOffered) else None
    return yen(head.premium) if head else ""


DESK: Final = LetterDeclaration(
    kind="desk",
    name="新しい依頼",
    reader="desk",
    due=_due,
    fields=NewsFields,
    fill=_fill,
    needs_contact=False,
)
