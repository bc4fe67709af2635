"""The ways through a form: the same sections on other pages, in another order. The insurer's own is the file's."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.products.conditions import Condition
from shared.products.form.check_conditions import CONFIRM, Finding
from shared.products.form.form import INSURERS_ORDER
from shared.products.form.schema import FormSchema, OrderedPageSchema, OrderSchema, PageSchema, SectionSchema
from shared.products.lines import Place


@dataclass(frozen=True, slots=True)
class OrderedPage:
    """A page of an order, with its sections as the file has them."""

    schema: PageSchema | OrderedPageSchema
    sections: tuple[SectionSchema, ...]


def ordered_pages(order: OrderSchema, form: FormSchema) -> tuple[OrderedPage, ...]:
    """The pages of *order*. What it names and *form* does not have is left out: the check has found it before."""
    pages, named = {page.slug: page for page in form.pages}, _named(form)
    return tuple(
        OrderedPage(pages[entry], tuple(pages[entry].sections))
        if isinstance(entry, str)
        else OrderedPage(entry, tuple(one for name in entry.sections for one in named.get(name, ())))
        for entry in order.pages
        if not isinstance(entry, str) or entry in pages
    )


def order_findings(form: FormSchema) -> Iterator[Finding]:
    """Everything that is wrong with the names of sections and with the orders."""
    for name, sections in _named(form).items():
        if len(sections) > 1:
            yield ("pages",), f"two sections are called {name}"
    for name, order in form.orders.items():
        place: Place = ("orders", name)
        if name == INSURERS_ORDER:
            yield place, "the order of the pages above is called that already"
        unknown = list(_unknown(order, form, place))
        yield from unknown
        if not unknown:
            pages = ordered_pages(order, form)
            yield from _once(pages, form, place)
            yield from _later(pages, form, place)


def _named(form: FormSchema) -> dict[str, list[SectionSchema]]:
    named: dict[str, list[SectionSchema]] = {}
    for section in (section for page in form.pages for section in page.sections):
        if section.name is not None:
            named.setdefault(section.name, []).append(section)
    return named


def _unknown(order: OrderSchema, form: FormSchema, place: Place) -> Iterator[Finding]:
    slugs, names = {page.slug for page in form.pages}, _named(form).keys()
    for number, entry in enumerate(order.pages):
        if isinstance(entry, str):
            if entry not in slugs:
                yield (*place, "pages", number), f"there is no page {entry}"
            continue
        for name in entry.sections:
            if name not in names:
                yield (*place, "pages", number, "sections"), f"no section is called {name}"


def _once(pages: Sequence[OrderedPage], form: FormSchema, place: Place) -> Iterator[Finding]:
    """Every section is asked, and none twice; no two pages have one address."""
    found = Counter(id(section) for page in pages for section in page.sections)
    for section in (section for page in form.pages for section in page.sections):
        if (times := found[id(section)]) != 1:
            wrong = "stands twice" if times else "is not asked"
            yield (*place, "pages"), f"the section {section.name or section.title} {wrong}"
    for slug, times in Counter(page.schema.slug for page in pages).items():
        if times > 1 or slug == CONFIRM:
            yield (*place, "pages"), f"{slug} stands twice" if times > 1 else "the last page is called that already"


def _later(pages: Sequence[OrderedPage], form: FormSchema, place: Place) -> Iterator[Finding]:
    """A condition may speak only of questions further up, in this order too."""
    asked: set[str] = set()
    every = {question.key for page in form.pages for section in page.sections for question in section.questions}
    for page in pages:
        yield from _asked_later(page.schema.when, asked, every, place)
        for section in page.sections:
            yield from _asked_later(section.when, asked, every, place)
            for question in section.questions:
                yield from _asked_later(question.when, asked, every, place)
                if not isinstance(question.required, bool):
                    yield from _asked_later(question.required, asked, every, place)
                asked.add(question.key)


def _asked_later(
    condition: Mapping[str, Any] | None, asked: set[str], every: set[str], place: Place
) -> Iterator[Finding]:
    for key, _ in Condition(condition or {}).terms():
        if key in every - asked:
            yield (*place, "pages"), f"{key} is asked later than what depends on it"
