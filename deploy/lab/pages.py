"""The pages of docs/operating as a program reads them: their commands, and the files that they show."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_COMMENT = re.compile(r" {3,}# (.*)$")
_SPAN = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences: its kind (`console`, `ini`, …), and the second-level heading that it is under."""

    kind: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Command:
    """What somebody types, without `$ `, and the lines below it: what they type then, or what they are shown."""

    heading: str
    text: str
    below: str

    @property
    def comment(self) -> str:
        """What the page says behind it: `200` of `    # 200`."""
        found = _COMMENT.search(self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """It without that."""
        return _COMMENT.sub("", self.text)


def blocks(page: Path) -> list[Block]:
    """All of *page*, in its order."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(found["kind"], _heading_before(text, found.start()), textwrap.dedent(found["body"]))
        for found in _FENCE.finditer(text)
    ]


def commands(page: Path) -> list[Command]:
    """Those of the `console` blocks of *page*. Indented lines directly below one belong to it."""
    return [command for block in blocks(page) if block.kind == "console" for command in _commands_of(block)]


def inline_commands(page: Path, *programs: str) -> list[str]:
    """What *page* writes in a sentence or a table and begins with one of *programs*."""
    prose = _FENCE.sub("", page.read_text(encoding="utf-8"))
    return [span for span in _SPAN.findall(prose) if span.split()[0] in programs]


def file_named(page: Path, name: str, *, kind: str) -> str:
    """The file that *page* shows under its name: `` `NAME`: ``."""
    text = page.read_text(encoding="utf-8")
    found = re.search(rf"^`{re.escape(name)}`:\n\n```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise LookupError(f"{page.name} shows no {name}")
    return found[1]


def _commands_of(block: Block) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        first, *rest = part.splitlines()
        own = 0
        while own < len(rest) and rest[own].startswith(" "):
            own += 1
        yield Command(block.heading, "\n".join([first, *rest[:own]]), "\n".join(rest[own:]))


def _heading_before(text: str, at: int) -> str:
    return ([""] + [found[1] for found in _HEADING.finditer(text, 0, at)])[-1]
