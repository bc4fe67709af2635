"""What the dashboard reads from its environment."""

from typing import Annotated

from pydantic import AfterValidator

from shared.runtime.settings import RuntimeSettings
from shared.web.own_site import origin_of, page_address


class Settings(RuntimeSettings):
    """The runtime's settings, and the address that staff open: `MITSUMORI_DASHBOARD_URL`."""

    dashboard_url: Annotated[str, AfterValidator(page_address)]

    @property
    def origin(self) -> str:
        """As browsers write it: without a path, and without the scheme's own port."""
        return origin_of(self.dashboard_url)
