"""notify's ledger of letters that came back: one insert each, with the event that publishes it."""

from datetime import datetime

from services.notify.adapters.letter_documents import letter_in
from services.notify.adapters.mongo_attempts import SOURCE, of_letter
from services.notify.domain.bounce import Bounce
from services.notify.domain.facts import Failure
from services.notify.domain.letter import Letter
from shared.events import LetterBounced
from shared.fields import fields_of
from shared.runtime.adapters.mongo import Database, Document, mongo_errors, tolerant
from shared.runtime.adapters.mongo_inserts import insert_once
from shared.runtime.outbox import Announce, new_entry, outbox_fields


class MongoBounces:
    """`Bounces` in the collection bounces, under the id of the letter."""

    def __init__(self, database: Database, announce: Announce) -> None:
        self._bounces = database["bounces"]
        self._letters = database.get_collection("letters", codec_options=tolerant(database))
        self._announce = announce

    async def prepare(self) -> None:
        """Create the index for lookups by request."""
        with mongo_errors():
            await self._bounces.create_index("request_id")

    async def letter(self, letter_id: str) -> Letter | None:
        with mongo_errors():
            head = await self._letters.find_one({"_id": letter_id}, {"pieces": 0})
        if head is None:
            return None
        # One that is finished is not due any more.
        return letter_in({"due": head["created_at"], **head})

    async def add(self, letter: Letter, bounce: Bounce, at: datetime) -> bool:
        """Also hands its event to the relay."""
        event = LetterBounced(
            **of_letter(letter),
            bounced_at=at,
            bounce_type=bounce.type,
            reason=bounce.reason,
            status=bounce.status,
            reply_code=bounce.reply_code,
        )
        relay = outbox_fields(event, document_id=letter.id, source=SOURCE, time=at)
        about = {"_id": letter.id, "request_id": letter.request_id, "kind": letter.kind, "at": at}
        about["corrected_by"] = letter.corrected_by
        document = {**about, **fields_of(bounce), "relay": relay}
        is_first = await insert_once(self._bounces, document)
        if is_first:
            self._announce(new_entry("bounces", document))
        return is_first


def bounced_failure(document: Document) -> Failure:
    """What is kept of a letter that came back, as a failure that the desk must know of."""
    return Failure(
        letter_id=document["_id"],
        kind=document["kind"],
        failed_at=document["at"],
        attempts=1,
        reply_code=document["reply_code"],
        bounce=document["reason"],
        corrected_by=document.get("corrected_by"),
    )
