"""Two kinds of work that could not be done; anything else that is raised is a bug of ours.

* MitsumoriError
  - Invalid        the sender must change something
  - Unavailable    something outside of this process must change

Entrypoints turn the kinds into replies (HTTP status, dead letter, retry); nobody else may.
The text of either goes to logs and dead letters: never put an answer, a name or an address into it.
"""


class MitsumoriError(Exception):
    """Work that could not be done, for a reason that we know."""


class Invalid(MitsumoriError):
    """What was sent can never be worked on: sending it again would not help."""


class Unavailable(MitsumoriError):
    """Something that we depend on is away; the same work may succeed later."""
