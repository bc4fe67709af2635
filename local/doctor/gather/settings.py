"""Reads the settings of each service as the service itself would, from the environment that it runs with."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from pydantic import ValidationError

from local.doctor.facts import ServiceSettings, Variables
from local.purge import SETTINGS as KEPT_BY
from services.dashboard.settings import Settings as DashboardSettings
from services.intake.settings import Settings as IntakeSettings
from services.notify.settings import Settings as NotifySettings
from services.rating.settings import Settings as RatingSettings
from services.registry import ServiceName
from services.registry import service as registered
from shared.runtime.named_files import SUFFIX
from shared.runtime.secret_files import secrets_of
from shared.runtime.settings import PREFIX, RuntimeSettings, bad_variables, read

SETTINGS: Final[Mapping[str, type[RuntimeSettings]]] = {
    ServiceName.intake: IntakeSettings,
    ServiceName.rating: RatingSettings,
    ServiceName.notify: NotifySettings,
    ServiceName.dashboard: DashboardSettings,
}
OF_COMMANDS: Final = frozenset(
    {
        *("MITSUMORI_PARTITIONS", "MITSUMORI_REPLICATION_FACTOR", "MITSUMORI_BACKUPS", "MITSUMORI_BACKUP_KEY"),
        *KEPT_BY.values(),
    }
)
"""Variables that only commands read."""
OF_CONTAINERS: Final = frozenset(
    {
        *("MITSUMORI_PORT_FORM", "MITSUMORI_PORT_DASHBOARD", "MITSUMORI_PORT_MAILS", "MITSUMORI_LAB"),
        *("MITSUMORI_IMAGE", "MITSUMORI_VERSION", "MITSUMORI_FORM_HOST", "MITSUMORI_DASHBOARD_HOST", "MITSUMORI_FRONT"),
        *("MITSUMORI_CERTIFICATES", "MITSUMORI_OFFICE_NETWORKS", "MITSUMORI_HTTP", "MITSUMORI_HTTPS"),
        *("MITSUMORI_PROMETHEUS", "MITSUMORI_WATCH"),
    }
)
"""Read by docker-compose.yml, compose.prod.yml and compose.watch.yml, and by the script that tries them."""
_URLS: Final = ("public_url", "dashboard_url", "brochures_url")
_ADDRESSES: Final = ("mail_from", "desk_email", "return_path")


def read_settings(service: str, environment: Mapping[str, str]) -> RuntimeSettings:
    """Raises `ValidationError`."""
    with _environment(environment):
        return read(SETTINGS[service])


def settings_of(service: str, environment: Mapping[str, str], *, is_in_container: bool) -> ServiceSettings:
    """What checks look at; or what is wrong with them."""
    try:
        settings = read_settings(service, environment)
    except ValidationError as error:
        return ServiceSettings(service=service, bad=tuple(bad_variables(error)))
    smtp, known = getattr(settings, "smtp", None), registered(service)
    return ServiceSettings(
        service=service,
        urls=_values(settings, _URLS),
        addresses=_values(settings, _ADDRESSES),
        host=settings.host,
        ops_host=settings.ops_host,
        trusted_proxies=settings.trusted_proxies,
        mail_is_readable=bool(smtp and not (smtp.is_here or smtp.tls or smtp.starttls)),
        has_pages=known.has_pages or bool(getattr(settings, "brochures_url", "")),
        products=str(settings.products or ""),
        is_in_container=is_in_container,
    )


def variables(environments: Mapping[str, Mapping[str, str]]) -> Variables:
    """Of this process and of all services. A name is known when any service or command reads it."""
    known = {f"{PREFIX}{name.upper()}" for settings in SETTINGS.values() for name in settings.model_fields}
    known |= {f"{PREFIX}{name.upper()}{SUFFIX}" for settings in SETTINGS.values() for name in secrets_of(settings)}
    given = {name for one in (os.environ, *environments.values()) for name in one if name.startswith(PREFIX)}
    return Variables(given=frozenset(given), known=OF_COMMANDS | OF_CONTAINERS | known)


def _values(settings: RuntimeSettings, names: tuple[str, ...]) -> dict[str, str]:
    """Variable → value, of those that this service has and that are set."""
    return {f"{PREFIX}{name.upper()}": value for name in names if (value := getattr(settings, name, None))}


@contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    """Settings are read from this process's environment alone: its variables are those of *environment* meanwhile."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    _replace(environment)
    try:
        yield
    finally:
        _replace(before)


def _replace(variables_of: Mapping[str, str]) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(variables_of)
