"""What operators see of the mail, as Prometheus metrics."""

from itertools import product
from typing import Final, get_args

from prometheus_client import Counter, Gauge, Histogram

from services.notify.domain.attempts import Outcome
from shared.events import BounceType, LetterKind

ATTEMPTS: Final = Counter("mail_attempts_total", "Attempts to hand a letter to the mail server", ["class"])
AMBIGUOUS: Final = Counter(
    "mail_ambiguous_total", "Attempts whose outcome the mail server left open: a copy may have gone out"
)
UNMADE: Final = Counter("letters_not_made_total", "Letters that could not be made: the desk is told", ["kind"])
BOUNCED: Final = Counter("letters_bounced_total", "Letters that came back after they were sent", ["kind", "type"])
RETURNED: Final = Counter(
    "returned_mails_total", "Mails that came in to the return path, by what they were", ["outcome"]
)
WAITING: Final = Gauge(
    "mail_connections_waiting", "Connections that deliver nothing, because the mail server is away or refuses us"
)
REFUSED: Final = Gauge(
    "mail_server_refuses_us", "1 while the mail server is there and refuses us: the log says what to do, as an error"
)
PENDING: Final = Gauge("mail_pending", "Letters that have no outcome yet")
TIME_TO_MAIL: Final = Histogram(
    "time_to_mail_seconds",
    "From when the reader began to wait until the mail server accepted the letter",
    ["kind"],
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 3600),
)
_CLASSES: Final[dict[Outcome, str]] = {
    "accepted": "2xx",
    "later": "4xx",
    "refused": "5xx",
    "line-lost": "conn",
    "ambiguous": "ambiguous",
    "lapsed": "lapsed",
    "away": "away",
}
# So that there are zeros to see: to Prometheus, what begins at one has not grown.
for _kind in get_args(LetterKind):
    UNMADE.labels(_kind)
for _kind, _type in product(get_args(LetterKind), get_args(BounceType)):
    BOUNCED.labels(_kind, _type)
for _class in _CLASSES.values():
    ATTEMPTS.labels(_class)


def count_attempt(outcome: Outcome, code: int | None = None) -> None:
    """Count an attempt that has ended with *outcome*, on a reply with *code*.

    A letter that waits is counted as what the server said: a 5xx that waits is none of the 4xx that pass by themselves.
    """
    label = f"{code // 100}xx" if outcome == "later" and code else _CLASSES[outcome]
    ATTEMPTS.labels(label).inc()
    if outcome == "ambiguous":
        AMBIGUOUS.inc()


def count_unmade(kind: LetterKind) -> None:
    """Count a letter that was given up before it was written."""
    UNMADE.labels(kind).inc()


def count_bounce(kind: LetterKind, bounce_type: BounceType) -> None:
    """Count a letter that came back."""
    BOUNCED.labels(kind, bounce_type).inc()


def count_returned(outcome: str) -> None:
    """Count a mail that came in and was read."""
    RETURNED.labels(outcome).inc()
