"""Counts and totals of a book, or of one segment of it, under both tariffs."""

from collections.abc import Iterator
from dataclasses import dataclass

from pricing.actuary.impact.batch.arrays import BoolArray, exact_sum
from pricing.actuary.impact.batch.tariff import REFERRED
from pricing.actuary.impact.rerate import Rerated
from pricing.actuary.impact.segments import Segments
from pricing.actuary.impact.shares import share_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A book or one segment of it. Totals and shares are of those who are offered a premium by both tariffs."""

    name: str
    rows: int
    priced: int
    newly_referred: int
    no_longer_referred: int
    referred: int
    lower: int
    same: int
    higher: int
    before: int
    after: int
    share: int | None


def groups_by_segment(book: Rerated, segments: Segments) -> Iterator[Group]:
    """One group for each segment that has a request."""
    for position, name in enumerate(segments.names):
        rows = segments.positions == position
        if rows.any():
            yield group_of(name, book, rows)


def group_of(name: str, book: Rerated, rows: BoolArray) -> Group:
    """The group of the requests that *rows* marks."""
    before, after = book.before[rows], book.after[rows]
    was_referred, is_referred = before == REFERRED, after == REFERRED
    both = ~(was_referred | is_referred)
    change = after[both] - before[both]
    total_before, total_after = exact_sum(before[both]), exact_sum(after[both])
    return Group(
        name=name,
        rows=len(before),
        priced=int(both.sum()),
        newly_referred=int((~was_referred & is_referred).sum()),
        no_longer_referred=int((was_referred & ~is_referred).sum()),
        referred=int((was_referred & is_referred).sum()),
        lower=int((change < 0).sum()),
        same=int((change == 0).sum()),
        higher=int((change > 0).sum()),
        before=total_before,
        after=total_after,
        share=share_of(total_after - total_before, total_before),
    )
