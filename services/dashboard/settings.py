"""What the dashboard reads from its environment."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from services.dashboard.domain.public_address import networks_in
from services.dashboard.domain.roles import Role
from shared.runtime.secret_files import MAY_BE_IN_A_FILE
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


def _form(text: str) -> str:
    return page_address(text) if text else ""


def _issuer(text: str) -> str:
    parts = urlsplit(text)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if text and not (parts.hostname and (parts.scheme == "https" or is_here) and not parts.query):
        raise ValueError("must be the https address of an OpenID provider")
    return text


class Settings(RuntimeSettings):
    """The runtime's settings, and the address that staff open: `MITSUMORI_DASHBOARD_URL`."""

    dashboard_url: Annotated[str, AfterValidator(page_address)]

    public_url: Annotated[str, AfterValidator(_form)] = ""
    """Where customers find the form, as intake has it: staff are led to it before the first request comes."""

    two_step_roles: Annotated[str, AfterValidator(_roles)] = ""
    """Who must have a second step: roles, separated by commas: `manager,admin`. Without one, they set it up first."""

    webhook_networks: Annotated[str, AfterValidator(_networks)] = ""
    """Networks that webhooks may reach though they are not public, also over plain HTTP: `10.1.2.0/24,127.0.0.0/8`."""

    oidc_issuer: Annotated[str, AfterValidator(_issuer)] = ""
    """The company's OpenID provider, exactly as it names itself; without one, nobody logs in by it."""

    oidc_client_id: str = ""
    """As what the provider knows the dashboard."""

    oidc_client_secret: Annotated[str, Field(repr=False), MAY_BE_IN_A_FILE] = ""
    """Better in a file: `MITSUMORI_OIDC_CLIENT_SECRET_FILE`, or `mitsumori_oidc_client_secret` beside the keys."""

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        if len({bool(one) for one in (self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret)}) > 1:
            raise ValueError("MITSUMORI_OIDC_ISSUER, …_CLIENT_ID and …_CLIENT_SECRET go together")
        return self

    @property
    def roles_with_two_step(self) -> frozenset[Role]:
        """The roles in `two_step_roles`."""
        return frozenset(Role(role) for role in self.two_step_roles.split(",") if role)

    @property
    def form_url(self) -> str:
        """The page of the form; empty where nobody says."""
        return f"{self.public_url.rstrip('/')}/" if self.public_url else ""

    @property
    def origin(self) -> str:
        """As browsers write it: without a path, and without the scheme's own port."""
        return origin_of(self.dashboard_url)
