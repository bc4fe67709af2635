"""Work that an operator has for a Kafka which may still be starting: it is waited for, and what is wrong is said."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from local.children import CannotStart
from local.kafka_trouble import kafka_trouble
from shared.runtime.kafka_address import KafkaAddress

RETRY_S: Final = 0.2
Admin = TypeVar("Admin", bound=AIOKafkaAdminClient)
Result = TypeVar("Result")


async def with_admin(
    address: str, wait_s: float, kind: type[Admin], work: Callable[[Admin], Awaitable[Result]]
) -> Result:
    """What *work* returns. It is done again until Kafka takes it; raises `CannotStart` after *wait_s* seconds."""
    parsed = _parsed(address)
    deadline = time.monotonic() + wait_s
    while True:
        try:
            async with _open(parsed, kind) as admin:
                return await work(admin)
        except (KafkaError, OSError) as error:
            if time.monotonic() > deadline:
                trouble = await kafka_trouble(parsed) or type(error).__name__
                raise CannotStart(f"Kafka ({parsed}) に接続できません: {trouble}") from None
            await asyncio.sleep(RETRY_S)


@asynccontextmanager
async def _open(address: KafkaAddress, kind: type[Admin]) -> AsyncIterator[Admin]:
    admin = kind(**address.client_options)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


def _parsed(address: str) -> KafkaAddress:
    try:
        return KafkaAddress.parse(address)
    except ValueError as reason:
        raise CannotStart(f"MITSUMORI_KAFKA {reason}") from None
