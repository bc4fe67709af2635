"""The forms of a case's page, read into what staff want to do. What was typed is kept for when it is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from services.dashboard.domain.new_work import (
    Assign,
    Close,
    Contact,
    CorrectAddress,
    Hold,
    LiftHold,
    NewWork,
    Note,
    Post,
    Problem,
    Reopen,
)
from services.dashboard.entrypoints.web.list_query import day_in
from shared.clock import JST
from shared.events import CaseOutcome, ContactOutcome

WorkKind = Literal["assign", "note", "contact", "post", "close", "reopen", "address", "hold", "lift"]
_KINDS: Final[dict[str, WorkKind]] = {kind: kind for kind in get_args(WorkKind)}
_CONTACTS: Final[dict[str, ContactOutcome]] = {outcome: outcome for outcome in get_args(ContactOutcome)}
_ENDS: Final[dict[str, CaseOutcome]] = {outcome: outcome for outcome in get_args(CaseOutcome)}
_LONGEST: Final = 20_000
"""Characters that are shown again. A form of more than the body limit does not arrive at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into one of the forms, and why it was not done.

    `overtaken`: somebody else decided something in the meantime.
    """

    kind: WorkKind | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    overtaken: bool = False

    def of(self, kind: WorkKind, name: str) -> str:
        """What to show again in a field of the form *kind*."""
        return self.fields.get(name, "") if kind == self.kind else ""


def seen_in(fields: Mapping[str, str]) -> int:
    """How many decisions the page showed; -1, which is never right, for anything else."""
    text = fields.get("seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(_LONGEST)) else -1


def work_in(fields: Mapping[str, str]) -> tuple[WorkKind, NewWork] | None:
    """None: the form is not one of ours."""
    text = "\n".join(fields.get("text", "")[:_LONGEST].splitlines())
    works: dict[str, NewWork] = {
        "assign": Assign(fields.get("to", "").strip().lower() or None),
        "note": Note(text),
        "contact": Contact(
            outcome=_CONTACTS.get(fields.get("outcome", "")),
            text=text,
            call_again_at=_moment(fields.get("again_at", "")),
            has_moment=bool(fields.get("again_at", "").strip()),
        ),
        "post": Post(),
        "close": Close(
            outcome=_ENDS.get(fields.get("outcome", "")),
            reason=_reason_of(fields.get("outcome", ""), fields.get("reason", "")),
            text=text,
            same_as=fields.get("same_as", "").strip().upper(),
        ),
        "reopen": Reopen(),
        "hold": Hold(text=text, until=day_in(fields.get("until", "")), has_day=bool(fields.get("until"))),
        "lift": LiftHold(),
        "address": CorrectAddress(fields.get("email", "").strip()),
    }
    kind = _KINDS.get(fields.get("kind", ""))
    return (kind, works[kind]) if kind else None


def _reason_of(outcome: str, chosen: str) -> str:
    """The field offers the reasons of all outcomes: one of another outcome was left over from before."""
    of, _, reason = chosen.partition(":")
    return reason if of == outcome else ""


def _moment(text: str) -> datetime | None:
    """What a field for a date and time holds, which is meant in Japan's time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=JST) if moment.tzinfo is None else None
