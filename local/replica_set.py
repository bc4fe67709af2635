"""A replica set of one member, on this machine and in containers: only there do majority writes keep their promise."""

from typing import Any, Final

from pymongo import MongoClient
from pymongo.errors import ConnectionFailure, OperationFailure

REPLICA_SET: Final = "rs0"
_ALREADY_INITIALISED: Final = 23


def is_primary(client: MongoClient[dict[str, Any]], member: str) -> bool:
    """Whether the server is primary, and so accepts writes. Ask again until it is.

    Forms the replica set when there is none, with the server at the address *member* (`host:port`) as its only member.
    Where it exists from an earlier start, and its only member cannot be found under its address of then, it gets this
    one. A member that is found is left alone: it becomes primary, and others know it by its address.
    """
    try:
        found = client.admin.command("hello")
        if found.get("isWritablePrimary"):
            return True
        if "setName" not in found:
            _form(client, member)
    except (ConnectionFailure, OperationFailure):
        return False  # It is still starting, or not primary yet.
    return False


def _form(client: MongoClient[dict[str, Any]], member: str) -> None:
    first_config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]}
    try:
        client.admin.command("replSetInitiate", first_config)
    except OperationFailure as error:
        if error.code != _ALREADY_INITIALISED:
            raise
    config = client.admin.command("replSetGetConfig")["config"]
    first, *others = config["members"]
    if first["host"] != member and not others:
        first["host"] = member
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)
