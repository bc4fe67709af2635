"""notify's ledger of brochures that mails link to: one document for each version, so that a link keeps to its bytes."""

import asyncio
from pathlib import Path

from services.notify.domain.attachment import FileName
from services.notify.domain.brochure import Brochure, BrochureFile
from shared.runtime.adapters.mongo import Database, mongo_errors
from shared.runtime.adapters.mongo_inserts import insert_once


class MongoBrochures:
    """`Brochures` in the collection brochures.

    Each is written to *folder* at the first download, where the web server reads it piece by piece: many slow
    downloads of some MB each must not lie in memory. One that was removed there, as systems tidy their folders for
    temporary files, is written again.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._brochures = database["brochures"]
        self._folder = folder
        self._found: dict[str, BrochureFile] = {}
        self._writing = asyncio.Lock()

    async def add(self, product: str, brochure: Brochure) -> None:
        name = {"shown": brochure.name.shown, "plain": brochure.name.plain}
        document = {"_id": _id(product, brochure.version), "name": name, "content": brochure.pdf.content}
        await insert_once(self._brochures, document)

    async def file(self, product: str, version: str) -> BrochureFile | None:
        kept = _id(product, version)
        async with self._writing:
            found = self._found.get(kept)
            is_there = found is not None and await asyncio.to_thread(found.path.is_file)
            return found if is_there else await self._written(kept)

    async def _written(self, kept: str) -> BrochureFile | None:
        with mongo_errors():
            document = await self._brochures.find_one({"_id": kept})
        if document is None:
            return None
        before = self._found.get(kept)
        # A number for a name: nothing that a stranger has sent is part of a path.
        path = before.path if before else self._folder / f"{len(self._found)}.pdf"
        await asyncio.to_thread(_write, path, document["content"])
        self._found[kept] = BrochureFile(path, FileName(**document["name"]))
        return self._found[kept]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(content)


def _id(product: str, version: str) -> str:
    return f"{product}:{version}"
