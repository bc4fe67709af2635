"""What the dashboard reads from its environment."""

from pydantic import HttpUrl, field_validator

from shared.runtime.settings import RuntimeSettings
from shared.web.own_site import origin_of, page_address


class Settings(RuntimeSettings):
    """The runtime's settings, and the address that staff open: `MITSUMORI_DASHBOARD_URL`."""

    dashboard_url: HttpUrl

    @field_validator("dashboard_url")
    @classmethod
    def _is_of_a_page(cls, url: HttpUrl) -> HttpUrl:
        page_address(str(url))
        return url

    @property
    def origin(self) -> str:
        """As browsers write it: without a path, and without the scheme's own port."""
        return origin_of(str(self.dashboard_url))
