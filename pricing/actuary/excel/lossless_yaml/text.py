"""Single values as YAML text, and what a text means as a value."""

import json
from collections.abc import Mapping
from pathlib import Path

from pricing.actuary.excel.lossless_yaml.tree import Items, Leaf, Map, Node
from shared.products.errors import ProductError
from shared.products.lines import parse


def quoted(text: str) -> str:
    """*text* as YAML in quotes."""
    return json.dumps(text, ensure_ascii=False)


def needs_no_quotes(text: str) -> bool:
    """Whether *text* means itself in YAML without quotes, wherever it is."""
    return not {"\n", "\t"} & set(text) and value_of(f"[{text}]") == [text] and value_of(text) == text


def value_of(text: str) -> object:
    """The value that YAML makes of *text*; None when it is not one value."""
    try:
        data, _ = parse(Path(), f"value: {text}")
    except ProductError:
        return None
    return data.get("value") if isinstance(data, dict) and len(data) == 1 else None


def on_one_line(node: Node) -> str:
    """*node* in braces and brackets, without comments."""
    return _in_braces(_data(node))


def _data(node: Node) -> object:
    match node:
        case Leaf():
            return node.value
        case Map():
            return {entry.key: _data(entry.value) for entry in node.entries}
        case Items():
            return [_data(item) for _, item, _ in node.items]


def _in_braces(value: object) -> str:
    match value:
        case Mapping():
            return f"{{{', '.join(f'{_in_braces(key)}: {_in_braces(inner)}' for key, inner in value.items())}}}"
        case list():
            return f"[{', '.join(map(_in_braces, value))}]"
        case bool() | int():
            return str(value).lower()
    text = str(value)
    return text if needs_no_quotes(text) else quoted(text)
