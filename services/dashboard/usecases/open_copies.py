"""Open letters as they were sent, and the files that go with them: who saw what is recorded before it is returned."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import structlog
from pydantic import ValidationError

from services.dashboard.domain.case import Case
from services.dashboard.domain.letter_copy import SLOW_AFTER
from services.dashboard.domain.letters import CaseLetter
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases
from services.dashboard.ports.letters import Brochures, LetterCopies
from shared.clock import Clock
from shared.errors import Invalid
from shared.events import LetterCopied
from shared.events.parcels import Attachment, LetterCopyForDesk
from shared.runtime.parcels import ParcelOpener

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file that goes with a letter. `can_be_opened`: its bytes are here, or a product has the same file."""

    attachment: Attachment
    can_be_opened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCopy:
    """How far a copy is, and what it says once it is `there`.

    `slow`: it should have come. `missing`: notify has none. `sealed`: this desk cannot open it, and `why` says so.
    """

    state: Literal["awaited", "slow", "there", "missing", "sealed"]
    letter: LetterCopyForDesk | None = None
    files: tuple[OfferedFile, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCopies:
    """The copies of a case's letters, for staff."""

    copies: LetterCopies
    brochures: Brochures
    opener: ParcelOpener
    now: Clock

    async def __call__(self, request_id: str) -> Mapping[str, OpenedCopy]:
        """By letter. Those that nobody has asked for are not there."""
        now = self.now()
        return {
            letter_id: self._opened(found)
            if isinstance(found, LetterCopied)
            else OpenedCopy(state="slow" if now - found.asked_at >= SLOW_AFTER else "awaited")
            for letter_id, found in (await self.copies.of(request_id, now)).items()
        }

    def _opened(self, copied: LetterCopied) -> OpenedCopy:
        parcel = copied.parcels.get("desk")
        if parcel is None:
            return OpenedCopy(state="missing", why=copied.missing or "no-parcel")
        try:
            letter = LetterCopyForDesk.model_validate(self.opener.open(parcel))
        except (Invalid, ValidationError) as error:
            why = str(error) if isinstance(error, Invalid) else "bad-contents"
            log.warning("parcel not opened", reason=why)
            return OpenedCopy(state="sealed", why=why)
        files = (OfferedFile(one, self._has(one)) for one in letter.attachments)
        return OpenedCopy(state="there", letter=letter, files=tuple(files))

    def _has(self, attachment: Attachment) -> bool:
        return attachment.content is not None or self.brochures.has(attachment.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLetter:
    """One letter that has just come, on a page of its case that is open already."""

    cases: Cases
    open_copies: OpenCopies
    audit: Audit

    async def __call__(self, request_id: str, letter_id: str, account: str) -> tuple[CaseLetter, OpenedCopy] | None:
        """None: nobody has asked for it, or the case has no such letter."""
        opened = (await self.open_copies(request_id)).get(letter_id)
        case = await self.cases.find(request_id)
        letters = case.letters if isinstance(case, Case) else ()
        letter = next((one for one in letters if one.letter_id == letter_id), None)
        if opened is None or letter is None:
            return None
        if opened.letter is not None:
            await self.audit.record("opened-letter", self.open_copies.now(), account, request_id, about=letter_id)
        return letter, opened


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file of a letter, by its number from 0. Who opened which is recorded before anything is returned."""

    open_copies: OpenCopies
    audit: Audit

    async def __call__(
        self, request_id: str, letter_id: str, number: int, account: str
    ) -> tuple[Attachment, bytes] | None:
        """None: there is no such file here."""
        opened = (await self.open_copies(request_id)).get(letter_id)
        if opened is None or number not in range(len(opened.files)) or not opened.files[number].can_be_opened:
            return None
        about = f"{letter_id}/{number}"
        await self.audit.record("opened-document", self.open_copies.now(), account, request_id, about=about)
        attachment = opened.files[number].attachment
        try:
            if attachment.content is None:
                return attachment, await self.open_copies.brochures.content(attachment.sha256)
            return attachment, base64.b64decode(attachment.content, validate=True)
        except (LookupError, ValueError):
            return None
