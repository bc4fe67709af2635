"""Why somebody should look at a request before it is trusted. It is taken in any case: a person must never be lost."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from services.intake.domain.reading import Answers

Suspicion = Literal["honeypot", "too-fast", "no-start", "many-links", "many-requests"]

TRAP: Final = "homepage"
"""The field that no person sees."""
FASTEST: Final = timedelta(seconds=3)
"""Nobody types a company, a name, a phone number and an address in less."""
_MOST_LINKS: Final = 2


def of_page(trap: object, begun_at: datetime | None, now: datetime) -> Iterable[Suspicion]:
    """What the sending of the first page gives away."""
    if trap:
        yield "honeypot"
    if begun_at is not None and now - begun_at < FASTEST:
        yield "too-fast"


def of_answers(answers: Answers) -> Iterable[Suspicion]:
    """What the answers themselves give away."""
    texts = [answer.lower() for answer in answers.values() if isinstance(answer, str)]
    if sum(text.count("http://") + text.count("https://") for text in texts) > _MOST_LINKS:
        yield "many-links"
