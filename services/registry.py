"""The services that there are, for whatever starts, checks or describes them: launcher, command line, tests, documents.

The services themselves do not read it: each states in its own code what it reads, writes and opens. A test holds the
two together (tests/architecture/test_registry.py).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from shared.events import DESK, LETTERS, QUOTES, REQUESTS, TARIFFS


class ServiceName(StrEnum):
    """What a service is called: its folder, its process, its Kafka group, and what `mitsumori serve` takes."""

    intake = "intake"
    rating = "rating"
    notify = "notify"
    dashboard = "dashboard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What everything around a service has to know of it."""

    name: ServiceName
    title: str
    """What it does, in Japanese, for the person who starts it."""
    reads: tuple[str, ...]
    """The topics that it consumes."""
    writes: tuple[str, ...]
    """The topics that it alone publishes to."""
    outboxes: tuple[str, ...]
    """The collections whose documents hold its events until they are published."""
    opens: str | None
    """The reader (`rating`, `notify`, `desk`) whose parcels it opens; its folder of keys has that secret key."""
    seals_for: tuple[str, ...]
    """The readers whose public keys its folder of keys has."""
    trusts: tuple[str, ...]
    """The services whose signatures it checks (`shared/runtime/signatures.py`); its folder has their public keys."""
    signs: bool = False
    """Its records are signed, and its folder has the secret key for that."""
    append_only: tuple[str, ...] = ()
    """The collections that it may read and add to, but neither change nor empty."""
    collections: tuple[str, ...] = ()
    """All its other collections, where it has some that are `append_only`; else they need not be named."""
    has_pages: bool = False
    """People open it in a browser, so it has an address of its own."""

    @property
    def module(self) -> str:
        """Its composition root, with the `main` that serves it."""
        return f"services.{self.name}.app"

    @property
    def database(self) -> str:
        """The MongoDB database that it alone reads and writes."""
        return f"mitsumori_{self.name}"

    def key_file(self, key_id: str) -> str:
        """The name of this key in its folder: it opens parcels with it, or checks a signature."""
        return f"{key_id}.{'key' if key_id.rpartition('-')[0] == self.opens else 'verify'}"


SERVICES: Final = (
    Service(
        name=ServiceName.intake,
        title="フォーム受付",
        reads=(QUOTES, LETTERS, TARIFFS),
        writes=(REQUESTS,),
        outboxes=("requests", "links", "form_counts", "erased"),
        opens=None,  # It faces the public: whoever breaks into it must not be able to read yesterday's requests.
        seals_for=("rating", "notify", "desk"),
        trusts=("rating",),
        has_pages=True,
    ),
    Service(
        name=ServiceName.rating,
        title="保険料計算",
        reads=(REQUESTS, DESK),
        writes=(QUOTES, TARIFFS),
        outboxes=("quotes", "tariffs"),
        opens="rating",
        seals_for=("rating", "notify", "desk"),  # for itself: what its ledger keeps
        trusts=("dashboard",),
        signs=True,
    ),
    Service(
        name=ServiceName.notify,
        title="メール送付",
        reads=(REQUESTS, QUOTES, DESK),
        writes=(LETTERS,),
        outboxes=("outcomes", "copies", "bounces", "news"),
        opens="notify",
        seals_for=("desk",),
        trusts=("rating", "dashboard"),
    ),
    Service(
        name=ServiceName.dashboard,
        title="管理画面",
        reads=(REQUESTS, QUOTES, LETTERS, DESK),
        writes=(DESK,),
        outboxes=("decisions", "copy_asks", "staff_mails"),
        opens="desk",
        seals_for=("rating", "notify", "desk"),  # for itself: what staff write down
        trusts=("rating", "dashboard"),
        signs=True,
        append_only=("audit",),  # Whoever breaks into it must not be able to remove the traces.
        collections=(
            *(
                "requests",
                "quotes",
                "letters",
                "decisions",
                "staff_mails",
                "dead_letters",
                "cases",
                "read_models",
                "migrations",
            ),
            *("copy_asks", "letter_copies", "form_counts", "erased"),
            *("saved_views", "bulk_runs", "presence", "note_drafts"),
            *("accounts", "sessions", "tries", "devices", "failed_log_ins", "invitations", "kept_posts", "challenges"),
            *("company_log_ins",),
            *("tokens", "webhooks", "webhook_deliveries", "webhook_attempts"),
        ),
        has_pages=True,
    ),
)
"""In the order in which they are started and shown."""


def service(name: str) -> Service:
    """The service called *name*. Raises `ValueError` when there is none."""
    return {known.name: known for known in SERVICES}[ServiceName(name)]
