"""What the dashboard reads from its environment."""

from urllib.parse import urlsplit

from pydantic import HttpUrl

from shared.runtime.settings import RuntimeSettings


class Settings(RuntimeSettings):
    """The runtime's settings, and the address that staff open: `MITSUMORI_DASHBOARD_URL`."""

    dashboard_url: HttpUrl

    @property
    def origin(self) -> str:
        """As browsers write it: without a path, and without the scheme's own port."""
        parts = urlsplit(str(self.dashboard_url))
        return f"{parts.scheme}://{parts.netloc}"
