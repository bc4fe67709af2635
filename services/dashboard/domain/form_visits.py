"""How far the visitors of the forms came: what the counts of several days come to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Final

from shared.events import FormCounted
from shared.products import INSURERS_ORDER, Form, Product

MOST_ERRORS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDay:
    """What was counted of one day in one order of the form. `minutes`: how many visits were sent after so many."""

    order: str
    started: int
    passed: dict[str, int]
    sent: int
    minutes: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """What the newest count of a product's form says of one day, in Japan."""

    product: str
    day: date
    started: int
    passed: dict[str, int]
    errors: dict[str, int]
    sent: int
    orders: tuple[OrderDay, ...] = ()
    """None in what was counted before there were orders: then all were asked in the insurer's."""

    @property
    def by_order(self) -> tuple[OrderDay, ...]:
        """What was counted, by the order of the form."""
        before = OrderDay(order=INSURERS_ORDER, started=self.started, passed=self.passed, sent=self.sent, minutes={})
        return self.orders or (before,)


@dataclass(frozen=True, slots=True)
class Stage:
    """How many visits came so far, and how many of those of the stage before did not."""

    label: str
    count: int
    lost: int


@dataclass(frozen=True, slots=True)
class OrderVisits:
    """One order of a form: its stages, and how many minutes most people took; None while none is known."""

    title: str
    stages: tuple[Stage, ...]
    minutes: int | None

    @property
    def started(self) -> int:
        """How many visits began."""
        return self.stages[0].count

    @property
    def sent(self) -> int:
        """How many were sent."""
        return self.stages[-1].count


@dataclass(frozen=True, slots=True)
class FormVisits:
    """One form: each order that had visits, and the answers that are refused most often, with how often."""

    name: str
    orders: tuple[OrderVisits, ...]
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
        orders=tuple(
            OrderDay(
                order=of_order.order,
                started=of_order.started,
                passed={one.key: one.count for one in of_order.passed},
                sent=of_order.sent,
                minutes={one.key: one.count for one in of_order.minutes},
            )
            for of_order in event.orders
        ),
    )


def visits_of(product: Product, counts: Iterable[DayCount]) -> FormVisits:
    """What *counts* of its form come to. Pages that only former forms had are no stage of today's."""
    days: dict[str, list[OrderDay]] = {}
    errors: Counter[str] = Counter()
    for count in counts:
        errors.update(count.errors)
        for of_order in count.by_order:
            days.setdefault(of_order.order, []).append(of_order)
    # An order that the form has no more comes last, under its name.
    names = [name for name in product.form.orders if name in days]
    names += sorted(days.keys() - product.form.orders.keys())
    orders = (_order_visits(product.form, name, days[name]) for name in names)
    named = tuple((product.question_label(key), number) for key, number in errors.most_common(MOST_ERRORS))
    return FormVisits(product.name, tuple(order for order in orders if order.started), named)


def _order_visits(form: Form, name: str, days: Iterable[OrderDay]) -> OrderVisits:
    started = sent = 0
    passed: Counter[str] = Counter()
    minutes: Counter[int] = Counter()
    for day in days:
        started += day.started
        sent += day.sent
        passed.update(day.passed)
        minutes.update({int(minute): count for minute, count in day.minutes.items()})
    stages = [("入力をはじめた", started)]
    stages += [(f"「{page.title}」を終えた", passed[page.slug]) for page in form.in_order(name).pages]
    stages.append(("送信した", sent))
    title = form.orders[name].title if name in form.orders else name
    return OrderVisits(title, tuple(_with_losses(stages)), median_low(minutes.elements()) if minutes else None)


def _with_losses(stages: Sequence[tuple[str, int]]) -> Iterable[Stage]:
    """A page that is not asked of everybody may be completed by fewer than the one after it: then nobody is lost."""
    before = stages[0][1]
    for label, count in stages:
        yield Stage(label, count, max(before - count, 0))
        before = count
