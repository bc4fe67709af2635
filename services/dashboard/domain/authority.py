"""Who may set which premium alone: the product's grants, applied to one decision. Above them, four eyes decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.dashboard.domain.quote_terms import AnyQuote, tariff_premium
from services.dashboard.domain.roles import Role, Staff
from shared.events import QuoteOffered, QuoteReferred
from shared.products import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class SetByHand:
    """A premium that somebody wants to set, in 円 a year.

    `tariff_premium`: for the same terms; None when the tariff has none. `reasons`: why the tariff has none; None when
    that cannot be read.
    """

    premium_yen: int
    tariff_premium: int | None
    reasons: frozenset[str] | None


def priced_referral(quotes: Sequence[AnyQuote]) -> QuoteReferred | None:
    """The referral that a premium by hand answers; None where the tariff has priced something.

    *quotes*: all of the case, in their order. A premium by hand rests on the quote before it.
    """
    by_rating = (quote for quote in reversed(quotes) if not _is_by_hand(quote))
    first = next(by_rating, None)
    return first if isinstance(first, QuoteReferred) else None


def set_by_hand(premium_yen: int, quotes: Sequence[AnyQuote], reasons: Collection[str] | None) -> SetByHand:
    """What is to be decided about the latest of *quotes*. *reasons*: those of `priced_referral`; None: unreadable."""
    known = None if reasons is None else frozenset(reasons)
    is_referral = priced_referral(quotes) is not None
    return SetByHand(
        premium_yen=premium_yen,
        tariff_premium=tariff_premium(quotes),
        reasons=known if is_referral else frozenset(),
    )


def may_set(staff: Staff, wanted: SetByHand, grants: Sequence[Grant]) -> bool:
    """Whether one grant allows all of it: two that allow half each do not add up."""
    return any(staff.is_at_least(Role(grant.role)) and _allows(grant, wanted) for grant in grants)


def _allows(grant: Grant, wanted: SetByHand) -> bool:
    if wanted.premium_yen > grant.premium_up_to:
        return False
    if wanted.reasons is None:
        return False
    if wanted.tariff_premium is None:
        # The nearest cover was priced, and another one is asked for: nothing says how far this is from it.
        return bool(wanted.reasons) and wanted.reasons <= grant.reasons
    return _is_within(wanted.premium_yen, wanted.tariff_premium, grant.deviation_up_to)


def _is_within(premium_yen: int, of_tariff: int, percent: int) -> bool:
    """Exactly, in whole numbers: a deviation that is shown as 10.0 % may be more."""
    return abs(premium_yen - of_tariff) * 100 <= percent * of_tariff


def _is_by_hand(quote: AnyQuote) -> bool:
    return isinstance(quote, QuoteOffered) and quote.basis == "manual"
