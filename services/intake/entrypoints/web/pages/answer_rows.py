"""The answers in words, as the confirmation and the copy show them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from services.intake.domain.copy import Copy, CopyGroup, CopyRow
from services.intake.domain.draft import Draft
from services.intake.domain.progress import Progress
from shared.answers.messages import title
from shared.answers.reading import Answers, Value
from shared.clock import JST
from shared.events import RequestReceived
from shared.products import Form, Page, Product, Question, Section
from shared.yen import spoken_yen

_UNKNOWN: Final = "unknown"
"""わからない, in every scale that has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """An answer as it will be sent, and the address to change it. `name` is the question in short.

    `is_unknown`: わからない. `reaches`: a mail address, on which every answer of ours depends.
    """

    key: str
    label: str
    name: str
    answer: str
    change: str
    is_unknown: bool = False
    reaches: bool = False
    by: str = ""
    """Who has answered it, where that was a colleague."""


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one section."""

    title: str
    rows: tuple[AnswerRow, ...]

    @property
    def unknown(self) -> int:
        """How many questions were answered with わからない."""
        return sum(row.is_unknown for row in self.rows)

    def needs_a_look(self, keys: frozenset[str]) -> bool:
        """Whether it is shown unfolded: *keys* are the questions about which the page says something."""
        return any(row.is_unknown or row.reaches or row.key in keys for row in self.rows)


_NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def answered_by(form: Form, draft: Draft) -> Mapping[str, str]:
    """Who has answered a question, where that was a colleague and nobody has changed it since."""
    who = {question.key: page.role or "社内の方" for page in form.pages for question in page.questions}
    return {key: f"{role}が回答" for key, role in who.items() if draft.is_theirs(key)}


def answer_groups(progress: Progress, by: Mapping[str, str] = _NOBODY) -> tuple[AnswerGroup, ...]:
    """Every answer as it will be sent, in the form's own sections; those of one title are told apart by their pages.

    *by*: who has answered it, by key.
    """
    asked, answers = {question.key for question in progress.checked.asked}, progress.checked.answers
    titles = Counter(section.title for page in progress.pages for section in page.sections)
    return tuple(
        AnswerGroup(_title(page, section, is_alone=titles[section.title] == 1), rows)
        for page in progress.pages
        for section in page.sections
        if (rows := tuple(_row(page, question, answers, by) for question in section.questions if question.key in asked))
    )


def copy_of(
    product: Product, progress: Progress, event: RequestReceived, shown: tuple[AnswerGroup, ...] | None = None
) -> Copy:
    """What *event* accepted, in the words of *product* as it is now: right only while these are what was shown.

    *shown* are the answers of *progress*, where they are in words already.
    """
    groups = (
        CopyGroup(group.title, tuple(CopyRow(row.label, row.answer) for row in group.rows))
        for group in shown or answer_groups(progress)
    )
    return Copy(
        reception_no=event.reception_no,
        sent_at=event.accepted_at,
        form_version=event.form_version,
        consent_version=product.privacy.version,
        product=product.name,
        insurer=product.insurer_on(event.accepted_at.astimezone(JST).date()),
        notices=product.notices,
        groups=(*groups, _consents(progress)),
    )


def _consents(progress: Progress) -> CopyGroup:
    """What was agreed to on the last page."""
    answers = progress.checked.answers
    rows = (
        CopyRow(question.label, _in_words(question, answers[question.key]))
        for question in progress.form.confirm
        if question.key in answers
    )
    return CopyGroup("個人情報の取扱い", tuple(rows))


def _title(page: Page, section: Section, *, is_alone: bool) -> str:
    if not section.title:
        return page.title
    return section.title if is_alone else f"{section.title}（{page.title}）"


def _row(page: Page, question: Question, answers: Answers, by: Mapping[str, str]) -> AnswerRow:
    return AnswerRow(
        key=question.key,
        label="\n".join((f"{question.number} {question.label}".strip(), *question.parts)),
        name=title(question),
        answer=_in_words(question, answers.get(question.key)),
        change=f"{page.slug}?back=confirm#{question.key}",
        is_unknown=answers.get(question.key) == _UNKNOWN,
        reaches=question.kind == "email",
        by=by.get(question.key, ""),
    )


def _in_words(question: Question, value: Value | None) -> str:
    if value is None:
        return "未回答（任意）"
    if question.choices:
        given = {str(single) for single in (value if isinstance(value, list) else [value])}
        return "、".join(
            f"{choice.label}（{choice.meaning}）" if choice.meaning else choice.label
            for choice in question.choices
            if choice.value in given
        )
    return f"{value:,}{question.unit}（{spoken_yen(value * 1000)}）" if isinstance(value, int) else str(value)
