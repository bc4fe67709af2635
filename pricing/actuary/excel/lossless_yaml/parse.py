"""From a file to its tree, by the marks that YAML's own parser sets."""

from typing import Any

import yaml

from pricing.actuary.excel.lossless_yaml.tree import Entry, Items, Leaf, Map, Node, Tree
from shared.errors import Invalid
from shared.products.source import Source


def parse_tree(source: Source) -> Tree:
    """The tree of *source*. Raises `Invalid` when it is written in a way that we cannot keep."""
    text = source.text
    try:
        # The loader only finds where everything is; the values come from `source`, by this project's rules.
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
    """Cuts a text into its tree."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._eol = "\r\n" if "\r\n" in text else "\n"

    def node(self, node: yaml.Node, data: Any, start: int) -> tuple[Node, int]:  # noqa: ANN401  any value of the file
        """The tree of *node*, whose text begins at *start*, and where that ends."""
        if isinstance(node, yaml.MappingNode):
            return self._map(node, data, start)
        if isinstance(node, yaml.SequenceNode) and not node.flow_style:
            return self._items(node, data, start)
        end = node.end_mark.index
        return Leaf(self._text[start:end], data), end

    def _map(self, node: yaml.MappingNode, data: Any, start: int) -> tuple[Map, int]:  # noqa: ANN401  as above
        in_braces = bool(node.flow_style)
        start += in_braces
        entries = []
        for (key, child), (name, value) in zip(node.value, data.items(), strict=True):
            key_end = key.end_mark.index
            is_below = not isinstance(child, yaml.ScalarNode) and not child.flow_style
            value_start = self._line_end(key_end) if is_below else child.start_mark.index
            inner, value_end = self.node(child, value, value_start)
            end = value_end if in_braces else self._line_end(value_end)
            entries.append(
                Entry(
                    lead=self._text[start : key.start_mark.index],
                    raw_key=self._text[key.start_mark.index : key_end],
                    key=name,
                    joint=self._text[key_end:value_start],
                    value=inner,
                    trail=self._text[value_end:end],
                )
            )
            start = end
        end = node.end_mark.index if in_braces else start
        return Map(entries=entries, in_braces=in_braces, tail=self._text[start:end], eol=self._eol), end

    def _items(self, node: yaml.SequenceNode, data: Any, start: int) -> tuple[Items, int]:  # noqa: ANN401  as above
        items = []
        for child, value in zip(node.value, data, strict=True):
            item_start = child.start_mark.index
            item, item_end = self.node(child, value, item_start)
            end = self._line_end(item_end)
            items.append((self._text[start:item_start], item, self._text[item_end:end]))
            start = end
        return Items(items), start

    def _line_end(self, position: int) -> int:
        """Where the next line begins, unless one begins right here."""
        if position and self._text[position - 1] == "\n":
            return position
        line_end = self._text.find("\n", position)
        return len(self._text) if line_end < 0 else line_end + 1
