"""Gathers all facts at the same time, each within its own, and runs every check over them."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from local.doctor import facts
from local.doctor.check import Facts, Line, NotKnown, run
from local.doctor.checks import GROUPS
from local.doctor.gather.kafka import KINDS as KAFKA_KINDS
from local.doctor.gather.kafka import ask_kafka
from local.doctor.gather.ledgers import KINDS as LEDGER_KINDS
from local.doctor.gather.ledgers import ask_ledgers
from local.doctor.gather.machine import backups, data_disk, keys_in, libraries, machine, package
from local.doctor.gather.mongo import AWAY, ask_mongo
from local.doctor.gather.mongo import KINDS as MONGO_KINDS
from local.doctor.gather.products import NO_PRODUCTS, load_all
from local.doctor.gather.servers import certificates, mail_set_up, tls_servers, why_no_mails
from local.doctor.gather.settings import read_settings, settings_of, variables
from local.doctor.surroundings import Surroundings
from local.passwords import files_of_this_user
from local.status import status_of
from services.notify.settings import Settings as NotifySettings
from services.registry import ServiceName
from shared.clock import Clock
from shared.errors import Invalid
from shared.products import Products
from shared.runtime.kafka_address import KafkaAddress

_NO_FILES: Final = NotKnown("調べるためのファイルが、ここにはないか、読めません。")
_NO_BACKUPS: Final = NotKnown("MITSUMORI_BACKUPS(バックアップのフォルダ)の指定が、ここにはありません。")
_NO_ADDRESS: Final = NotKnown("接続先が分からないため、調べていません。")
_NO_TLS: Final = NotKnown("TLS を使うアドレスの設定が、ここにはありません。")


async def diagnose(around: Surroundings, now: Clock) -> list[Line]:
    """What every check says, in a few seconds. Raises `Invalid` where a file that is needed is another user's."""
    with files_of_this_user():
        return run(GROUPS, await gather(around, now))


async def gather(around: Surroundings, now: Clock) -> Facts:
    """Every kind of facts that can be known from here. Whatever is away costs its own time only."""
    # First: they are read from this process's environment, which nothing else may read meanwhile.
    found, notify = _of_settings(around), _notify_settings(around)
    servers, of_data, of_processes, of_mail = await asyncio.gather(
        _servers(around, now),
        asyncio.to_thread(_of_machine, around, now),
        _processes(around),
        _network(around, found.get(facts.Settings), notify, now),
    )
    return {**found, **servers, **of_data, **of_processes, **of_mail}


def _of_settings(around: Surroundings) -> dict[type[Any], Any]:
    settings = [
        settings_of(name, environment, is_in_container=around.is_in_container)
        for name, environment in around.environments.items()
    ]
    return {
        facts.Services: facts.Services(is_there=around.is_there, data=str(around.data)),
        facts.Variables: variables(around.environments),
        **({facts.Settings: facts.Settings(services=settings)} if settings else {}),
    }


def _of_machine(around: Surroundings, now: Clock) -> dict[type[Any], Any]:
    return {
        facts.Machine: machine(),
        facts.Libraries: _or_not_known(libraries),
        facts.Package: _or_not_known(package),
        facts.Backups: _backups(around.backups, now),
        **({facts.Keys: _or_not_known(lambda: keys_in(around.keys))} if around.keys else {}),
        **({facts.DataDisk: _or_not_known(lambda: data_disk(around.data))} if around.data.is_dir() else {}),
    }


def _backups(folder: Path | None, now: Clock) -> Any:  # noqa: ANN401  # facts, or that they are not known
    return _or_not_known(lambda: backups(folder, now())) if folder else _NO_BACKUPS


def _or_not_known(ask: Callable[[], Any]) -> Any:  # noqa: ANN401  # of any kind of facts
    try:
        return ask()
    except OSError:
        return _NO_FILES


async def _processes(around: Surroundings) -> dict[type[Any], Any]:
    if not around.runs:
        return {}
    try:
        return {facts.Processes: facts.Processes(parts=await asyncio.to_thread(status_of, around.data))}
    except Invalid as error:
        return {facts.Processes: NotKnown(str(error))}


async def _servers(around: Surroundings, now: Clock) -> dict[type[Any], Any]:
    of_databases, of_kafka = await asyncio.gather(_databases(around, now), _kafka(around, now))
    return {**of_databases, **of_kafka}


async def _databases(around: Surroundings, now: Clock) -> dict[type[Any], Any]:
    """With the products, because the ledgers are compared with them."""
    loading = asyncio.to_thread(load_all, around.products, now, with_links=around.has_links)
    loaded, of_mongo = await asyncio.gather(loading, _mongo(around, now))
    of_products = {
        facts.ProductFolders: loaded.folders,
        facts.Holidays: loaded.holidays,
        facts.Tariffs: loaded.tariffs or NO_PRODUCTS,
    }
    return {**of_products, **of_mongo, **await _ledgers(around, now, loaded.products, of_mongo)}


async def _mongo(around: Surroundings, now: Clock) -> dict[type[Any], Any]:
    if around.mongo is None:
        return dict.fromkeys((facts.MongoReach, *MONGO_KINDS), _NO_ADDRESS)
    return await ask_mongo(around.mongo, around.services, now, is_ours=around.has_own_mongo)


async def _kafka(around: Surroundings, now: Clock) -> dict[type[Any], Any]:
    if around.kafka is None:
        return dict.fromkeys((facts.KafkaReach, *KAFKA_KINDS), _NO_ADDRESS)
    return await ask_kafka(around.kafka, around.services, now)


async def _ledgers(
    around: Surroundings, now: Clock, products: Products, of_mongo: dict[type[Any], Any]
) -> dict[type[Any], Any]:
    if around.mongo is None:
        return dict.fromkeys(LEDGER_KINDS, _NO_ADDRESS)
    if of_mongo[facts.MongoReach].trouble:
        return dict.fromkeys(LEDGER_KINDS, AWAY)
    return await ask_ledgers(around.mongo, around.services, now, products)


async def _network(
    around: Surroundings, settings: facts.Settings | None, notify: NotifySettings | None, now: Clock
) -> dict[type[Any], Any]:
    """Pages without TLS have no certificate."""
    urls = {url for one in settings.services for url in one.urls.values()} if settings else set()
    servers = tls_servers(urls, _parsed(around.kafka))
    no_mails = why_no_mails(notify)
    asked = await asyncio.gather(
        *([certificates(servers, now)] if servers else []), *([mail_set_up(notify)] if notify and not no_mails else [])
    )
    return {facts.Certificates: _NO_TLS, facts.MailSetUp: no_mails, **{type(one): one for one in asked}}


def _notify_settings(around: Surroundings) -> NotifySettings | None:
    environment = around.environments.get(ServiceName.notify)
    if environment is None:
        return None
    try:
        settings = read_settings(ServiceName.notify, environment)
    except ValidationError:
        return None
    return settings if isinstance(settings, NotifySettings) else None


def _parsed(kafka: str | None) -> KafkaAddress | None:
    try:
        return KafkaAddress.parse(kafka) if kafka else None
    except ValueError:
        return None
