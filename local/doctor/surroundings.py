"""Where the doctor is called: beside a `mitsumori run`, in a service's container, or with addresses from elsewhere."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.data_folder import DataFolder
from local.passwords import files_of_this_user, is_masked, secret_of_container
from services.registry import SERVICES, ServiceName
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.settings import PREFIX

_PROCESS_OF_CONTAINER = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What can be looked at from here. `environments`: service → the environment that it runs with."""

    data: Path
    runs: bool
    """A `mitsumori run` uses *data*."""
    has_own_mongo: bool
    """MongoDB is the one that it brings."""
    mongo: str | None
    kafka: str | None
    environments: Mapping[str, Mapping[str, str]]
    keys: Mapping[str, Path]
    products: Path | None
    """The folder with further products that services are told of. All of them need the same one."""
    is_in_container: bool
    backups: Path | None = None
    """Where backups are, if this process is told."""

    @property
    def is_there(self) -> bool:
        """Whether something names a system."""
        return bool(self.runs or self.mongo or self.kafka or self.environments)

    @property
    def services(self) -> tuple[str, ...]:
        """Those whose data this user of MongoDB and Kafka may see: a service its own, anybody else those of all."""
        user = _user_of(self.kafka) if self.kafka else ""
        return (user,) if user in {*ServiceName} else tuple(str(service.name) for service in SERVICES)

    @property
    def has_links(self) -> bool | None:
        """Whether mails of notify may have links to brochures. None: its settings cannot be seen from here."""
        notify = self.environments.get(ServiceName.notify)
        return None if notify is None else bool(notify.get(f"{PREFIX}BROCHURES_URL"))


def look_around(data: Path, service: str | None = None) -> Surroundings:
    """Settings in this process's environment go before what runs in *data*; they are those of *service*.

    None: of the service whose name Kafka's user has, as in a container. Raises `Invalid` where a file or folder of them
    is another user's.
    """
    with files_of_this_user():
        return _around(data, service)


def _around(data: Path, service: str | None) -> Surroundings:
    run = _run_file(data)
    environments = _environments_of(run) or _own_environment(service)
    mongo = os.environ.get(f"{PREFIX}MONGO") or secret_of_container("mongo") or run.get("mongo")
    folders = {name: Path(one[f"{PREFIX}KEYS"]) for name, one in environments.items() if one.get(f"{PREFIX}KEYS")}
    own = DataFolder(data).keys
    if not folders and own.is_dir():
        folders = {str(service.name): own / service.name for service in SERVICES}
    return Surroundings(
        data=data,
        runs=bool(run),
        has_own_mongo=mongo is not None and mongo == run.get("mongo"),
        mongo=None if mongo is None or is_masked(mongo) else mongo,
        kafka=os.environ.get(f"{PREFIX}KAFKA") or secret_of_container("kafka") or run.get("kafka"),
        environments=environments,
        keys={name: folder for name, folder in folders.items() if folder.is_dir()},
        products=_products(environments),
        is_in_container=_is_in_container(),
        backups=Path(named) if (named := os.environ.get(f"{PREFIX}BACKUPS")) else None,
    )


def _run_file(data: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(DataFolder(data).run_file.read_text("utf-8"))
    except PermissionError:
        raise
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _environments_of(run: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Of the services that the launcher has started, as Linux shows them to their own user."""
    found = {}
    for name, service in run.get("services", {}).items():
        try:
            given = Path(f"/proc/{service['pid']}/environ").read_bytes().split(b"\0")
        except (OSError, KeyError, TypeError):
            continue
        pairs = (os.fsdecode(one).partition("=") for one in given)
        environment = {variable: value for variable, _, value in pairs if variable.startswith(PREFIX)}
        if environment:  # The process id may have another owner by now.
            found[name] = environment
    return found


def _own_environment(service: str | None) -> dict[str, dict[str, str]]:
    """That of the service whose container the doctor is called in."""
    kafka = os.environ.get(f"{PREFIX}KAFKA") or secret_of_container("kafka")
    name = service or (_user_of(kafka) if kafka else "")
    if name not in {*ServiceName}:
        return {}
    return {name: {variable: value for variable, value in os.environ.items() if variable.startswith(PREFIX)}}


def _products(environments: Mapping[str, Mapping[str, str]]) -> Path | None:
    """Of the services; where none is known, as in the container of an operator, that of this process."""
    named = [one.get(f"{PREFIX}PRODUCTS", "") for one in environments.values() or [os.environ]]
    return Path(min(filter(None, named))) if any(named) else None


def _user_of(kafka: str) -> str:
    try:
        login = KafkaAddress.parse(kafka).login
    except ValueError:
        return ""
    return login.user if login else ""


def _is_in_container() -> bool:
    return Path("/.dockerenv").exists() or Path("/run/.containerenv").exists() or os.getpid() == _PROCESS_OF_CONTAINER
