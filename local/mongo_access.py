"""Who may do what in MongoDB, derived from the registry: each service has a user for its own database and no other.

The users are in the database `admin`. An operator, who may do everything, is for people and their tools.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from pymongo import MongoClient

from services.registry import SERVICES, Service

OPERATOR: Final = "operator"
USERS: Final = (OPERATOR, *(service.name for service in SERVICES))

_READ_AND_ADD: Final = ("find", "insert", "createIndex", "listIndexes")
_CHANGE: Final = ("update", "remove")

Document = dict[str, Any]


def grants(service: Service) -> list[Document]:
    """The roles of the service's user."""
    if service.append_only:
        return [{"role": service.name, "db": service.database}]
    return [{"role": "readWrite", "db": service.database}]


def privileges(service: Service) -> list[Document]:
    """The privileges of the role that is made for a service with collections that it may only add to.

    MongoDB adds up what it grants and can take nothing out again, so every other collection is named.
    """
    named: dict[str, tuple[str, ...]] = dict.fromkeys(service.append_only, _READ_AND_ADD)
    named |= dict.fromkeys(service.collections, (*_READ_AND_ADD, *_CHANGE))
    # No name stands for all: one stream tells what changes in several collections, and needs it.
    named[""] = ("find", "changeStream")
    return [
        {"resource": {"db": service.database, "collection": name}, "actions": list(actions)}
        for name, actions in sorted(named.items())
    ]


def grant_access(client: MongoClient[Document], passwords: Mapping[str, str]) -> None:
    """Make the users with these *passwords*, and change those that are not as they should be."""
    known = {user["user"]: user.get("customData") for user in client.admin.command("usersInfo", 1)["users"]}
    _grant(client, known, OPERATOR, {"pwd": passwords[OPERATOR], "roles": ["root"]})
    for service in SERVICES:
        user = {"pwd": passwords[service.name], "roles": grants(service)}
        _grant(client, known, service.name, user, service if service.append_only else None)


def as_script() -> str:
    """The commands for `mongosh` with which an operator makes the users; it asks for each password."""
    lines = []
    for service in SERVICES:
        database = f'db.getSiblingDB("{service.database}")'
        if service.append_only:
            role = {"role": service.name, "privileges": privileges(service), "roles": []}
            lines.append(f"{database}.createRole({json.dumps(role)})")
        granted = json.dumps(grants(service))
        lines.append(
            f'db.getSiblingDB("admin").createUser({{user: "{service.name}", pwd: passwordPrompt(), roles: {granted}}})'
        )
    return "\n".join(lines)


def _grant(
    client: MongoClient[Document],
    known: Mapping[str, Document | None],
    name: str,
    user: Document,
    with_role: Service | None = None,
) -> None:
    needed = privileges(with_role) if with_role else []
    # So that a start does not write every user anew. It tells nothing: the passwords are long and random.
    made_from = {"made_from": hashlib.sha256(json.dumps([user, needed]).encode()).hexdigest()}
    if known.get(name) == made_from:
        return
    if with_role:
        database = client[with_role.database]
        command = "updateRole" if database.command("rolesInfo", name)["roles"] else "createRole"
        database.command(command, name, privileges=needed, roles=[])
    client.admin.command("updateUser" if name in known else "createUser", name, customData=made_from, **user)
