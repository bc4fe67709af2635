"""Asks the machine: key files, memory, disk, time zones, and what is installed."""

import re
import shutil
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local.backup.files import newest_backup
from local.doctor.facts import Backups, DataDisk, KeyFile, Keys, Libraries, Machine, Package
from local.keys import KINDS
from shared.runtime.key_files import read_key

ROOT: Final = Path(__file__).parents[3]
"""Of a checkout. An installed package has no requirements and no CHANGELOG beside it."""
_PINNED: Final = re.compile(r"^([A-Za-z0-9._-]{1,100})==([^\s;\\]{1,100})( ;)?", re.MULTILINE)
"""Name, version, and the beginning of a condition: what it holds for is not this system."""
_RELEASED: Final = re.compile(r"^## \[(\d+\.\d+\.\d+)\]", re.MULTILINE)
_MODE: Final = 0o777


def keys_in(folders: Mapping[str, Path]) -> Keys:
    """The files in each service's folder."""
    return Keys(
        folders={
            name: [_key_file(path, folder.stat().st_uid) for path in sorted(folder.iterdir()) if path.is_file()]
            for name, folder in folders.items()
        }
    )


def _key_file(path: Path, owner: int) -> KeyFile:
    state = path.stat()
    return KeyFile(
        name=path.name,
        mode=state.st_mode & _MODE,
        is_its_folders_owner=state.st_uid == owner,
        public=_public_half(path),
    )


def _public_half(path: Path) -> str | None:
    ending = path.suffix.removeprefix(".")
    try:
        read_key(path)
        text = path.read_text("ascii")
        public_of = next((kind.public_of for kind in KINDS if kind.held_as == ending), None)
        return public_of(text) if public_of else text.strip()
    except (OSError, ValueError, TypeError):
        return None


def machine() -> Machine:
    """This one."""
    try:
        offset = datetime.now(UTC).astimezone(ZoneInfo("Asia/Tokyo")).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    free, limit = free_memory()
    return Machine(free_memory_bytes=free, memory_limit_bytes=limit, python=sys.version_info[:2], tokyo_offset=offset)


def free_memory(
    meminfo: Path = Path("/proc/meminfo"), cgroup: Path = Path("/sys/fs/cgroup")
) -> tuple[int | None, int | None]:
    """What new processes can have, as Linux reckons it: of the machine, or of the container where that is less.

    And the limit of the container, which is None in the first case.
    """
    of_machine = _number(meminfo, r"MemAvailable:\s+(\d+) kB")
    free = None if of_machine is None else of_machine * 1024
    limit, used = _number(cgroup / "memory.max", r"(\d+)"), _number(cgroup / "memory.current", r"(\d+)")
    if limit is None or used is None:
        return free, None
    left = limit - used + (_number(cgroup / "memory.stat", r"inactive_file (\d+)") or 0)
    return (left, limit) if free is None or left < free else (free, None)


def _number(path: Path, line: str) -> int | None:
    """That of the first such line of the file *path*."""
    try:
        found = re.search(f"^{line}$", path.read_text("ascii"), re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) if found else None


def data_disk(folder: Path) -> DataDisk:
    """The file system of *folder*. Raises `OSError`."""
    usage = shutil.disk_usage(folder)
    return DataDisk(what=f"データフォルダ {folder} のディスク", free_bytes=usage.free, size_bytes=usage.total)


def backups(folder: Path, now: datetime) -> Backups:
    """Of *folder*. Raises `OSError`."""
    return Backups(folder=str(folder), newest=newest_backup(folder), now=now)


def libraries(requirements: Path = ROOT / "requirements" / "run.txt") -> Libraries:
    """Of what a service needs. Raises `OSError` where the list is not there."""
    found = _PINNED.findall(requirements.read_text("utf-8"))
    pinned = {name: version for name, version, condition in found if not condition}
    return Libraries(pinned=pinned, installed={name: _installed(name) for name in pinned})


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def package(changelog: Path = ROOT / "CHANGELOG.md") -> Package:
    """Raises `OSError` where there is no CHANGELOG."""
    released = _RELEASED.search(changelog.read_text("utf-8"))
    return Package(installed=metadata.version("mitsumori"), released=released[1] if released else None)
