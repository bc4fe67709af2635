"""Settings come from the environment (`MITSUMORI_…`). Bad ones stop the process at its start, all named at once.

What holds a password may also be a file beside the keys, in the folder `MITSUMORI_KEYS`: `mitsumori_mongo`,
`mitsumori_kafka`, `mitsumori_smtp`. The environment goes before it.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, DirectoryPath, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pymongo.errors import PyMongoError
from pymongo.uri_parser import split_options

from shared.host_name import host_name
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.trusted_proxies import proxy_addresses

_Settings = TypeVar("_Settings", bound=BaseSettings)


def _kafka_address(text: str) -> str:
    KafkaAddress.parse(text)
    return text


def _mongo_address(text: str) -> str:
    """The driver leaves out an option that it does not know, with a warning: a mistyped `tls` would encrypt nothing."""
    options = text.partition("?")[2]
    try:
        if options:
            split_options(options, validate=True, warn=False)
    except (PyMongoError, ValueError, TypeError):
        # The driver's own message quotes what it cannot read, which may be part of the password.
        raise ValueError("has an option that MongoDB does not know, or with a value that it cannot have") from None
    return text


Port = Annotated[int, Field(ge=1, le=65_535)]


class RuntimeSettings(BaseSettings):
    """The settings that every service has."""

    model_config = SettingsConfigDict(env_prefix="MITSUMORI_", frozen=True, hide_input_in_errors=True)

    mongo: Annotated[str, Field(pattern=r"^mongodb(\+srv)?://.+", repr=False), AfterValidator(_mongo_address)]
    """`mongodb://USER:PASSWORD@…` of a replica set."""
    kafka: Annotated[str, AfterValidator(_kafka_address), Field(repr=False)]
    """`host:port,…`, or with a user and TLS (`kafka_address.py`)."""
    keys: DirectoryPath
    """The folder with this service's key files, and no others."""
    products: DirectoryPath | None = None
    """A folder with more product folders."""
    log: Literal["console", "json"] = "console"
    host: str = "127.0.0.1"
    port: Port = 8000
    """Where pages and API are served. A service without pages does not use these two."""
    allowed_hosts: str = ""
    """Other names under which browsers or a proxy reach the pages, separated by commas: `form.internal,10.0.0.7`."""
    ops_host: str = "127.0.0.1"
    ops_port: Port = 9000
    """Where `/live`, `/ready` and `/metrics` are served. Visitors must not reach them."""
    trusted_proxies: Annotated[str, AfterValidator(proxy_addresses)] = "127.0.0.1"
    """Proxies whose X-Forwarded-For we believe: addresses or networks, separated by commas. `*`: whoever connects."""

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, hosts: str) -> str:
        return ",".join(host_name(host.strip()) for host in hosts.split(",") if host.strip())

    @property
    def more_hosts(self) -> frozenset[str]:
        """The names in `allowed_hosts`."""
        return frozenset(filter(None, self.allowed_hosts.split(",")))


class _Secrets(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MITSUMORI_")

    keys: Path = Path("no-such-folder")


def load(settings: type[_Settings]) -> _Settings:
    """The settings of this process; or one line per bad variable on stderr, and exit code 2."""
    folder = _Secrets().keys
    try:
        return settings(_secrets_dir=folder) if folder.is_dir() else settings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_context=False):
            name = "MITSUMORI_" + "_".join(str(part) for part in problem["loc"]).upper()
            print(f"{name}: {problem['msg']}", file=sys.stderr)  # noqa: T201  # logs are not set up before settings are
        raise SystemExit(2) from None
