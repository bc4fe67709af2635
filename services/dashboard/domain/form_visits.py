"""How far the visitors of the forms came: what the counts of several days come to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.events import FormCounted
from shared.products import Product

MOST_ERRORS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What the newest count of a product's form says of one day, in Japan."""

    product: str
    day: date
    started: int
    passed: dict[str, int]
    errors: dict[str, int]
    sent: int


@dataclass(frozen=True, slots=True)
class Stage:
    """How many visits came so far, and how many of those of the stage before did not."""

    label: str
    count: int
    lost: int


@dataclass(frozen=True, slots=True)
class FormVisits:
    """One form: its stages in their order, and the answers that are refused most often, with how often."""

    name: str
    stages: tuple[Stage, ...]
    errors: tuple[tuple[str, int], ...]


def day_count(event: FormCounted) -> DayCount:
    """*event* without what belongs to events."""
    return DayCount(
        product=event.product,
        day=event.day,
        started=event.started,
        passed={one.key: one.count for one in event.passed},
        errors={one.key: one.count for one in event.errors},
        sent=event.sent,
    )


def visits_of(product: Product, counts: Iterable[DayCount]) -> FormVisits:
    """What *counts* of its form come to. Pages that only former forms had are no stage of today's."""
    started = sent = 0
    passed: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for count in counts:
        started += count.started
        sent += count.sent
        passed.update(count.passed)
        errors.update(count.errors)
    stages = [("入力をはじめた", started)]
    stages += [(f"「{page.title}」を終えた", passed[page.slug]) for page in product.form.pages]
    stages.append(("送信した", sent))
    named = tuple((product.question_label(key), number) for key, number in errors.most_common(MOST_ERRORS))
    return FormVisits(product.name, tuple(_with_losses(stages)), named)


def _with_losses(stages: Sequence[tuple[str, int]]) -> Iterable[Stage]:
    """A page that is not asked of everybody may be completed by fewer than the one after it: then nobody is lost."""
    before = stages[0][1]
    for label, count in stages:
        yield Stage(label, count, max(before - count, 0))
        before = count
