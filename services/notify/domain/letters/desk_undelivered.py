"""The desk is told when a letter did not reach the customer, because only a person can help then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.notify.domain import wording
from services.notify.domain.facts import Failure, KnownFacts, Release
from services.notify.domain.letters.declaration import AnyLetterDeclaration, LetterDeclaration, Occasion
from services.notify.domain.letters.fields import RequestContext, RequestFields, fields_of_request, postal_address


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredFields(RequestFields):
    """Which letter did not arrive, and how else the customer can be reached."""

    phone: str
    email: str
    postal_address: str
    failed_kind: str
    failed_at: str
    attempts: int
    reply_code: int | None
    case_url: str


def desk_undelivered(others: Iterable[AnyLetterDeclaration]) -> AnyLetterDeclaration:
    """The letter to the desk about a letter that failed; *others* are all the other kinds.

    Only letters to the contact count. If a mail to the desk failed, another would fail too; the dashboard shows it.
    """
    names = {letter.kind: letter.name for letter in others if letter.reader == "contact"}

    def due(known: KnownFacts, _release: Release) -> Iterator[Occasion[Failure]]:
        for failure in known.failures:
            if known.request and failure.kind in names:
                yield Occasion(about=failure.letter_id, since=failure.failed_at, fact=failure)

    def fill(context: RequestContext, failure: Failure) -> UndeliveredFields:
        return UndeliveredFields(
            **fields_of_request(context),
            phone=context.contact.phone,
            email=context.contact.email,
            postal_address=postal_address(context.contact),
            failed_kind=names[failure.kind],
            failed_at=wording.minute(failure.failed_at),
            attempts=failure.attempts,
            reply_code=failure.reply_code,
            case_url=context.case_url,
        )

    return LetterDeclaration(
        kind="desk-undelivered",
        name="不達のお知らせ",
        reader="desk",
        due=due,
        fields=UndeliveredFields,
        fill=fill,
    )
