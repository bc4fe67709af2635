"""Every page of the dashboard in every state that staff may come to see. A new page is a new line of a list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that is sent, whose answer is the page."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """`prepare` brings a new desk into the state, and tells the address; `shows` is there in this state only.

    `who` looks at it, after logging in unless `prepare` has done so. `route`: what answers.
    """

    name: str
    route: str
    prepare: Callable[[Desk], str | Sent]
    shows: str = "main h1"
    status: int = 200
    who: str | None = "desk"


ANY: Final = "main h1"
TOLD: Final = "main [role=alert]"
"""What was wrong with a form."""
TASK: Final = "main :is(.task, .steps)"
"""What somebody has to do."""
