"""A YAML file as a tree that forgets nothing: its text comes out byte for byte, comments and spacing included.

Whatever is not edited is the very text that was read, so an edit changes its own line and no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from shared.errors import Invalid
from shared.products.source import Source

Key = str | int
Place = tuple[Key, ...]


@dataclass
class Leaf:
    """A scalar or a list in brackets: its text, and what that says."""

    raw: str
    value: Any

    def text(self) -> str:
        """As it stands in the file."""
        return self.raw


@dataclass
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
        """As it stands in the file."""
        return f"{self.lead}{self.raw_key}{self.joint}{self.value.text()}{self.trail}"

    @property
    def comments(self) -> str:
        """The lines above."""
        return self.lead[: self.lead.rfind("\n") + 1]

    @property
    def indent(self) -> str:
        """What stands before the key on its line."""
        return self.lead[self.lead.rfind("\n") + 1 :]


@dataclass
class Map:
    """Entries, either one below the other or in braces."""

    entries: list[Entry]
    in_braces: bool
    tail: str
    eol: str

    def text(self) -> str:
        """As it stands in the file."""
        inner = "".join(entry.text() for entry in self.entries)
        return f"{'{' if self.in_braces else ''}{inner}{self.tail}"

    def get(self, key: Key) -> Entry | None:
        """The entry called *key*."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def arrange(self, keys: Sequence[Key], make: Callable[[Key], Entry]) -> None:
        """Have just these entries, in this order; those that are new are made. Comments above a lost one stay."""
        if [entry.key for entry in self.entries] == list(keys):
            return
        had = {entry.key: entry for entry in self.entries}
        first = self.entries[0] if self.entries else None
        start, indent = (first.lead, first.indent) if first else ("", "")
        if not self.in_braces:
            self._hand_on_comments(set(keys))
        self.entries = [had[key] if key in had else make(key) for key in keys]
        for number, entry in enumerate(self.entries):
            if self.in_braces:
                if number == 0 or entry is first or entry.key not in had:
                    entry.lead = start if number == 0 else ", "
                continue
            if entry.key not in had:
                entry.lead = indent
            if not entry.text().endswith("\n"):
                entry.trail += self.eol

    def _hand_on_comments(self, kept: set[Key]) -> None:
        held = ""
        for entry in self.entries:
            if entry.key in kept:
                entry.lead = held + entry.lead
                held = ""
            else:
                held += entry.comments
        self.tail = held + self.tail


@dataclass
class Items:
    """A list, one item below the other: what stands before each, the item, and the rest of its line."""

    items: list[tuple[str, "Node", str]]

    def text(self) -> str:
        """As it stands in the file."""
        return "".join(f"{lead}{item.text()}{trail}" for lead, item, trail in self.items)


Node = Leaf | Map | Items


@dataclass
class Tree:
    """The whole file."""

    root: Map
    rest: str = field(repr=False)

    def text(self) -> str:
        """As it stands in the file."""
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

    def entry(self, place: Place) -> Entry:
        """The entry at *place*, which must be there."""
        return self._entry(self.at(place[:-1]), place[-1], place)

    @staticmethod
    def _entry(node: Node, key: Key, place: Place) -> Entry:
        found = node.get(key) if isinstance(node, Map) else None
        if found is None:
            raise KeyError(place)
        return found


def tree_of(source: Source) -> Tree:
    """The tree of what *source* has read. Raises `Invalid` when it is written in a way that we cannot keep."""
    text = source.text
    try:
        # The loader only tells where everything stands; what it says comes from `source`, by this project's rules.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:  # stricter than libyaml about tabs
        root = None
    if isinstance(root, yaml.MappingNode) and not root.flow_style:
        value, end = _Builder(text).node(root, source.data, 0)
        if isinstance(value, Map):
            tree = Tree(value, text[end:])
            if tree.text() == text:
                return tree
    raise Invalid(f"{source.path}: この書き方の YAML は Excel にできません。")


class _Builder:
    """Cuts a text into its tree, from the marks of YAML's own parser."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._eol = "\r\n" if "\r\n" in text else "\n"

    def node(self, node: yaml.Node, data: Any, at: int) -> tuple[Node, int]:  # noqa: ANN401  whatever the file says
        """The tree of *node*, whose text begins at *at*, and where that ends."""
        if isinstance(node, yaml.MappingNode):
            return self._map(node, data, at)
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            items = []
            for child, one in zip(node.value, data, strict=True):
                lead = self._text[at : child.start_mark.index]
                value, end = self.node(child, one, child.start_mark.index)
                at = self._line_end(end)
                items.append((lead, value, self._text[end:at]))
            return Items(items), at
        end = node.end_mark.index
        return Leaf(self._text[at:end], data), end

    def _map(self, node: yaml.MappingNode, data: Any, at: int) -> tuple[Node, int]:  # noqa: ANN401  as above
        in_braces = bool(node.flow_style)
        at += in_braces
        entries = []
        for (key, child), (name, value) in zip(node.value, data.items(), strict=True):
            lead, key_end = self._text[at : key.start_mark.index], key.end_mark.index
            is_below = not isinstance(child, yaml.ScalarNode) and not child.flow_style
            begin = self._line_end(key_end) if is_below else child.start_mark.index
            inner, end = self.node(child, value, begin)
            at = end if in_braces else self._line_end(end)
            raw = self._text[key.start_mark.index : key_end]
            entries.append(Entry(lead, raw, name, self._text[key_end:begin], inner, self._text[end:at]))
        end = node.end_mark.index if in_braces else at
        return Map(entries, in_braces, self._text[at:end], self._eol), end

    def _line_end(self, at: int) -> int:
        """Where the next line begins, unless one begins right here."""
        if at and self._text[at - 1] == "\n":
            return at
        found = self._text.find("\n", at)
        return len(self._text) if found < 0 else found + 1
