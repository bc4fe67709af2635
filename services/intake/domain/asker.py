"""Whom a colleague's answers are told by mail, as their draft keeps it.

The colleague has the key of their draft, and must not read there who asked: the address is sealed for notify, and
beside it stand only a hash that names the asker's draft, and a mark that tells one address from another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from services.intake.domain import contact_shapes
from services.intake.domain.draft import Draft
from shared.events import Parcel
from shared.products import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """`draft_id` is what the asker's draft is stored under, and `mark` that of their address."""

    draft_id: str
    mark: str
    parcel: Parcel

    @classmethod
    def read(cls, tells: Mapping[str, str]) -> "Asker | None":
        """From the field `tells` of a colleague's draft; None where nobody wants to be told."""
        if not tells:
            return None
        parcel = Parcel(key=tells["key"], box=tells["box"])
        return cls(draft_id=tells["draft"], mark=tells["mark"], parcel=parcel)

    @property
    def tells(self) -> dict[str, str]:
        """For the field `tells` of a colleague's draft: its names are stored."""
        return {"draft": self.draft_id, "mark": self.mark, "key": self.parcel.key, "box": self.parcel.box}


def address_of(form: Form, draft: Draft) -> str:
    """The mail address of whoever fills in *draft*; empty until they have sent its page, and it was right.

    An address that is only saved as it is typed may be half of one.
    """
    for page in form.pages:
        for question in page.questions:
            if question.kind == "email" and page.slug in draft.passed:
                return contact_shapes.email(draft.text(question.key)) or ""
    return ""


def mark_of(address: str, draft: Draft) -> str:
    """Tells *address* from another one to whoever has *draft*, and says nothing to others."""
    return blake2b(address.encode(), key=draft.nonce.encode(), digest_size=16).hexdigest()
