"""The indexes that promises rest on: those that keep something once, delete it in time, and find what is due.

The services make them, with many that only make lookups quick. A test holds this list to their code.
"""

from collections.abc import Mapping
from typing import Final

from services.registry import SERVICES

_RELAY: Final = "relay_due"
_PROMISED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "intake": {
        "requests": ("reception_no_1",),
        "drafts": ("until_1",),
        "links": ("until_1",),
        "steps": ("at_1",),
        "form_counts": ("at_1",),
    },
    "rating": {"quotes": ("quote_id",)},
    "notify": {
        "letters": ("due_1",),
        "workers": ("seen_1",),
        "copies": ("ended",),
        "dead_addresses": ("ended",),
    },
    "dashboard": {
        "accounts": ("by_passkey", "identity"),
        "tokens": ("digest",),
        "audit": ("old",),
        "bulk_runs": ("old",),
        "challenges": ("ended",),
        "company_log_ins": ("ended",),
        "copy_asks": ("ended",),
        "decisions": ("one_after_another",),
        "devices": ("ended",),
        "failed_log_ins": ("old",),
        "invitations": ("ended",),
        "kept_posts": ("ended",),
        "letter_copies": ("ended",),
        "note_drafts": ("ended",),
        "presence": ("ended",),
        "sessions": ("ended",),
        "staff_mails": ("told_once", "over"),
        "tries": ("old",),
        "webhook_attempts": ("old",),
        "webhook_deliveries": ("ended",),
    },
}


def wanted_indexes() -> dict[str, dict[str, frozenset[str]]]:
    """Service → collection → the names of its indexes."""
    wanted = {name: {one: {*names} for one, names in of.items()} for name, of in _PROMISED.items()}
    for service in SERVICES:
        for outbox in service.outboxes:
            wanted[service.name].setdefault(outbox, set()).add(_RELAY)
    return {name: {one: frozenset(names) for one, names in of.items()} for name, of in wanted.items()}
