"""The use cases of letters as they were sent, put together once for the real ports and for those of the tests."""

from dataclasses import dataclass

from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Cases
from services.dashboard.ports.letters import Brochures, LetterCopies
from services.dashboard.usecases.letter_copies import AskForCopy
from services.dashboard.usecases.open_copies import OpenCopies, OpenFile, OpenLetter
from shared.clock import Clock
from shared.runtime.parcels import ParcelOpener


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterUseCases:
    """On these ports."""

    copies: LetterCopies
    cases: Cases
    brochures: Brochures
    opener: ParcelOpener
    audit: Audit
    now: Clock

    @property
    def ask(self) -> AskForCopy:
        """Ask for a copy."""
        return AskForCopy(cases=self.cases, copies=self.copies, audit=self.audit, now=self.now)

    @property
    def open(self) -> OpenCopies:
        """Read the copies of a case."""
        return OpenCopies(copies=self.copies, brochures=self.brochures, opener=self.opener, now=self.now)

    @property
    def open_one(self) -> OpenLetter:
        """Read one that has just come."""
        return OpenLetter(cases=self.cases, open_copies=self.open, audit=self.audit)

    @property
    def open_file(self) -> OpenFile:
        """Open a file of one."""
        return OpenFile(self.open, self.audit)
