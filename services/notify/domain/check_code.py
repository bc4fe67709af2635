"""The address at which a 見積書 can be checked (真贋確認), and its QR code. Intake has the page; nobody can guess it.

Only numbers are in it: whoever photographs the code learns nothing of the customer.
"""

from io import BytesIO
from typing import Final
from urllib.parse import quote

import segno

from shared.events import Quote

_CORRECTION: Final = "m"
"""15 % of the code may be unreadable: it is printed small, and copied."""


def check_url(public_url: str, quote_event: Quote) -> str:
    """Where intake says whether this quote was issued here and still stands. Empty where nobody knows its address."""
    if not public_url:
        return ""
    return f"{public_url.rstrip('/')}/{quote(quote_event.product)}/quotes/{quote(quote_event.quote_id)}"


def qr_code(url: str) -> str:
    """*url* as an SVG with black squares on white; nothing for nothing."""
    if not url:
        return ""
    drawn = BytesIO()
    segno.make(url, error=_CORRECTION, micro=False).save(
        drawn, kind="svg", border=4, light="#fff", xmldecl=False, svgclass=None, lineclass=None, nl=False
    )
    return drawn.getvalue().decode()
