"""The form as customers reach it: intake's own process over a real ledger, with Kafka away, which it must bear."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Any, Final

from pymongo import MongoClient

from local.children import LOOPBACK, free_port
from local.keys import ensure_keys
from local.mongod import Mongod
from local.services import ServiceProcess, responds_ok
from services.intake.adapters.company_file import PublishedFiles
from services.intake.adapters.company_list import SqliteCompanyList
from services.intake.adapters.mongo import document_of
from services.intake.adapters.mongo_tariffs import document_of as tariff_document
from services.intake.domain.outcome import Outcome
from services.intake.usecases.import_companies import ImportCompanies
from shared.events import ResumeLinkAsked
from shared.products import load_products
from shared.runtime.parcels import load_parcel_opener
from tests.architecture.repository import ROOT
from tests.form.gate import Gate
from tests.journeys.world import until
from tests.services.intake.builders import a_tariff

PRODUCT: Final = "cyber-security"
NEW_PRODUCT: Final = "new-product"
"""The same in another folder: no tariff of it was published yet."""
_NO_KAFKA: Final = f"{LOOPBACK}:9"
"""The port of a service that throws away what it is sent; it is reserved, and no machine runs it any more."""


@dataclass(frozen=True, slots=True)
class Site:
    """A running form."""

    service: ServiceProcess
    gate: Gate
    mongo: str
    keys: Path
    agency: int
    """The port at which a page of the agency may stand, which is allowed to post here."""

    @property
    def url(self) -> str:
        """Where the product begins."""
        return f"{self.service.url}/{PRODUCT}/"

    @contextmanager
    def without_ledger(self) -> Iterator[None]:
        """The ledger is away inside the block, and back after it."""
        with self.gate.shut():
            yield
        until(lambda: responds_ok(self.service.health))

    def newest_link(self) -> str:
        """Where the last mail that was asked for leads."""
        with MongoClient[dict[str, Any]](self.mongo) as client:
            found = client["mitsumori_intake"]["links"].find_one({"box": {"$exists": True}}, sort=[("until", -1)])
        assert found is not None
        asked = ResumeLinkAsked.model_validate_json(found["relay"]["body"])
        return str(load_parcel_opener(self.keys / "notify", "notify").open(asked.parcels["notify"])["url"])

    def follow(self, *outcomes: Outcome) -> None:
        """As if *outcomes* had come over Kafka, which is away."""
        with MongoClient[dict[str, Any]](self.mongo) as client:
            for outcome in outcomes:
                client["mitsumori_intake"]["outcomes"].replace_one(
                    {"_id": outcome.id}, document_of(outcome), upsert=True
                )


@contextmanager
def a_site() -> Iterator[Site]:
    """A form over a mongod of its own, in a folder that goes with it.

    A service cannot share a mongod with tests that write its database: it ends itself when an index is gone.
    """
    with TemporaryDirectory(prefix="mitsumori-form-") as folder:
        mongod = Mongod(Path(folder))
        try:
            mongod.start()
            with _intake(Path(folder), mongod) as site:
                yield site
        finally:
            mongod.kill()


def _companies(folder: Path) -> Path:
    """The sample of the documents, imported."""
    path = folder / "companies.sqlite"
    importing = ImportCompanies(files=PublishedFiles(), companies=SqliteCompanyList(path))
    importing([ROOT / "docs" / "companies-sample.csv"], lambda _part: None)
    return path


@contextmanager
def _intake(folder: Path, mongod: Mongod) -> Iterator[Site]:
    gate = Gate(mongod.port)
    # Without the replica set's name, which would lead around the gate.
    address = mongod.uri_of("intake").partition("?")[0].replace(str(mongod.port), str(gate.port))
    mongo = f"{address}?directConnection=true"
    ensure_keys(folder / "keys")
    copytree(load_products()[PRODUCT].folder, folder / "products" / NEW_PRODUCT)
    # As if it had come over Kafka, before the first look of the service.
    with MongoClient[dict[str, Any]](mongod.uri_of("intake")) as client:
        client["mitsumori_intake"]["tariffs"].insert_one(tariff_document(a_tariff()))
    port, agency = free_port(), free_port()
    settings = {
        "MITSUMORI_MONGO": mongo,
        "MITSUMORI_KAFKA": _NO_KAFKA,
        "MITSUMORI_PRODUCTS": str(folder / "products"),
        "MITSUMORI_KEYS": str(folder / "keys" / "intake"),
        "MITSUMORI_ALLOWED_ORIGINS": f"http://localhost:{agency}",
        "MITSUMORI_PUBLIC_URL": f"http://{LOOPBACK}:{port}",
        "MITSUMORI_COMPANIES": str(_companies(folder)),
    }
    service = ServiceProcess("intake", port, folder / "intake.log", lambda: settings)
    with gate.standing():
        service.spawn()
        try:
            service.wait_until_ready()
            yield Site(service, gate, mongo, folder / "keys", agency)
            assert service.child.alive, service.child.log.read_text("utf-8")[-5_000:]
        finally:
            service.child.kill()
