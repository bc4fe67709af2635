"""What a page of the dashboard may load and do: its Content-Security-Policy."""

from typing import Final

from starlette.responses import Response

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""There are no scripts, so none is allowed."""
_WITH_SCRIPT: Final = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"


def with_script(response: Response) -> Response:
    """*response*, which may run our own script files and let them ask this site: only the pages that have one."""
    response.headers["Content-Security-Policy"] = _WITH_SCRIPT
    return response
