"""PDFs made with Typst: some milliseconds each once the fonts and templates are loaded.

All texts are passed as data, so a customer's text is never markup. The time of creation is passed too, so that the
same data give the same bytes.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Protocol

import structlog

from shared.errors import Invalid
from shared.fields import fields_of
from shared.glyphs import read_glyphs
from shared.runtime.ends import ENDS
from shared.runtime.pdf_objects import UnknownLayout, packed

log = structlog.get_logger(__name__)

NOT_PRINTED: Final = "(印字できません)"
"""What stands for a text that the paper cannot be made with."""
_PAGES: Final = re.compile(rb"/Type/Pages/Count (\d+)")

Show = Callable[[str], str]
"""How a text from outside is printed."""
Fill = Callable[[Show], Mapping[str, Any]]
"""The data of a paper, dataclasses too. Every text from outside has passed through the `Show`; a product's have not."""


class Compiler(Protocol):
    """Typst, in another process (`TypstProcess`) or in this one (`TypstHere`).

    It raises `Invalid` (document-too-slow), and otherwise whatever it likes.
    """

    async def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        """The PDF of the file `main`, which may read the other *files*, and files below *root*."""
        ...

    async def title(self, root: Path, files: Mapping[str, bytes]) -> str:
        """The text with the label `<title>`."""
        ...


class DocumentFailed(Invalid):
    """Typst refused a document, or broke over it."""


class Typesetter:
    """Makes PDFs of templates with *compiler*, which has the fonts of the folder *fonts*."""

    def __init__(self, fonts: Path, compiler: Compiler) -> None:
        self._glyphs = read_glyphs(fonts)
        self._compiler = compiler

    async def pdf(self, template: Path, root: Path, fill: Fill, made_at: datetime) -> bytes:
        """The PDF of *template*, which may read files below *root*, filled in by *fill*. Raises `Invalid`.

        No text from outside makes it fail: characters that the fonts lack are replaced before Typst sees them. Should
        it refuse a text all the same, the paper is made with the plain characters only, and then without the texts.
        """
        for show in (self._as_sent, self._plain):
            with suppress(DocumentFailed):
                return await self._made(template, root, fill(show), made_at)
        return await self._made(template, root, fill(_not_printed), made_at)

    def can_print(self, text: str) -> bool:
        """Whether the fonts have all characters of *text*."""
        return self._glyphs.can_print(text)

    async def title(self, template: Path, root: Path, data: Mapping[str, Any]) -> str:
        """The text of *template* with the label `<title>`."""
        with _OursOnly():
            return await self._compiler.title(root, _files(template, root, data))

    async def _made(self, template: Path, root: Path, data: Mapping[str, Any], made_at: datetime) -> bytes:
        files = _files(template, root, data)
        with _OursOnly():
            content = await self._compiler.pdf(root, files, made_at)
        return _checked(content)

    def _as_sent(self, text: str) -> str:
        return self._glyphs.breakable(self._glyphs.printable(text))

    def _plain(self, text: str) -> str:
        return self._glyphs.breakable(self._glyphs.plain(text))


class _OursOnly:
    """Turns whatever Typst raises inside the block, a panic and a want of memory included, into `DocumentFailed`.

    Only the kind of the error is logged: its text may quote a name.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None and not isinstance(error, (*ENDS, Invalid)):
            log.warning("document failed", error=type(error).__name__)
            raise DocumentFailed("document-failed") from None


def _files(template: Path, root: Path, data: Mapping[str, Any]) -> dict[str, bytes]:
    """What Typst has from memory: *data*, and what begins with *template*, which it reads below *root*.

    It makes again only what depends on a file that has changed. Given as `sys_inputs`, data would change everything.
    """
    place = json.dumps(f"/{template.relative_to(root).as_posix()}", ensure_ascii=False)
    filled = json.dumps(data, ensure_ascii=False, default=fields_of)
    return {"main": f"#include {place}".encode(), "data.json": filled.encode()}


def _not_printed(text: str) -> str:
    return NOT_PRINTED if text else ""


def _checked(content: bytes) -> bytes:
    """*content* packed, if it is a whole PDF with a page and with its fonts inside, or else raises `Invalid`."""
    pages = _PAGES.search(content)
    if pages is None or int(pages[1]) < 1 or b"/FontFile2" not in content:
        raise Invalid("document-not-sound")
    try:
        return packed(content)
    except UnknownLayout:
        raise Invalid("document-not-sound") from None
