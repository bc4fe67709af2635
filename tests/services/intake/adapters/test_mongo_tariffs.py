import pytest

from services.intake.adapters.mongo_tariffs import MongoTariffs
from services.intake.ports import Tariffs
from shared.errors import Unavailable
from shared.runtime.adapters.mongo import Database, connect
from tests.services.intake.builders import a_tariff
from tests.services.intake.fakes import InMemoryTariffs
from tests.services.intake.specs import TariffsSpec

pytestmark = pytest.mark.anyio


class TestInMemoryTariffs(TariffsSpec):
    @pytest.fixture
    def tariffs(self) -> Tariffs:
        return InMemoryTariffs()


class TestMongoTariffs(TariffsSpec):
    @pytest.fixture
    def tariffs(self, database: Database) -> Tariffs:
        return MongoTariffs(database)

    async def test_a_database_that_is_away_is_said_to_be_away(self) -> None:
        """The record must be read again, or this process would go on without its estimates."""
        async with connect("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50", "nowhere") as nowhere:
            with pytest.raises(Unavailable, match="mongo"):
                await MongoTariffs(nowhere).keep(a_tariff())
