"""The desk is told of promises that were not kept in time: one letter for all cases that were found together.

It says what is due and since when, and nothing about the customers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import DeskContext, LetterFields, fields_of_product
from shared.events import CaseOverdue, LetterKind, Promise

_PROMISES: Final[dict[Promise, str]] = {
    "first-answer": "初回のご連絡",
    "referral": "個別のお見積りの回答",
    "call-again": "再度のお電話",
    "result": "お見積りの結果",
}


@dataclass(frozen=True, slots=True)
class OverdueLine:
    """One case of the list."""

    reception_no: str
    promise: str
    due_at: str
    case_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueFields(LetterFields):
    """What is due. `count`: also those that are not listed (`more`)."""

    count: int
    cases: tuple[OverdueLine, ...]
    more: int
    list_url: str

    @property
    def links(self) -> tuple[str, ...]:
        """The pages of the cases, and of their list."""
        return (self.list_url, *(case.case_url for case in self.cases))


def is_about_results(fact: CaseOverdue) -> bool:
    """Whether *fact* is about results that are late, and not about what the desk itself has promised."""
    return all(case.promise == "result" for case in fact.cases)


def about_cases(
    kind: LetterKind, name: str, *, list_query: str, is_meant: Callable[[CaseOverdue], bool]
) -> LetterDeclaration[DeskContext, CaseOverdue, OverdueFields]:
    """A letter about the cases of a fact that *is_meant*. *list_query*: of the list that shows all of its kind."""

    def due(known: KnownFacts, _release: Release) -> Iterator[Occasion[CaseOverdue]]:
        if isinstance(fact := known.alone, CaseOverdue) and is_meant(fact):
            yield Occasion(about=fact.request_id, since=fact.noticed_at, fact=fact)

    return LetterDeclaration(
        kind=kind,
        name=name,
        reader="desk",
        due=due,
        fields=OverdueFields,
        fill=lambda context, fact: _filled(context, fact, list_query),
        needs_contact=False,
    )


def _filled(context: DeskContext, fact: CaseOverdue, list_query: str) -> OverdueFields:
    lines = (
        OverdueLine(
            reception_no=case.reception_no,
            promise=_PROMISES[case.promise],
            due_at=wording.minute(case.due_at),
            case_url=f"{context.dashboard}/cases/{case.request_id}",
        )
        for case in fact.cases
    )
    return OverdueFields(
        **fields_of_product(context.product),
        count=len(fact.cases) + fact.more,
        cases=tuple(lines),
        more=fact.more,
        list_url=f"{context.dashboard}/?{list_query}",
    )


DESK_OVERDUE: Final = about_cases(
    "desk-overdue",
    "期限超過のお知らせ",
    list_query="tab=overdue",
    is_meant=lambda fact: not is_about_results(fact),
)
