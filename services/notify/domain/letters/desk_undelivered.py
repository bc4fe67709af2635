"""The desk is told when a letter could not be made or did not reach the customer: only a person can help then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.notify.domain import wording
from services.notify.domain.bounced import why_it_came_back
from services.notify.domain.facts import Failure, KnownFacts, Release
from services.notify.domain.letters.declaration import AnyLetterDeclaration, LetterDeclaration, Occasion
from services.notify.domain.letters.fields import DeskFields, RequestContext, fields_for_desk
from services.notify.domain.unmade import ARRIVAL_UNKNOWN, DEAD_ADDRESS, in_words, what_to_do


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredFields(DeskFields):
    """Which letter did not arrive and why, and what to do in its place."""

    failed_kind: str
    failed_at: str
    attempts: int
    reply_code: int | None
    why_not_made: str
    """Why it could not be made; empty when it was made and did not arrive."""
    why_bounced: str
    """Why it came back after it was sent; empty when it did not."""
    is_withheld: bool
    """It was not sent, because an earlier mail to its address did not arrive."""
    why_unknown: str
    """Why nobody knows whether it arrived; empty when that is known."""
    what_to_do: str


def desk_undelivered(others: Iterable[AnyLetterDeclaration]) -> AnyLetterDeclaration:
    """The letter to the desk about a letter that failed; *others* are all the other kinds.

    Only letters to the contact count. If a mail to the desk failed, another would fail too; the dashboard shows it.
    """
    names = {letter.kind: letter.name for letter in others if letter.reader == "contact"}

    def due(known: KnownFacts, _release: Release) -> Iterator[Occasion[Failure]]:
        corrections = {correction.decision_id: correction for correction in known.corrections}
        # What was given up may have arrived all the same, and come back: it is told once.
        for failure in {one.letter_id: one for one in reversed(known.failures)}.values():
            if known.request and known.desk_since and failure.kind in names:
                yield Occasion(
                    about=failure.letter_id,
                    since=failure.failed_at,
                    fact=failure,
                    failed_correction=corrections.get(failure.corrected_by or ""),
                )

    def fill(context: RequestContext, failure: Failure) -> UndeliveredFields:
        why, is_unknown = in_words(failure.reason) if failure.reason else "", failure.reason == ARRIVAL_UNKNOWN
        return UndeliveredFields(
            **fields_for_desk(context),
            failed_kind=names[failure.kind],
            failed_at=wording.minute(failure.failed_at),
            attempts=failure.attempts,
            reply_code=failure.reply_code,
            why_not_made="" if is_unknown else why,
            why_bounced=why_it_came_back(failure.bounce) if failure.bounce else "",
            is_withheld=failure.reason == DEAD_ADDRESS,
            why_unknown=why if is_unknown else "",
            what_to_do=what_to_do(failure.kind, failure.reason),
        )

    return LetterDeclaration(
        kind="desk-undelivered",
        name="不達のお知らせ",
        reader="desk",
        due=due,
        fields=UndeliveredFields,
        fill=fill,
        needs_contact=False,
    )
