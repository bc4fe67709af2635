"""Static files whose addresses change with their content, so that browsers may keep them for a year."""

from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_CACHED_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
_CACHED_STATUSES: Final = frozenset({200, 304})


def file_version(file: Path) -> str:
    """What the address of *file* ends with (`?v=…`)."""
    return sha256(file.read_bytes()).hexdigest()[:12]


class VersionedFiles(StaticFiles):
    """The files below *directory*.

    Only a file that was asked for with its own version (`?v=`) is kept for a year: with any other one, a cache could be
    filled with the old file under the address of the next release. *otherwise*: `Cache-Control` of every other answer.
    """

    def __init__(self, directory: Path, *, otherwise: str = "no-store") -> None:
        super().__init__(directory=directory)
        self._otherwise = otherwise
        # The files do not change while the process runs: an update starts a new one.
        self._versions = {
            file.relative_to(directory).as_posix(): file_version(file)
            for file in directory.rglob("*")
            if file.is_file()
        }

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with its `Cache-Control`. Raises `HTTPException` (404) for what was no file at start."""
        if path not in self._versions:
            # The disk is not asked: for 15,000 folders in a row it would be asked 15,000 times.
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        sent = parse_qs(scope["query_string"].decode("latin-1")).get("v", [])
        is_own = response.status_code in _CACHED_STATUSES and sent == [self._versions[path]]
        response.headers["Cache-Control"] = _CACHED_FOR_A_YEAR if is_own else self._otherwise
        return response
