"""A YAML file as a tree that keeps its whole text: comments and spacing come out byte for byte.

Whatever is not edited is the very text that was read, so an edit changes its own line and no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.products.lines import Place

Key = str | int


@dataclass
class Leaf:
    """A scalar or a list in brackets: its text, and the value that the text means."""

    raw: str
    value: Any

    def text(self) -> str:
        """As it is in the file."""
        return self.raw


@dataclass(kw_only=True)
class Entry:
    """A key and its value, with the text before, between and after them.

    `lead` has the comments above and the indent (or the comma), `trail` the comment beside, to the end of the line.
    """

    lead: str
    raw_key: str
    key: Key
    joint: str
    value: "Node"
    trail: str

    def text(self) -> str:
        """As it is in the file."""
        return f"{self.lead}{self.raw_key}{self.joint}{self.value.text()}{self.trail}"

    @property
    def comments(self) -> str:
        """The lines above."""
        return self.lead[: self.lead.rfind("\n") + 1]

    @property
    def indent(self) -> str:
        """The spaces before the key on its line."""
        return self.lead[self.lead.rfind("\n") + 1 :]


@dataclass(kw_only=True)
class Map:
    """Entries, either one below the other or in braces. `eol` is the file's line end."""

    entries: list[Entry]
    in_braces: bool
    tail: str
    eol: str

    def text(self) -> str:
        """As it is in the file."""
        inner = "".join(entry.text() for entry in self.entries)
        return f"{'{' if self.in_braces else ''}{inner}{self.tail}"

    def get(self, key: Key) -> Entry | None:
        """The entry called *key*."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def arrange(self, keys: Sequence[Key], make: Callable[[Key], Entry]) -> None:
        """Have just these entries, in this order; new ones are made. Comments above a removed one stay."""
        if [entry.key for entry in self.entries] == list(keys):
            return
        before = {entry.key: entry for entry in self.entries}
        first = self.entries[0] if self.entries else None
        start, indent = (first.lead, first.indent) if first else ("", "")
        if not self.in_braces:
            self._move_comments(set(keys))
        self.entries = [before[key] if key in before else make(key) for key in keys]
        for number, entry in enumerate(self.entries):
            if self.in_braces:
                if number == 0 or entry is first or entry.key not in before:
                    entry.lead = start if number == 0 else ", "
                continue
            if entry.key not in before:
                entry.lead = indent
            if not entry.text().endswith("\n"):
                entry.trail += self.eol

    def _move_comments(self, kept: set[Key]) -> None:
        """From entries that are not *kept* to the next one that is."""
        waiting = ""
        for entry in self.entries:
            if entry.key in kept:
                entry.lead = waiting + entry.lead
                waiting = ""
            else:
                waiting += entry.comments
        self.tail = waiting + self.tail


@dataclass
class Items:
    """A list, one item below the other: the text before each, the item, and the rest of its line."""

    items: list[tuple[str, "Node", str]]

    def text(self) -> str:
        """As it is in the file."""
        return "".join(f"{lead}{item.text()}{trail}" for lead, item, trail in self.items)


Node = Leaf | Map | Items


@dataclass
class Tree:
    """The whole file."""

    root: Map
    rest: str = field(repr=False)

    def text(self) -> str:
        """As it is in the file."""
        return self.root.text() + self.rest

    def at(self, place: Place) -> Node:
        """The value at *place*, which must be there."""
        node: Node = self.root
        for step in place:
            node = node.items[int(step)][1] if isinstance(node, Items) else self._entry(node, step, place).value
        return node

    def map_at(self, place: Place) -> Map:
        """The mapping at *place*, which must be there."""
        node = self.at(place)
        if not isinstance(node, Map):
            raise KeyError(place)
        return node

    def map_around(self, place: Place) -> Map:
        """The mapping that has the entry at *place*."""
        return self.map_at(place[:-1])

    def entry(self, place: Place) -> Entry:
        """The entry at *place*, which must be there."""
        return self._entry(self.at(place[:-1]), place[-1], place)

    def length(self, place: Place) -> int:
        """How many items the list at *place* has; 0 where it is no list."""
        node = self.at(place)
        return len(node.items) if isinstance(node, Items) else 0

    @staticmethod
    def _entry(node: Node, key: Key, place: Place) -> Entry:
        entry = node.get(key) if isinstance(node, Map) else None
        if entry is None:
            raise KeyError(place)
        return entry
