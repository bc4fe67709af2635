"""The users of a Kafka, one for each service, who log in with SCRAM. It keeps a proof of a password, and no password.

aiokafka (0.14) knows no request for it (KIP-554).
"""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import CompactArray, CompactBytes, CompactString, Int8, Int16, Int32, Schema, TaggedFields

from local.children import CannotStart
from local.kafka_admin import RETRY_S, with_admin
from local.kafka_trouble import kafka_trouble
from shared.runtime.kafka_address import KafkaAddress, Login

_SHA512: Final = 2
_ITERATIONS: Final = 8_192
_SALT_BYTES: Final = 32
_NO_TAGS: Final[dict[int, bytes]] = {}


async def set_scram_passwords(kafka: str, passwords: Mapping[str, str], wait_s: float = 60) -> None:
    """Give each user its password, and return when each can log in. Safe to repeat.

    Waits for the broker, and raises `CannotStart` after *wait_s*.
    """
    await with_admin(kafka, wait_s, ScramAdmin, lambda admin: admin.set_passwords(passwords))
    # The broker learns of it a moment after the controller has answered.
    for user, password in passwords.items():
        login = Login(user=user, password=password, mechanism="SCRAM-SHA-512")
        await _until_it_lets_in(replace(KafkaAddress.parse(kafka), login=login), wait_s)


async def _until_it_lets_in(address: KafkaAddress, wait_s: float) -> None:
    deadline = time.monotonic() + wait_s
    while trouble := await kafka_trouble(address):
        if time.monotonic() > deadline:
            raise CannotStart(f"Kafka ({address}) にログインできません: {trouble}")
        await asyncio.sleep(RETRY_S)


class _AlterScramResponse(Response):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = 51
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterScramRequest(RequestStruct):  # type: ignore[misc]  # aiokafka ships no types
    FLEXIBLE_VERSION = True
    API_KEY = 51
    API_VERSION = 0
    RESPONSE_TYPE = _AlterScramResponse
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted_password", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class _AlterScram(Request[_AlterScramRequest]):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY = _AlterScramRequest.API_KEY

    def __init__(self, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords

    def build(self, request_struct_class: Any) -> Any:  # noqa: ANN401  # aiokafka ships no types
        """There is one version."""
        return request_struct_class([], [_credential(*user) for user in self._passwords.items()], _NO_TAGS)


class ScramAdmin(AIOKafkaAdminClient):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka's admin client, which can also make users."""

    async def set_passwords(self, passwords: Mapping[str, str]) -> None:
        """Whoever is logged in stays so. Raises `KafkaError`."""
        answer = await self._send_to_controller(_AlterScram(passwords))
        for user, code, *_ in answer.results:
            if code:
                raise for_code(code)(user)


def _credential(name: str, password: str) -> tuple[str, int, int, bytes, bytes, dict[int, bytes]]:
    """As RFC 5802 has it; the password itself does not leave this process."""
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS)
    return name, _SHA512, _ITERATIONS, salt, salted, _NO_TAGS
