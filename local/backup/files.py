"""How files of backups are called: by the moment that they are from, so that the newest is known without a key."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ENDING: Final = ".mitsumori-backup"
UNFINISHED: Final = f"{ENDING}.part"
"""Of a file that is being written."""
_TIME: Final = "%Y%m%dT%H%M%SZ"
_NAME: Final = re.compile(rf"^mitsumori-(\d{{8}}T\d{{6}}Z){re.escape(ENDING)}$")


def file_name(at: datetime) -> str:
    """`mitsumori-20261127T180000Z.mitsumori-backup`."""
    return f"mitsumori-{at.astimezone(UTC):{_TIME}}{ENDING}"


def newest_backup(folder: Path) -> datetime | None:
    """From when the newest whole backup in *folder* is. None: there is none. Raises `OSError`."""
    named = [found[1] for path in folder.iterdir() if (found := _NAME.match(path.name)) and path.stat().st_size]
    return datetime.strptime(max(named), _TIME).replace(tzinfo=UTC) if named else None
