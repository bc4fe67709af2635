"""The address at which a 見積書 can be checked (真贋確認). Intake has the page; nobody can guess it.

Only numbers are in it: whoever photographs the code learns nothing of the customer.
"""

from urllib.parse import quote

from shared.events import Quote


def check_url(public_url: str, quote_event: Quote) -> str:
    """Where intake says whether this quote was issued here and still stands. Empty where nobody knows its address."""
    if not public_url:
        return ""
    return f"{public_url.rstrip('/')}/{quote(quote_event.product)}/quotes/{quote(quote_event.quote_id)}"
