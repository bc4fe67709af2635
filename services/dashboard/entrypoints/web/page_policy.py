"""What a page of the dashboard may load and do: its Content-Security-Policy."""

from typing import Final

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""For a page without scripts: none is allowed."""
LIVE_POLICY: Final = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
"""For the pages that come alive: scripts from files of ours, and requests to ourselves."""
