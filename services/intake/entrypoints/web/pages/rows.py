"""The answers as the confirmation shows them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.intake.domain.answers import Checked
from services.intake.domain.journey import Journey
from services.intake.domain.messages import title
from services.intake.domain.reading import Value
from shared.products import Form, Page, Question, Section
from shared.yen import spoken_yen


@dataclass(frozen=True, slots=True)
class Row:
    """An answer as it will be sent, and where to change it. `name` is the question in short."""

    label: str
    name: str
    answer: str
    change: str


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one section."""

    title: str
    rows: tuple[Row, ...]


def groups(way: Journey) -> tuple[Group, ...]:
    """Every answer as it will be sent, in the form's own sections."""
    return tuple(
        Group(section.title or page.title, rows)
        for page in way.route
        for section in page.sections
        if (rows := tuple(_rows(way.checked, page, section)))
    )


def consents(way: Journey, form: Form) -> Group:
    """What was agreed to on the last page."""
    asked = [question for question in form.confirm if question.key in way.checked.answers]
    rows = (Row(one.label, one.label, _answer(one, way.checked.answers[one.key]), "") for one in asked)
    return Group("個人情報の取扱い", tuple(rows))


def _rows(checked: Checked, page: Page, section: Section) -> Iterable[Row]:
    asked = {question.key for question in checked.asked}
    for question in section.questions:
        if question.key in asked:
            change = f"{page.slug}?back=confirm#{question.key}"
            label = "\n".join((f"{question.number} {question.label}".strip(), *question.parts))
            yield Row(label, title(question), _answer(question, checked.answers.get(question.key)), change)


def _answer(question: Question, value: Value | None) -> str:
    if value is None:
        return "未回答（任意）"
    if question.choices:
        given = {str(one) for one in (value if isinstance(value, list) else [value])}
        return "、".join(
            f"{choice.label}（{choice.meaning}）" if choice.meaning else choice.label
            for choice in question.choices
            if choice.value in given
        )
    return f"{value:,}{question.unit}（{spoken_yen(value * 1000)}）" if isinstance(value, int) else str(value)
