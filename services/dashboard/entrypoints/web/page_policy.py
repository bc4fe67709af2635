"""What a page of the dashboard may load and do: its Content-Security-Policy."""

from typing import Final

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""There are no scripts at all, so none is allowed."""
