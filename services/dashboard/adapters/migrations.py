"""The steps that change the dashboard's stored data (ADR 0033). One that was released never changes."""

from typing import Final

from pymongo.errors import OperationFailure

from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_migrations import Step

_NOT_THERE: Final = {26, 27}
"""MongoDB's codes for a collection and an index that do not exist."""


async def _drop_former_indexes(database: Database) -> None:
    """Each write to the read model and each webhook paid for them; processes of before ask for `figures` by name."""
    for collection, index in (("cases", "figures"), ("webhook_deliveries", "due")):
        try:
            with mongo_errors():
                await database[collection].drop_index(index)
        except OperationFailure as error:
            if error.code not in _NOT_THERE:
                raise


STEPS: Final = (Step(number=1, title="使わなくなったインデックスを消す", run=_drop_former_indexes, removes=True),)
