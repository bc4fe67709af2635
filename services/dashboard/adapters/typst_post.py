"""Labels and letters, set by a program of their own (`post_program.py`): it ends with its memory when they are made."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final

import structlog

from services.dashboard.domain.postal import Recipient
from services.dashboard.ports.papers import PaperFailed
from shared.clock import JST, spoken_day
from shared.products import Product
from shared.runtime.typst_process import ONE_THREAD

log = structlog.get_logger(__name__)

_TEMPLATE: Final = "documents/post.typ"
# -P: nothing is imported from where the process happens to run.
_PROGRAM: Final = (*ONE_THREAD, sys.executable, "-P", "-m", "services.dashboard.adapters.post_program")
_LONGEST_S: Final = 90.0
"""The longest post takes a second."""


class TypstPost:
    """`Papers`, one at a time: a second program at once would take its memory twice."""

    def __init__(self, program: Sequence[str] = _PROGRAM, longest_s: float = _LONGEST_S) -> None:
        self._program = program
        self._longest_s = longest_s
        self._turn = asyncio.Lock()

    def can_print(self, product: Product) -> bool:
        return (product.folder / _TEMPLATE).is_file()

    async def post(self, product: Product, recipients: Sequence[Recipient], made_at: datetime) -> bytes:
        asked = {
            "root": str(product.folder),
            "about": product.about,
            "on": spoken_day(made_at.astimezone(JST)),
            "labels": product.labels,
            "recipients": [asdict(one) for one in recipients],
            "made_at": made_at.isoformat(),
        }
        async with self._turn:
            return await self._made(json.dumps(asked).encode())

    async def _made(self, asked: bytes) -> bytes:
        # What goes wrong is written to stderr, with names in it.
        process = await asyncio.create_subprocess_exec(
            *self._program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            made, _ = await asyncio.wait_for(process.communicate(asked), self._longest_s)
        except TimeoutError:
            log.warning("post not made", error="too-slow")
            raise PaperFailed from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or not made.startswith(b"%PDF-"):
            log.warning("post not made", status=process.returncode)
            raise PaperFailed
        return made
