"""Links to brochures that a mail would be too big for: docs/papers.md.

A link names the product, the last day on which it holds, and the version of the brochure by its SHA-256. The tag behind
them is a MAC, so nobody can make a link that we have not. It names no person and no request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from services.notify.domain.brochure import ENCLOSED_BYTES, VERSION_DIGITS
from services.notify.domain.link_tags import TAG_DIGITS, is_ours, newest_tag
from services.notify.domain.wording import jst_date

LASTS: Final = timedelta(days=30)
FOLDER: Final = "brochures"
"""Below the address that customers see; a proxy leads it to notify."""
_SHAPE: Final = re.compile(
    rf"([a-z0-9][a-z0-9-]{{0,63}})/([0-9]{{8}})/([0-9a-f]{{{VERSION_DIGITS}}})/([0-9a-f]{{{TAG_DIGITS}}})"
)


@dataclass(frozen=True, slots=True)
class BrochureLink:
    """What a link says: which brochure, and until when. It holds to the end of that day in Japan."""

    product: str
    version: str
    until: date

    def is_over(self, now: datetime) -> bool:
        """Whether its last day is over."""
        return jst_date(now) > self.until


@dataclass(frozen=True, slots=True)
class BrochureLinks:
    """Makes and recognises links. `keys`: id → 32 secret bytes, the oldest first."""

    address: str
    """`https://form.agency.example`, without a slash at the end."""
    keys: Mapping[str, bytes] = field(repr=False)
    enclosed_bytes: int = ENCLOSED_BYTES
    """What goes with a mail before the rest becomes links."""

    def url(self, link: BrochureLink) -> str:
        """The address of *link*, with its tag by the newest key."""
        return f"{self.address}/{FOLDER}/{_said(link)}/{newest_tag(_said(link), self.keys)}"

    def read(self, path: str) -> BrochureLink | None:
        """What the *path* below the folder says. None for any that we have not made."""
        found = _SHAPE.fullmatch(path)
        if found is None:
            return None
        product, day, version, tag = found.groups()
        try:
            link = BrochureLink(product, version, date.fromisoformat(day))
        except ValueError:
            return None
        return link if is_ours(_said(link), tag, self.keys) else None


def link_to(product: str, version: str, now: datetime) -> BrochureLink:
    """A link that is sent *now*."""
    return BrochureLink(product, version, jst_date(now + LASTS))


def _said(link: BrochureLink) -> str:
    return f"{link.product}/{link.until:%Y%m%d}/{link.version}"
