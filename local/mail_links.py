"""Makes the links in a mail's text links on the mailbox page, so that nobody has to copy them.

Only those to our own pages: a mail that arrives here may hold a stranger's words, and nobody should follow them.
"""

import re
from typing import Final

from markupsafe import Markup, escape

# After the host comes a port, a path, a query, a fragment or nothing: `http://127.0.0.1@evil.example` is elsewhere.
_OURS: Final = re.compile(
    r"https?://(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*|(?![\w.:@\-]))"
)
_ENDS_A_SENTENCE: Final = ".,;:!?)'"


def linked(text: str) -> Markup:
    """*text*, escaped, with our own addresses as links. A full stop or bracket behind an address is no part of it."""
    parts, done = [], 0
    for match in _OURS.finditer(text):
        url = match[0].rstrip(_ENDS_A_SENTENCE)
        parts += [escape(text[done : match.start()]), Markup('<a href="{0}" rel="noopener">{0}</a>').format(url)]
        done = match.start() + len(url)
    return Markup().join([*parts, escape(text[done:])])
