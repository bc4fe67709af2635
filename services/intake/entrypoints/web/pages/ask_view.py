"""The page on which a colleague is asked: the link, the ways to send it, and its HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Response

from services.intake.entrypoints.web.html import html_page
from services.intake.entrypoints.web.urls import find_page
from services.intake.entrypoints.web.visit import Visit
from shared.answers.reading import Problem
from shared.products import Page, Product
from shared.web.problems import HttpProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What the draft of *visit* asks a colleague about `page`."""

    visit: Visit
    page: Page

    @classmethod
    def of(cls, visit: Visit, slug: str) -> "Ask":
        """Raises `HttpProblem` (404) for a page that nobody else is asked about."""
        page = find_page(visit.product, slug)
        if not page.colleague:
            raise HttpProblem(404, "no-draft")
        return cls(visit=visit, page=page)

    @property
    def key(self) -> str | None:
        """That of the link that leads to the page; None without one."""
        return self.visit.draft.asked.get(self.page.slug)

    @property
    def is_answered(self) -> bool:
        """Whether the colleague's answers were taken over."""
        return self.page.slug in self.visit.draft.heard

    @property
    def pages(self) -> Sequence[Page]:
        """All pages of that link; none without one."""
        asked = self.visit.draft.asked
        return [other for other in self.visit.product.form.pages if self.key and asked.get(other.slug) == self.key]

    @property
    def together(self) -> Sequence[Page]:
        """The pages that somebody with the page's role can answer, as far as the answers lead there; and itself."""
        led_to, page = self.visit.progress().pages, self.page
        return [
            other
            for other in self.visit.product.form.pages
            if other == page or (page.role and other.role == page.role and other in led_to)
        ]

    @property
    def url(self) -> str:
        """The address of this page."""
        return self.visit.url(f"ask/{self.page.slug}")

    def html(self, *, mailed: str = "", typed: str = "", problems: Sequence[Problem] = ()) -> Response:
        """`mailed`: what was done last. `typed`: where to, with *problems*."""
        link = f"{self.visit.deps.public_url}{self.visit.url(f'help/{self.key}')}" if self.key else ""
        together, pages = self.together, self.pages
        return html_page(
            "ask.html",
            self.visit.product,
            HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            page=self.page,
            pages=pages,
            together=together if len(together) > 1 else (),
            minutes=sum(other.minutes for other in together),
            link=link,
            mail=_mail(self.visit.product, pages, link),
            mailed=mailed,
            typed=typed,
            problems=problems,
            answered=self.is_answered,
            action=self.url,
            back=self.visit.url(self.page.slug),
            following=self.visit.unfinished_url(),
        )


def _mail(product: Product, pages: Sequence[Page], link: str) -> str:
    """The link that begins a mail in the customer's own mail program: they know best what to write to whom."""
    titles = "、".join(page.title for page in pages)
    subject = f"{product.name}のお見積り：「{titles}」のご回答のお願い"
    body = f"お疲れさまです。\n{product.name}の見積りに必要な質問（{titles}）への回答をお願いします。\n\n{link}\n"
    return f"mailto:?subject={quote(subject)}&body={quote(body)}"
