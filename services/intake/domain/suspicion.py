"""Why somebody should look at a request before it is trusted. It is accepted all the same: no person may be lost."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, Literal

from services.intake.domain.advertisement import is_advertisement
from shared.answers.reading import Answers
from shared.clock import has_passed

Suspicion = Literal[
    "honeypot",
    "too-fast",
    "no-start",
    "many-links",
    "many-requests",
    "advertisement",
    "many-to-mailbox",
    "mail-ceiling",
]
_HELD: Final[frozenset[str]] = frozenset({"honeypot", "advertisement", "many-to-mailbox", "mail-ceiling"})
_NAMES: Final = ("company", "department")
_PERSON: Final = ("person",)
_PLACES: Final = ("address", "building")
"""What a mail to the contact repeats."""

HONEYPOT: Final = "homepage"
"""The name of the field that no person sees."""
CONTACT: Final = "email"
"""A question of the page on which they are looked for: elsewhere, two clicks are all there is to do."""
FASTEST: Final = timedelta(seconds=3)
"""Nobody types a company, a name, a phone number and an address in less."""
_MOST_LINKS: Final = 2


def of_page(honeypot: object, begun_at: datetime | None, now: datetime) -> Iterable[Suspicion]:
    """Reasons from how the page with the contact was sent: a hidden field that is filled in, or no time to type."""
    if honeypot:
        yield "honeypot"
    if begun_at is not None and not has_passed(FASTEST, begun_at, now):
        yield "too-fast"


def of_answers(answers: Answers) -> Iterable[Suspicion]:
    """Reasons from the answers themselves."""
    addresses = [answer.lower() for answer in answers.values() if isinstance(answer, str) and "://" in answer]
    if sum(text.count("http://") + text.count("https://") for text in addresses) > _MOST_LINKS:
        yield "many-links"
    if is_advertisement(_texts(answers, _NAMES), _texts(answers, _PLACES), "".join(_texts(answers, _PERSON))):
        yield "advertisement"


def is_held(suspicions: Collection[str]) -> bool:
    """Whether every mail to the contact waits until staff let it go out.

    For what no person does by hand, and for what may send a stranger's words to somebody else's mailbox: a quick
    typist, or the sixth colleague in an office, gets the answer.
    """
    return not _HELD.isdisjoint(suspicions)


def _texts(answers: Answers, keys: Iterable[str]) -> list[str]:
    return [text for key in keys if isinstance(text := answers.get(key), str)]
