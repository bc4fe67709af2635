"""The desk is told of requests whose result does not come: one letter for all that were found together."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.notify.domain import wording
from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import DeskContext, LetterFields, fields_of_product
from shared.events import CaseOverdue


@dataclass(frozen=True, slots=True)
class LateLine:
    """One request of the list."""

    reception_no: str
    late_since: str
    case_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFields(LetterFields):
    """What has no result yet. `count`: also those that are not listed (`more`)."""

    count: int
    cases: tuple[LateLine, ...]
    more: int
    list_url: str

    @property
    def links(self) -> tuple[str, ...]:
        """The pages of the cases, and of their list."""
        return (self.list_url, *(case.case_url for case in self.cases))


def is_about_results(fact: CaseOverdue) -> bool:
    """Whether *fact* is about results that are late, and not about what the desk itself has promised."""
    return all(case.promise == "result" for case in fact.cases)


def _due(known: KnownFacts, _release: Release) -> Iterator[Occasion[CaseOverdue]]:
    if isinstance(fact := known.alone, CaseOverdue) and is_about_results(fact):
        yield Occasion(about=fact.request_id, since=fact.noticed_at, fact=fact)


def _fill(context: DeskContext, fact: CaseOverdue) -> LateFields:
    lines = (
        LateLine(
            reception_no=case.reception_no,
            late_since=wording.minute(case.due_at),
            case_url=f"{context.dashboard}/cases/{case.request_id}",
        )
        for case in fact.cases
    )
    return LateFields(
        **fields_of_product(context.product),
        count=len(fact.cases) + fact.more,
        cases=tuple(lines),
        more=fact.more,
        list_url=f"{context.dashboard}/?stuck=1",
    )


DESK_LATE: Final = LetterDeclaration(
    kind="desk-late",
    name="処理の遅れ",
    reader="desk",
    due=_due,
    fields=LateFields,
    fill=_fill,
    needs_contact=False,
)
