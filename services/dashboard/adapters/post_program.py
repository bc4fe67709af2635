"""The program that sets the labels and letters of one day's post, and ends: `python -m` this, with JSON on stdin.

It is a process of its own because fonts and Typst take 80 MB, which the dashboard would keep for two prints a day. The
input is data for the template (`documents/post.typ`) and never its source. The output is the PDF.
"""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.products.documents import FONTS
from shared.runtime.typst import Show, Typesetter
from shared.runtime.typst_here import TypstHere


async def paper(asked: dict[str, Any]) -> bytes:
    """The PDF of what was *asked* (`TypstPost`). Raises `Invalid`."""

    def fill(show: Show) -> dict[str, Any]:
        # What customers typed; the product's own texts are printed as they are.
        recipients = [{name: show(text) for name, text in one.items()} for one in asked["recipients"]]
        return {**asked["about"], "on": asked["on"], "labels": asked["labels"], "recipients": recipients}

    root = Path(asked["root"])
    template = root / "documents" / "post.typ"
    typesetter = Typesetter(FONTS, TypstHere(FONTS))
    return await typesetter.pdf(template, root, fill, datetime.fromisoformat(asked["made_at"]))


def main() -> None:
    """One paper."""
    sys.stdout.buffer.write(asyncio.run(paper(json.load(sys.stdin.buffer))))


if __name__ == "__main__":
    main()
