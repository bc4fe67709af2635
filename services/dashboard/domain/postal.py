"""To whom brochures are posted: what stands on a label and above its letter."""

import re
from dataclasses import dataclass
from typing import Final

from services.dashboard.domain.case import Case
from shared.events.parcels import Contact

MOST: Final = 240
"""Labels in one PDF: 20 sheets. Whoever posts more makes another one."""
_TITLE: Final = re.compile(r"[ 　]*(様|さま|殿|御中)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """As the customer wrote it, without a title of their own: the paper adds 様, or 御中 where no person is named."""

    postal_code: str
    address: str
    building: str
    company: str
    department: str
    person: str
    reception_no: str


def recipient_of(case: Case, contact: Contact) -> Recipient:
    """Whom the brochures of *case* are for."""
    return Recipient(
        postal_code=contact.postal_code,
        address=contact.address,
        building=contact.building,
        company=_TITLE.sub("", contact.company.strip()),
        department=contact.department,
        person=_TITLE.sub("", contact.person.strip()),
        reception_no=case.request.reception_no,
    )
