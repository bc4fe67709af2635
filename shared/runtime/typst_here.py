"""Typst itself, and the program of the process that has it: `python typst_here.py FONTS`.

It is a file of its own, without anything of ours, because fonts and caches take 60 MB of whatever process sets a paper.
`typst_process.py` starts it; what sets a few papers and ends has `TypstHere` without a process of its own.
"""

import json
import os
import select
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst

PDF_STANDARDS: Final = ("ua-1", "a-2a")
"""PDF/UA: readable for a screen reader, every font embedded, and no character that the font cannot show.

PDF/A-2a: it can be archived, because it needs nothing from outside to be shown. PDF/A-4 cannot be had together with
PDF/UA-1, and PDF/A-3 is for what has other files inside.
"""
IDLE_S: Final = 60.0
"""After so long without a request the process ends, and its memory is free."""
_MOST_READ: Final = 1 << 16
_EMPTY_RUNS: Final = 4
"""Typst keeps what its last ten runs made. With four empty ones after each, those are the last two papers."""
_QUERY: Final[Any] = typst.query
"""Its types do not know that it takes files from memory, as `compile` does."""


class Typst:
    """Typst with the fonts in one folder, and no others."""

    def __init__(self, fonts: Path) -> None:
        self._fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
        # Of each folder of templates. It reads and parses a template again only when the file has changed.
        self._compilers: dict[Path, typst.Compiler] = {}

    def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        """The PDF of the file `main`, which may read the other *files*, and files below *root*."""
        if root not in self._compilers:
            self._compilers[root] = typst.Compiler(root=str(root), font_paths=self._fonts, ignore_system_fonts=True)
        compile_pdf: Any = self._compilers[root].compile
        made = compile_pdf(
            input=dict(files),
            format="pdf",
            timestamp=made_at.replace(microsecond=0),  # typst counts in whole seconds
            pdf_standards=list(PDF_STANDARDS),
        )
        return bytes(made)

    def title(self, root: Path, files: Mapping[str, bytes]) -> str:
        """The text with the label `<title>`."""
        options = {"root": str(root), "font_paths": self._fonts, "ignore_system_fonts": True}
        return str(json.loads(_QUERY(dict(files), "<title>", field="value", one=True, **options)))

    def forget(self) -> None:
        """Free what was kept of the papers before the last two: 20 MB that the next one has little use for."""
        for compiler in list(self._compilers.values())[:1]:  # what is kept is common to all
            run: Any = compiler.compile
            for _ in range(_EMPTY_RUNS):
                run(input={"main": b""}, format="svg")


class TypstHere:
    """`Compiler` in this process: for a program that sets papers and does nothing else, as its event loop waits."""

    def __init__(self, fonts: Path) -> None:
        self._typst = Typst(fonts)

    async def pdf(self, root: Path, files: Mapping[str, bytes], made_at: datetime) -> bytes:
        """As `Typst`."""
        return self._typst.pdf(root, files, made_at)

    async def title(self, root: Path, files: Mapping[str, bytes]) -> str:
        """As `Typst`."""
        return self._typst.title(root, files)


def main() -> None:
    """Answer one request after the other: a line of JSON each, and the answer's length as a line before it."""
    here = Typst(Path(sys.argv[1]))
    for line in _lines(sys.stdin.fileno()):
        try:
            answer, kind = _answer(here, json.loads(line)), "made"
        except BaseException as error:  # noqa: BLE001  # a panic too is an answer; the text may quote a name
            answer, kind = b"", type(error).__name__
        sys.stdout.buffer.write(f"{kind} {len(answer)}\n".encode() + answer)
        sys.stdout.buffer.flush()
        try:
            here.forget()
        except BaseException:  # noqa: BLE001  # what is broken after a panic must not cost the next paper
            return


def _lines(source: int) -> Iterator[bytes]:
    """Until nobody has asked for a minute. Read without Python's own buffer: a line in there would not end the wait."""
    asked = b""
    while select.select([source], [], [], IDLE_S)[0] and (more := os.read(source, _MOST_READ)):
        *lines, asked = (asked + more).split(b"\n")
        yield from lines


def _answer(here: Typst, asked: dict[str, Any]) -> bytes:
    root, files = Path(asked["root"]), {name: text.encode() for name, text in asked["files"].items()}
    if asked["made_at"] is None:
        return here.title(root, files).encode()
    return here.pdf(root, files, datetime.fromisoformat(asked["made_at"]))


if __name__ == "__main__":
    main()
