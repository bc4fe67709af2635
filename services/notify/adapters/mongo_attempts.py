"""notify's ledger of attempts and outcomes: inserts only, and each insert decides who was first."""

from dataclasses import fields
from datetime import datetime
from typing import Any, Final

from services.notify.domain.attempts import Claim, Result, Step, Token
from services.notify.domain.delivery_state import Ended
from services.notify.domain.letter import Letter, LetterHead
from services.notify.domain.unmade import outcome_id
from shared.events import LetterFailed, LetterSent
from shared.fields import fields_of
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, not_waiting
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields
from shared.runtime.waiting import Linger

SOURCE: Final = "/mitsumori/notify"
PAUSE_S: Final = 0.25
"""Between two inserts of outcomes. Nobody waits for one, and those that go together are also read together."""
LINGER_S: Final = 0.002
"""How long a token waits for those of other connections: letters of one fact come to it at the same time.

Nothing is sent before the token is kept, so later is as safe. A result does not wait: until it is kept, a crash leaves
open whether the letter was sent.
"""
_STEPS: Final[dict[str, type[Step]]] = {"claim": Claim, "token": Token, "result": Result}


class MongoAttempts:
    """`Attempts`: every step is one document, and inserting it is the lock.

    Only a claim is not waited for: if it is lost, another worker may claim the same attempt, and the token decides. A
    token that is kept shows that its claim is too, because MongoDB keeps what was written before.
    """

    def __init__(self, database: Database) -> None:
        self._attempts = database["attempts"]
        self._claims = not_waiting(self._attempts)
        self._linger = Linger(LINGER_S)

    async def prepare(self) -> None:
        """Create the index for lookups by letter."""
        with mongo_errors():
            await self._attempts.create_index("letter_id")

    async def of(self, letter_id: str) -> list[Step]:
        with mongo_errors():
            return [_step(document) async for document in self._attempts.find({"letter_id": letter_id})]

    async def add(self, step: Step) -> bool:
        """True also when the connection broke before Mongo could say that the step is ours."""
        if isinstance(step, Token):
            await self._linger.over()
        name = type(step).__name__.lower()
        attempts = self._claims if isinstance(step, Claim) else self._attempts
        if await insert_once(attempts, {"_id": step.id, "step": name, **fields_of(step)}):
            return True
        with mongo_errors():
            kept = await attempts.find_one({"_id": step.id}, {"by": 1})
        return kept is not None and kept["by"] == step.by


class MongoOutcomes:
    """`Outcomes`: each document holds a letter's outcome and the event that publishes it."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._outcomes = database["outcomes"]
        self._announce = announce

    async def add(self, letter: Letter, end: Ended) -> bool:
        """Also hands its event to the relay."""
        return await self._add(letter.id, letter, end, _event(letter, end))

    async def add_unmade(self, head: LetterHead, reason: str, at: datetime) -> bool:
        """Also hands its event to the relay."""
        end = Ended(sent=False, at=at, attempts=0, ambiguous=False, code=None, reason=reason)
        event = LetterFailed(**of_letter(head), attempts=0, failed_at=at, reason=reason)
        return await self._add(outcome_id(head.id, reason), head, end, event)

    async def _add(self, outcome: str, head: LetterHead, end: Ended, event: LetterSent | LetterFailed) -> bool:
        relay = outbox_fields(event, document_id=outcome, source=SOURCE, time=end.at)
        about = {"_id": outcome, "request_id": head.request_id, "kind": head.kind, "corrected_by": head.corrected_by}
        document = {**about, **fields_of(end), "relay": relay}
        is_first = await insert_once(self._outcomes, document, pause_s=PAUSE_S)
        if is_first:
            self._announce(new_entry("outcomes", document))
        return is_first


def _event(letter: Letter, end: Ended) -> LetterSent | LetterFailed:
    head = {**of_letter(letter), "attempts": end.attempts, "paper": letter.paper}
    if end.sent:
        return LetterSent(**head, sent_at=end.at, ambiguous=end.ambiguous)
    return LetterFailed(**head, failed_at=end.at, reply_code=end.code, reason=end.reason)


def of_letter(head: LetterHead) -> dict[str, Any]:
    """The fields that every event about a letter has."""
    return {
        "request_id": head.request_id,
        "letter_id": head.id,
        "reception_no": head.reception_no,
        "product": head.product,
        "kind": head.kind,
        "corrected_by": head.corrected_by,
    }


def _step(document: Document) -> Step:
    kind = _STEPS[document["step"]]
    return kind(**{field.name: document[field.name] for field in fields(kind)})
