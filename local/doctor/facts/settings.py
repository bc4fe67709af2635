"""What services are told: their settings and their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Whether there is anything to look at: a running system, or settings that name one."""

    is_there: bool
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Of one service. `bad`: each variable that it cannot start with. What follows is empty where there is any.

    `urls`: the name of a variable and the public address that it holds; `addresses`: the same of mail addresses.
    """

    service: str
    bad: tuple[str, ...] = ()
    urls: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    host: str = "127.0.0.1"
    ops_host: str = "127.0.0.1"
    trusted_proxies: str = "127.0.0.1"
    mail_is_readable: bool = False
    """Mails leave this machine without encryption."""
    has_pages: bool = False
    """Browsers reach it, through a proxy."""
    products: str = ""
    """The folder with further products."""
    is_in_container: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Of every service that can be asked."""

    services: Sequence[ServiceSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variables:
    """The names of variables `MITSUMORI_…` that are set, and those that mean something."""

    given: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A file in a folder of keys. `public`: the public half, of a secret file the one that belongs to it.

    It is None for a file that is no key, and for one that is not of parcels or signatures.
    """

    name: str
    mode: int
    is_its_folders_owner: bool = True
    public: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Service → the files in its folder of keys; of services whose folder can be looked at."""

    folders: Mapping[str, Sequence[KeyFile]]
