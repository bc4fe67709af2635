"""What the dashboard reads from its environment."""

from typing import Annotated

from pydantic import AfterValidator

from services.dashboard.domain.public_address import networks_in
from services.dashboard.domain.roles import Role
from shared.runtime.settings import RuntimeSettings
from shared.web.own_site import origin_of, page_address


def _roles(text: str) -> str:
    roles = [role.strip() for role in text.split(",") if role.strip()]
    if not set(roles) <= set(Role):
        raise ValueError(f"must be roles, separated by commas: {', '.join(Role)}")
    return ",".join(roles)


def _networks(text: str) -> str:
    try:
        return ",".join(map(str, networks_in(text)))
    except ValueError:
        raise ValueError("must be networks, separated by commas: 10.1.2.0/24,127.0.0.0/8") from None


class Settings(RuntimeSettings):
    """The runtime's settings, and the address that staff open: `MITSUMORI_DASHBOARD_URL`."""

    dashboard_url: Annotated[str, AfterValidator(page_address)]

    two_step_roles: Annotated[str, AfterValidator(_roles)] = ""
    """Who must have a second step: roles, separated by commas: `manager,admin`. Without one, they set it up first."""

    webhook_networks: Annotated[str, AfterValidator(_networks)] = ""
    """Networks that webhooks may reach though they are not public, also over plain HTTP: `10.1.2.0/24,127.0.0.0/8`."""

    @property
    def roles_with_two_step(self) -> frozenset[Role]:
        """The roles in `two_step_roles`."""
        return frozenset(Role(role) for role in self.two_step_roles.split(",") if role)

    @property
    def origin(self) -> str:
        """As browsers write it: without a path, and without the scheme's own port."""
        return origin_of(self.dashboard_url)
