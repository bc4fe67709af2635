"""Whether a 見積書 that somebody holds was issued here, and whether it still stands (真贋確認)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from services.intake.domain.outcome import KnownQuote, Outcome

Standing = Literal["valid", "superseded", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedQuote:
    """A quote whose 見積書 has gone out. Nothing in it says whose it is.

    `followed_by`: the 見積番号 of the one that holds in its place. `sha256s`: of every PDF that was made of it.
    """

    quote: KnownQuote
    issued_at: datetime
    expires_on: date
    standing: Standing
    followed_by: str | None
    sha256s: frozenset[str]


def issued_quote(found: Outcome, outcomes: Iterable[Outcome], today: date) -> IssuedQuote | None:
    """The quote of the outcome *found*, among all *outcomes* of its request. *today*: in Japan.

    None: it is no offer, or nobody knows that a 見積書 of it has left us, as of those before this version.
    A later offer counts once its own 見積書 has gone out, or could not: before, nobody could know of it.
    A later referral counts at once: nobody may rely on the price any more.
    """
    quote = found.quote
    if quote is None or quote.expires_on is None:
        return None
    known = list(outcomes)
    papers = [one.paper for one in known if one.paper is not None]
    sha256s = frozenset(paper.sha256 for paper in papers if paper.quote_no == quote.quote_no)
    if not sha256s:
        return None
    sent = {paper.quote_no for paper in papers}
    later = {one.quote: one.at for one in known if one.quote and one.quote.revision > quote.revision}
    failed_at = max((one.at for one in known if (one.letter, one.fate) == ("quote", "failed")), default=None)
    told = [
        one
        for one, at in later.items()
        if one.expires_on is None or one.quote_no in sent or (failed_at is not None and failed_at >= at)
    ]
    latest = max(told, key=lambda one: one.revision, default=None)
    return IssuedQuote(
        quote=quote,
        issued_at=found.at,
        expires_on=quote.expires_on,
        standing=_standing(latest, is_over=quote.expires_on < today),
        followed_by=latest.quote_no if latest and latest.expires_on else None,
        sha256s=sha256s,
    )


def _standing(latest: KnownQuote | None, *, is_over: bool) -> Standing:
    if latest is not None:
        return "withdrawn" if latest.expires_on is None else "superseded"
    return "expired" if is_over else "valid"
