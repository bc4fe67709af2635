"""Settings come from the environment (`MITSUMORI_…`). Bad ones stop the process at its start, all named at once.

What holds a password may also be in a file that `MITSUMORI_…_FILE` names (`secret_files.py`), or in one in the folder
`MITSUMORI_KEYS`, beside the keys: `mitsumori_mongo`, `mitsumori_kafka`, `mitsumori_smtp`. The latter goes last.
"""

import sys
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, DirectoryPath, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pymongo.errors import PyMongoError
from pymongo.uri_parser import split_options

from shared.host_name import host_name
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.secret_files import MAY_BE_IN_A_FILE, SecretFiles
from shared.runtime.trusted_proxies import proxy_addresses

PREFIX: Final = "MITSUMORI_"
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


class SettingsWithSecrets(BaseSettings):
    """Settings `MITSUMORI_…`, of which those that hold passwords may be in files."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # there is none
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What goes before what."""
        return init_settings, SecretFiles(settings_cls), env_settings, file_secret_settings


class RuntimeSettings(SettingsWithSecrets):
    """The settings that every service has."""

    mongo: Annotated[
        str,
        Field(pattern=r"^mongodb(\+srv)?://.+", repr=False),
        AfterValidator(_mongo_address),
        MAY_BE_IN_A_FILE,
    ]
    """`mongodb://USER:PASSWORD@…` of a replica set."""
    kafka: Annotated[str, AfterValidator(_kafka_address), Field(repr=False), MAY_BE_IN_A_FILE]
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

    dead_letter_limit: Annotated[int, Field(ge=0)] = 10
    """So many records of one type in a row may become dead letters by a bug; then all of them wait. 0: no limit."""

    @field_validator("allowed_hosts")
    @classmethod
    def _are_names(cls, hosts: str) -> str:
        return ",".join(host_name(host.strip()) for host in hosts.split(",") if host.strip())

    @property
    def more_hosts(self) -> frozenset[str]:
        """The names in `allowed_hosts`."""
        return frozenset(filter(None, self.allowed_hosts.split(",")))


class _Secrets(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX)

    keys: Path = Path("no-such-folder")


def load(settings: type[_Settings]) -> _Settings:
    """The settings of this process; or one line per bad variable on stderr, and exit code 2."""
    try:
        return read(settings)
    except ValidationError as error:
        for line in bad_variables(error):
            print(line, file=sys.stderr)  # noqa: T201  # logs are not set up before settings are
        raise SystemExit(2) from None


def read(settings: type[_Settings]) -> _Settings:
    """The settings of this process. Raises `ValidationError`."""
    folder = _Secrets().keys
    return settings(_secrets_dir=folder) if folder.is_dir() else settings()


def bad_variables(error: ValidationError) -> list[str]:
    """One line for each variable that *error* is about, without its value."""
    return [
        f"{PREFIX}{'_'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_context=False)
    ]
