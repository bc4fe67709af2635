"""`Papers` for customers: the blank questionnaire and the copy of what was sent."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from services.intake.adapters.paper_queue import PaperQueue
from services.intake.domain.copy import Copy, CopyGroup, CopyRow
from shared.clock import JST
from shared.errors import Invalid
from shared.products import Page, Product, Question, Section
from shared.products.documents import FONTS, check_documents
from shared.runtime.typst import Compiler, Fill, Show, Typesetter

PAPERS: Final[Mapping[str, frozenset[str]]] = {
    "questionnaire": frozenset({"title", "version", "privacy", "pages", "consents"}),
    "copy": frozenset({"reception_no", "sent_at", "form_version", "consent_version", "groups"}),
}
"""What the template of each paper may use, in addition to `Product.about`."""


def check_papers(folder: Path, notices: Mapping[str, str]) -> None:
    """Check the templates of both papers, before a customer waits for one. Raises `ProductError`."""
    check_documents(folder, PAPERS, notices)


_SPECIMEN: Final = Copy(
    reception_no="MIHON234",
    sent_at=datetime(2026, 1, 1, tzinfo=JST),
    form_version="1",
    consent_version="1",
    product="見本",
    insurer="見本",
    notices={},
    groups=(CopyGroup("見本", (CopyRow("見本", "見本の回答"),)),),
)


class PaperNotMade(Exception):
    """A template passed the checks at start, but makes no PDF of this data."""


class TypstPapers:
    """Each product's own templates. Copies are made once: each is kept for a while, by what is on it."""

    def __init__(self, now: Callable[[], datetime], compiler: Compiler, fonts: Path = FONTS) -> None:
        self._typesetter = Typesetter(fonts, compiler)
        self._now = now
        self._questionnaires: dict[str, bytes] = {}
        self._copies = PaperQueue()

    def can_print(self, text: str) -> bool:
        return self._typesetter.can_print(text)

    async def prepare(self, products: Iterable[Product]) -> None:
        """Make every paper once: a template that cannot be set stops the start, and no customer waits for the first."""
        for product in products:
            await self.questionnaire(product)
            await self._copy(product, _SPECIMEN)

    async def questionnaire(self, product: Product) -> bytes:
        """`documents/questionnaire.typ`, made once."""
        if product.slug not in self._questionnaires:
            form = product.form
            data = {
                **product.about,
                "title": form.title,
                "version": form.version,
                "privacy": product.privacy.text,
                "pages": [_page(page) for page in form.pages],
                "consents": [_question(question, ()) for question in form.confirm],
            }
            self._questionnaires[product.slug] = await self._pdf(
                product, "questionnaire", lambda _show: data, self._now()
            )
        return self._questionnaires[product.slug]

    async def copy(self, product: Product, copy: Copy, client: str = "") -> bytes:
        """`documents/copy.typ` with *copy*, and today's agency.

        Raises `Unavailable` when too many papers wait, of all or of *client*.
        """
        on_it = repr((product.slug, copy)).encode("utf-8", "surrogatepass")
        return await self._copies.get(sha256(on_it).hexdigest(), lambda: self._copy(product, copy), client)

    async def _copy(self, product: Product, copy: Copy) -> bytes:
        sent_at = copy.sent_at.astimezone(JST)

        def fill(show: Show) -> dict[str, Any]:
            return {
                **product.about,
                "product": copy.product,
                "insurer": copy.insurer,
                # Today's template may show a notice that there was not.
                "notices": {**product.notices, **copy.notices},
                "reception_no": copy.reception_no,
                "sent_at": f"{sent_at:%Y年}{sent_at.month}月{sent_at.day}日 {sent_at:%H時%M分}",
                "form_version": copy.form_version,
                "consent_version": copy.consent_version,
                "groups": [_group(group, show) for group in copy.groups],
            }

        return await self._pdf(product, "copy", fill, copy.sent_at)

    async def _pdf(self, product: Product, name: str, fill: Fill, made_at: datetime) -> bytes:
        template = product.folder / "documents" / f"{name}.typ"
        try:
            return await self._typesetter.pdf(template, product.folder, fill, made_at)
        except Invalid as error:
            # Nothing that the customer sent is wrong, so it must not be answered as if it were (422): it is a bug.
            raise PaperNotMade(name) from error


def _group(group: CopyGroup, show: Show) -> dict[str, Any]:
    return {
        "title": group.title,
        "rows": [{"label": row.label, "answer": show(row.answer)} for row in group.rows],
    }


def _page(page: Page) -> dict[str, Any]:
    sections = [
        {
            "title": section.title,
            "ours": section.ours,
            "paragraphs": section.said,
            "questions": list(_questions(section)),
        }
        for section in page.sections
    ]
    return {"title": page.title, "sections": sections}


def _questions(section: Section) -> Iterable[dict[str, Any]]:
    own = {question.key for question in section.questions}
    for question in section.questions:
        if question.opened_by not in own:
            below = tuple(other for other in section.questions if other.opened_by == question.key)
            yield _question(question, below)


def _question(question: Question, below: tuple[Question, ...]) -> dict[str, Any]:
    return {
        "number": question.number,
        "label": question.label,
        "parts": list(question.parts),
        "notes": question.said,
        "opening": question.opening or _opening(question, below),
        "hint": question.hint,
        "unit": question.unit,
        "required": question.required is not False,
        "lines": 4 if question.kind == "long_text" else 1,
        "choices": [{"label": choice.label, "meaning": choice.meaning} for choice in question.choices],
        "below": [_question(other, ()) for other in below],
    }


def _opening(question: Question, below: tuple[Question, ...]) -> str:
    """When what is below is asked, where the insurer's form does not say so itself."""
    wanted = {value for other in below if other.when for key, value in other.when.terms() if key == question.key}
    labels = "」「".join(choice.label for choice in question.choices if choice.value in wanted)
    return f"「{labels}」の場合" if labels else ""
