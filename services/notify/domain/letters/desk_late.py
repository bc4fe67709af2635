"""The letter about a result that is late. Every product has its template, but no rule makes it due yet."""

from dataclasses import dataclass
from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import RequestContext, RequestFields, fields_of_request


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLateFields(RequestFields):
    """Which request is late, and where its case is."""

    case_url: str


def _due(_known: KnownFacts, _release: Release) -> tuple[Occasion[None], ...]:
    return ()


def _fill(context: RequestContext, _fact: None) -> DeskLateFields:
    return DeskLateFields(**fields_of_request(context), case_url=context.case_url)


DESK_LATE: Final = LetterDeclaration(
    kind="desk-late",
    name="処理の遅れ",
    reader="desk",
    due=_due,
    fields=DeskLateFields,
    fill=_fill,
)
