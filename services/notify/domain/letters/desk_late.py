"""The letter about a result that is late. Every product has its template, but no rule makes it due yet."""

from typing import Final

from services.notify.domain.facts import KnownFacts, Release
from services.notify.domain.letters.declaration import LetterDeclaration, Occasion
from services.notify.domain.letters.fields import DeskFields, RequestContext, fields_for_desk


def _due(_known: KnownFacts, _release: Release) -> tuple[Occasion[None], ...]:
    return ()


def _fill(context: RequestContext, _fact: None) -> DeskFields:
    return DeskFields(**fields_for_desk(context))


DESK_LATE: Final = LetterDeclaration(
    kind="desk-late",
    name="処理の遅れ",
    reader="desk",
    due=_due,
    fields=DeskFields,
    fill=_fill,
)
