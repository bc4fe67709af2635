"""Leave with a colleague where to tell by mail that they have answered (`tell_asker.py`).

Whoever asks may type their address only later, so it is left whenever their draft is opened.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from services.intake.domain.asker import Asker, address_of, mark_of
from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import stored_id
from shared.events.link_parcels import AnsweredForNotify
from shared.mail_address import mailbox_of
from shared.products import Product
from shared.runtime.parcels import Sealer

MayMail = Callable[[str], bool]
"""Whether one more such mail may go to this mailbox; if so, it is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveAddress:
    """Put the address of whoever asks into a colleague's draft, sealed for notify."""

    sealer: Sealer
    public_url: str

    def __call__(self, product: Product, key: str, draft: Draft, theirs: Draft, may_mail: MayMail) -> Draft:
        """*theirs*, with the address that *draft* has now; *key* is that of *draft*. Safe to repeat.

        Without an address, nobody is told. An address that `may_mail` refuses is left when it allows it again.
        """
        address, before, draft_id = address_of(product.form, draft), Asker.read(theirs.tells), stored_id(key)
        if not address:
            return replace(theirs, tells={})
        mark = mark_of(address, draft)
        if before is not None and before.mark == mark:
            return replace(theirs, tells=replace(before, draft_id=draft_id).tells)
        if not may_mail(mailbox_of(address)):
            return replace(theirs, tells={})
        content = AnsweredForNotify(email=address, url=f"{self.public_url}/{product.slug}/")
        asker = Asker(draft_id=draft_id, mark=mark, parcel=self.sealer.seal("notify", content))
        return replace(theirs, tells=asker.tells)
