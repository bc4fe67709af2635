"""Links by which whoever gets our mails stops the news: no login, no cookie, no end (docs/adr/0028-news.md).

A link names a mailbox by its hash. The tag behind it is a MAC, so nobody can make a link that we have not, also not
with a copy of the database. One mailbox has the same link in each of its mails.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.link_tags import TAG_DIGITS, is_ours, newest_tag

FOLDER: Final = "news"
"""Below the address that customers see; a proxy leads it to notify."""
_SHAPE: Final = re.compile(rf"([0-9a-f]{{32}})([0-9a-f]{{{TAG_DIGITS}}})")


@dataclass(frozen=True, slots=True)
class NewsLinks:
    """Makes and recognises links. `keys`: id → 32 secret bytes, the oldest first."""

    address: str
    """`https://form.agency.example`, without a slash at the end."""
    mailboxes: AddressHashes
    keys: Mapping[str, bytes] = field(repr=False)

    def url(self, mail_address: str) -> str:
        """The link for whoever reads the mails to *mail_address*.

        It names the mailbox under our first key, under which every choice of it is kept, also those of before a change.
        """
        mailbox = self.mailboxes.all(mail_address)[0]
        return f"{self.address}/{FOLDER}/{mailbox}{newest_tag(mailbox, self.keys)}"

    def mailbox(self, token: str) -> str | None:
        """Whose link the *token*, the path below the folder, is of. None for any that we have not made."""
        found = _SHAPE.fullmatch(token)
        if found is None:
            return None
        mailbox, tag = found.groups()
        return mailbox if is_ours(mailbox, tag, self.keys) else None
