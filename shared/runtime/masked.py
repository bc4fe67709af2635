"""What may be seen of a record that was set aside: which event it is and which fields it has, and none of their values.

Whoever could write to the topic has chosen every word in it.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from shared.runtime.dead_letters import DeadLetter
from shared.runtime.delivery import headers_of

_NAME: Final = re.compile(r"[A-Za-z0-9_.:+-]{1,80}")
_TRACE: Final = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_MOST_FIELDS: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedLetter:
    """`fields`: the names of what its body has. `subject`: the request that it is about. `trace`: the id of its trace.

    What is no name of a machine is `?`; what is not there is empty.
    """

    letter: DeadLetter
    type: str
    size: int
    fields: tuple[str, ...]
    subject: str
    waits_for: str
    trace: str


def masked(letter: DeadLetter) -> MaskedLetter:
    """What may be seen of *letter*."""
    value, headers = letter.value or b"", headers_of(letter)
    try:
        body = json.loads(value)
    except (ValueError, RecursionError):
        body = None
    fields = tuple(sorted({as_name(str(name)) for name in body}))[:_MOST_FIELDS] if isinstance(body, dict) else ()
    trace = _TRACE.fullmatch(headers.get("traceparent", ""))
    return MaskedLetter(
        letter=letter,
        type=as_name(headers.get("ce_type", "")),
        size=len(value),
        fields=fields,
        subject=as_name(letter.subject or ""),
        waits_for=as_name(letter.waits_for or ""),
        trace=trace[1] if trace else "",
    )


def as_name(text: str) -> str:
    """*text*, if it is a name as machines write them. Else it may be anything, also personal, or move a cursor."""
    return text if not text or _NAME.fullmatch(text) else "?"
