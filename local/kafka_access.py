"""Who may do what in Kafka, from the registry: each service has a user, for the topics that it reads and writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import for_code
from aiokafka.protocol.admin import CreateAclsRequest, CreateAclsRequest_v1

from services.registry import SERVICES

# The numbers of Kafka's protocol (KIP-140, KIP-290).
_RESOURCES: Final = {"topic": 2, "group": 3}
_OPERATIONS: Final = {"READ": 3, "WRITE": 4, "CREATE": 5}
_LITERAL, _ALLOW, _ANY_HOST = 3, 3, "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    """One thing that a service may do. To describe what it reads or writes is included."""

    service: str
    resource: Literal["topic", "group"]
    name: str
    operation: Literal["READ", "WRITE", "CREATE"]


def acls() -> Iterator[Acl]:
    """Everything that services may do. A broker with an authorizer refuses all else."""
    for service in SERVICES:
        for topic in service.reads:
            yield Acl(service=service.name, resource="topic", name=topic, operation="READ")
        for topic in service.writes:
            yield Acl(service=service.name, resource="topic", name=topic, operation="WRITE")
            # A topic that has vanished is made again by its writer (shared/runtime/reconciler.py).
            yield Acl(service=service.name, resource="topic", name=topic, operation="CREATE")
        yield Acl(service=service.name, resource="group", name=service.name, operation="READ")


def as_commands(brokers: str, config: str) -> str:
    """The same for a shell with Kafka's own tools."""
    tool = f"kafka-acls.sh --bootstrap-server {brokers} --command-config {config}"
    return "\n".join(
        f"{tool} --add --allow-principal User:{acl.service} --operation {acl.operation.title()} "
        f"--{acl.resource} {acl.name}"
        for acl in acls()
    )


class AclAdmin(AIOKafkaAdminClient):  # type: ignore[misc]  # aiokafka ships no types
    """aiokafka's admin client knows the request that adds ACLs, but has no method for it."""

    async def grant_access(self) -> None:
        """Let every service do what it may. Safe to repeat. Raises `KafkaError`."""
        answer = await self._send_to_controller(_CreateAcls(tuple(acls())))
        for code, text in answer.creation_responses:
            if code:
                raise for_code(code)(text)


class _CreateAcls(CreateAclsRequest):  # type: ignore[misc]  # aiokafka ships no types
    """All in one request; aiokafka's own class sends one each."""

    def __init__(self, wanted: Sequence[Acl]) -> None:
        self._wanted = wanted

    def build(self, request_struct_class: Any) -> Any:  # noqa: ANN401  # aiokafka ships no types
        """Any broker of today knows the version with pattern types."""
        assert request_struct_class is CreateAclsRequest_v1  # noqa: S101  # Kafka 2.0 and newer
        return request_struct_class(
            [
                (
                    _RESOURCES[acl.resource],
                    acl.name,
                    _LITERAL,
                    f"User:{acl.service}",
                    _ANY_HOST,
                    _OPERATIONS[acl.operation],
                    _ALLOW,
                )
                for acl in self._wanted
            ]
        )
