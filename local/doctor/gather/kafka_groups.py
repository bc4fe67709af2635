"""Asks Kafka who reads in a group, which aiokafka's admin client cannot (0.14)."""

import asyncio
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, for_code
from aiokafka.protocol.admin import DescribeGroupsRequest_v0, DescribeGroupsRequest_v1, DescribeGroupsRequest_v2
from aiokafka.protocol.api import Request

_RETRY_S: Final = 0.1


class _DescribeGroup(Request[DescribeGroupsRequest_v0 | DescribeGroupsRequest_v1 | DescribeGroupsRequest_v2]):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka's own takes the answer to its newest version for one of the version before, and cannot read it."""

    API_KEY = DescribeGroupsRequest_v0.API_KEY

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: Any) -> Any:  # noqa: ANN401  # aiokafka ships no types
        """The versions have the same fields."""
        return request_struct_class([self._group])


class GroupAdmin(AIOKafkaAdminClient):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka's admin client, which can also say who reads."""

    async def members_of(self, group: str) -> tuple[int, int]:
        """The broker that coordinates *group*, and the number of its members. Raises `KafkaError`."""
        coordinator = await self._coordinator(group)
        [(code, _, _, _, _, members, *_)] = (await self._send_request(_DescribeGroup(group), coordinator)).groups
        if code:
            raise for_code(code)(group)
        return coordinator, len(members)

    async def _coordinator(self, group: str) -> int:
        """A Kafka in which nobody has ever read makes the topic for it first."""
        while True:
            try:
                return int(await self.find_coordinator(group))
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(_RETRY_S)
