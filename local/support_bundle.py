"""One file for whoever helps from elsewhere: what the doctor, the services and the ledgers say, without personal data.

Of the values of settings it has addresses and names of folders alone; it has no key and no password, and nothing that
a customer wrote. The logs are those of our own services, which pass an allow-list (`shared/runtime/logs.py`).
"""

import io
import json
import os
import tarfile
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from local.data_folder import DataFolder
from local.dead_letters import find_groups
from local.doctor.diagnose import diagnose
from local.doctor.surroundings import Surroundings
from local.passwords import files_of_this_user
from local.status import status_of
from services.registry import SERVICES
from shared.clock import JST, Clock
from shared.errors import Invalid, MitsumoriError
from shared.runtime.masked import as_name

LINES: Final = 5_000
"""Of each log, its last."""


async def collect(around: Surroundings, now: Clock, version: str) -> dict[str, bytes]:
    """The files of the bundle, by name. What cannot be had says why in its own file."""
    lines = await diagnose(around, now)
    return {
        "version.txt": f"mitsumori {version}\n{now().astimezone(JST).isoformat()}\n".encode(),
        "doctor.json": _as_json([asdict(line) for line in lines]),
        "status.json": _as_json(_status(around)),
        "dead-letters.json": _as_json(await _dead_letters(around)),
        **logs_in(around.data),
    }


def write_bundle(path: Path, files: Mapping[str, bytes], now: datetime) -> None:
    """Write *files* as a `.tar.gz` that only its owner can read. Raises `Invalid` where there is one already."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Invalid(f"{path} に書けません: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as bundle:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(content), int(now.timestamp()), 0o600
            bundle.addfile(entry, io.BytesIO(content))


def _status(around: Surroundings) -> Any:  # noqa: ANN401  # JSON
    try:
        return [asdict(part) for part in status_of(around.data)]
    except Invalid as error:
        return {"not-known": str(error)}


async def _dead_letters(around: Surroundings) -> Any:  # noqa: ANN401  # JSON
    if around.mongo is None:
        return {"not-known": "no address of MongoDB"}
    try:
        groups = await find_groups(around.mongo, around.services)
    except MitsumoriError as error:
        return {"not-known": str(error)}
    return [asdict(group) | {"reason": as_name(group.reason)} for group in groups]


def logs_in(data: Path) -> dict[str, bytes]:
    """The last lines of each service's log; of one that this user may not read, a sentence that says so."""
    found = {}
    for service in SERVICES:
        try:
            with files_of_this_user(), DataFolder(data).log(service.name).open("rb") as log:
                found[f"logs/{service.name}.log"] = b"".join(deque(log, maxlen=LINES))
        except OSError:
            continue
        except Invalid as error:
            found[f"logs/{service.name}.log"] = f"{error}\n".encode()
    return found


def _as_json(content: Any) -> bytes:  # noqa: ANN401  # whatever JSON can hold
    return json.dumps(content, ensure_ascii=False, indent=2, default=str).encode()
