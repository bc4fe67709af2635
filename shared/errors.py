"""Two kinds of work that could not be done; anything else that is raised is a bug of ours.

* MitsumoriError
  - Invalid        the sender must change something
  - Unavailable    something outside this process must change

Only entrypoints turn the kinds into replies (HTTP status, dead letter, retry).
The text of either goes to logs and dead letters: never put an answer, a name or an address into it.
"""


class MitsumoriError(Exception):
    """Work that could not be done, for a reason that we know."""


class Invalid(MitsumoriError):
    """What was sent cannot be processed: sending it again would not help."""


class Unavailable(MitsumoriError):
    """Something that we need is not available now; the same work may succeed later."""
