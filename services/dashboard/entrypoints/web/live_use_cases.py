"""The use cases of the pages that come alive, put together once for the real ports and for those of the tests."""

from collections.abc import Callable
from dataclasses import dataclass

from services.dashboard.ports.live import Looks, NoteDrafts
from services.dashboard.usecases.follow_changes import Hub
from services.dashboard.usecases.keep_draft import KeepDraft
from services.dashboard.usecases.look_at_case import LookAtCase
from shared.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUseCases:
    """On these ports. *is_stopping*: the process is about to end, and so must every answer that goes on.

    *check_s*: how often such an answer looks whether its session goes on, and makes anew what it shows, because a
    deadline passes without an event.
    """

    hub: Hub
    looks: Looks
    note_drafts: NoteDrafts
    now: Clock
    is_stopping: Callable[[], bool]
    check_s: float

    @property
    def look(self) -> LookAtCase:
        """Who looks at which case."""
        return LookAtCase(self.looks, self.now)

    @property
    def drafts(self) -> KeepDraft:
        """What is typed and not sent yet."""
        return KeepDraft(self.note_drafts, self.now)
