"""What surrounds the services: the machine, the products, how mails are set up, and versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from local.status import Part as Process
from services.notify.domain.mail_findings import Finding
from shared.products import Problem as ProductProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Of the machine or container that the doctor runs in. None: it does not say."""

    free_memory_bytes: int | None
    python: tuple[int, int]
    memory_limit_bytes: int | None = None
    """Of the container. None: there is no limit, or the machine has less."""
    tokyo_offset: timedelta | None
    """Of Asia/Tokyo in this system's time zones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A file system: *what* lies on it."""

    what: str
    free_bytes: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDisk(Disk):
    """That of the data folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MongoDisk(Disk):
    """That of mongod's data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """Those that `mitsumori run` has started, as they say of themselves."""

    parts: Sequence[Process]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFolders:
    """Everything that keeps the services from loading the products."""

    problems: Sequence[ProductProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariffs:
    """Product → the days from which its tariffs are effective."""

    effective: Mapping[str, Sequence[date]]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holidays:
    """The last day that the list of national holidays speaks of."""

    last: date
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSetUp:
    """What `mitsumori doctor mail` finds without an option."""

    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Of the server at *address*. `until` is None where *trouble* says why there is none that holds.

    `is_away`: the server cannot be reached from here.
    """

    address: str
    until: datetime | None = None
    trouble: str = ""
    is_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Of every server that is reached by TLS."""

    found: Sequence[Certificate]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Libraries:
    """Library → the version that is pinned, and the one that is installed (None: it is not)."""

    pinned: Mapping[str, str]
    installed: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The version of the package, and the newest that the CHANGELOG has (None: none is released)."""

    installed: str
    released: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """The folder that MITSUMORI_BACKUPS names, and from when its newest backup is (None: there is none)."""

    folder: str
    newest: datetime | None
    now: datetime
