"""Asks Kafka about topics, and creates them: as a service may, for those that it writes."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.metadata import MetadataRequest
from aiokafka.protocol.offset import OffsetRequest

from shared.errors import Unavailable
from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.reconciler import Topic
from shared.runtime.topic_configs import topic_configs

# The numbers of Kafka's protocol.
_A_CLIENT, _UNCOMMITTED, _LATEST = -1, 0, -1
_ASK_MS: Final = 10_000
_CLOSE_S: Final = 2.0


class KafkaTopics:
    """`Topics`, with one connection, and a new one after any failure."""

    def __init__(self, kafka: str, service: str) -> None:
        self._options = {
            **KafkaAddress.parse(kafka).client_options,
            "client_id": f"mitsumori-{service}-topics",
            "request_timeout_ms": _ASK_MS,
        }
        self._kafka: _Asked | None = None

    async def look(self, names: Sequence[str]) -> Mapping[str, Topic | None]:
        """Asks the leader of each partition where it ends."""
        async with self._asked() as kafka:
            return {one["topic"]: await _topic(kafka, one) for one in await kafka.described(names)}

    async def create(self, name: str, *, partitions: int, replicas: int) -> None:
        """With the configuration that it was made with."""
        wanted = NewTopic(name, partitions, replicas, topic_configs=topic_configs(name))
        async with self._asked() as kafka:
            answer = await kafka.create_topics([wanted])
            for _, code, *_ in answer.topic_errors:
                # Another process was faster, which is as good.
                if code and for_code(code) is not TopicAlreadyExistsError:
                    raise for_code(code)(name)

    async def close(self) -> None:
        """Close the connection."""
        kafka, self._kafka = self._kafka, None
        if kafka is not None:
            with suppress(Exception):
                await asyncio.wait_for(kafka.close(), _CLOSE_S)

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator["_Asked"]:
        """Raises `Unavailable` for whatever Kafka does not answer."""
        try:
            if self._kafka is None:
                self._kafka = _Asked(**self._options)
                await self._kafka.start()
            yield self._kafka
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            raise Unavailable(f"kafka ({type(error).__name__})") from error
        except BaseException:
            await self.close()
            raise


class _Asked(AIOKafkaAdminClient):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka's admin client, which can also say where partitions end, and lets no topic be made by a question."""

    async def described(self, names: Iterable[str]) -> Sequence[Mapping[str, Any]]:
        answer = await self._send_request(MetadataRequest(list(names), allow_auto_topic_creation=False))
        found: Sequence[Mapping[str, Any]] = answer.to_object()["topics"]
        return found

    async def ends_of(self, name: str, leader: int, partitions: Sequence[int]) -> dict[int, int]:
        asked = [(name, [(partition, _LATEST) for partition in partitions])]
        answer = await self._send_request_to_node(leader, OffsetRequest(_A_CLIENT, _UNCOMMITTED, asked))
        ends = {}
        for _, found in answer.topics:
            for partition, code, _, offset in found:
                if code:
                    raise for_code(code)(name)
                ends[partition] = offset
        return ends


async def _topic(kafka: _Asked, described: Mapping[str, Any]) -> Topic | None:
    error = for_code(described["error_code"])
    if error is UnknownTopicOrPartitionError:
        return None
    if described["error_code"]:
        raise error(described["topic"])
    of_leader: dict[int, list[int]] = defaultdict(list)
    for one in described["partitions"]:
        if one["error_code"]:
            raise for_code(one["error_code"])(described["topic"])
        of_leader[one["leader"]].append(one["partition"])
    ends: dict[int, int] = {}
    for leader, partitions in of_leader.items():
        ends |= await kafka.ends_of(described["topic"], leader, partitions)
    return Topic(ends, min(len(one["replicas"]) for one in described["partitions"]))
