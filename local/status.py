"""How the system that `mitsumori run` has started is, as it says of itself: for `mitsumori status`."""

import json
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from local.data_folder import DataFolder
from local.passwords import is_masked
from shared.errors import Invalid

_TIMEOUT_S: Final = 3.0
FIGURES: Final = (
    *("consumer_lag", "outbox_pending", "outbox_oldest_age_seconds"),
    *("dead_letters_open", "records_waiting_for_key", "mail_pending"),
)
"""The metrics that are shown, each the sum over its labels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A process: `address` is where people or programs reach it. `missing`: why it cannot work, empty when it can.

    `incomplete`: what keeps it from a part of its work. `figures`: some of `FIGURES`.
    """

    name: str
    address: str
    missing: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    figures: Mapping[str, float]


def status_of(data: Path) -> list[Part]:
    """Every process of the system that uses *data*. Raises `Invalid` when none runs there.

    All are asked at the same time: one that hangs costs its own time only.
    """
    try:
        run: Mapping[str, Any] = json.loads(DataFolder(data).run_file.read_text("utf-8"))
        asks = [*_services(run), *_infrastructure(run)]
        with ThreadPoolExecutor(len(asks)) as pool:
            return list(pool.map(lambda ask: ask(), asks))
    except (OSError, ValueError, KeyError):
        raise Invalid(f"{data} で動作中の mitsumori run がありません。") from None


def _services(run: Mapping[str, Any]) -> Iterator[Callable[[], Part]]:
    pages = {"intake": run["form"], "dashboard": run["dashboard"]}
    services: Mapping[str, Mapping[str, str]] = run["services"]
    for name, service in services.items():
        yield partial(_service, name, service, pages.get(name, ""))


def _service(name: str, service: Mapping[str, str], page: str) -> Part:
    says = _get_json(service["health"])
    return Part(
        name=name,
        address=page,
        missing=("process",) if says is None else tuple(says.get("missing", ())),
        incomplete=() if says is None else tuple(says.get("incomplete", ())),
        figures={} if says is None else _figures(service["metrics"]),
    )


def _infrastructure(run: Mapping[str, Any]) -> Iterator[Callable[[], Part]]:
    host, _, port = run["kafka"].rpartition(":")
    yield partial(_part, run["broker"], run["kafka"], partial(_listens, host, int(port)))
    yield partial(_part, "mailbox", run["mailbox"], lambda: _get(f"{run['mailbox']}ready") is not None)
    # A MongoDB that was given is known to whoever gave it; its services say whether they reach it.
    if not is_masked(run["mongo"]):
        yield partial(_part, "mongod", run["mongo"].rpartition("@")[2], partial(_answers, run["mongo"]))


def _part(name: str, address: str, is_there: Callable[[], bool]) -> Part:
    return Part(name=name, address=address, missing=() if is_there() else ("process",), figures={})


def _figures(url: str) -> dict[str, float]:
    sums: dict[str, float] = {}
    for family in text_string_to_metric_families((_get(url) or b"").decode()):
        if family.name in FIGURES:
            sums[family.name] = sum(sample.value for sample in family.samples)
    return sums


def _get_json(url: str) -> Mapping[str, Any] | None:
    try:
        says = json.loads(_get(url) or b"null")
    except ValueError:
        return None
    return says if isinstance(says, dict) else None


def _get(url: str) -> bytes | None:
    """The body of any answer, also of 503. None: nobody answers."""
    try:
        with urlopen(url, timeout=_TIMEOUT_S) as reply:  # noqa: S310  # an address of our own launcher
            return bytes(reply.read())
    except HTTPError as error:
        return bytes(error.read())
    except (URLError, OSError):
        return None


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), _TIMEOUT_S).close()
    except OSError:
        return False
    return True


def _answers(mongo: str) -> bool:
    try:
        with MongoClient[dict[str, Any]](mongo, serverSelectionTimeoutMS=int(_TIMEOUT_S * 1000)) as client:
            client.admin.command("ping")
    except PyMongoError:
        return False
    return True
