"""YAML with the line of every entry, and with fewer surprises.

Only `true` and `false` are booleans, so that `yes` and `no` can be answers of a form. A date is text, and so is a
number that begins with a zero. A key that appears twice is a problem; YAML itself would keep the second one.
"""

import re
from pathlib import Path
from typing import Any, Final

import yaml

from shared.products.errors import Problem, ProductError

Place = tuple[str | int, ...]
"""The path to a value from the top of its file: keys of mappings and indices of lists."""


def parse(path: Path, text: str) -> tuple[Any, dict[Place, int]]:
    """The data in *text*, and the line of every entry. Raises `ProductError`, naming *path*."""
    try:
        # The loader is a SafeLoader, only with fewer types.
        node = yaml.load(text, Loader=_Nodes)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ProductError([Problem(path, line, "", f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError:
        raise ProductError([Problem(path, 0, "", "is not YAML")]) from None
    reading = _Reading(path)
    data = reading.value(node, ())
    if reading.problems:
        raise ProductError(reading.problems)
    return data, reading.lines


# libyaml is ten times as fast, where it is installed.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Nodes(_Loader):  # type: ignore[valid-type,misc]  # either of the two will do
    """Returns the nodes themselves, because they know their lines."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  SafeLoader's name

    def get_single_data(self) -> object:
        return self.get_single_node()


_TYPES: Final = (
    ("null", "null|~|", "n~"),
    ("bool", "true|false", "tf"),
    ("int", "[-+]?(?:0|[1-9][0-9_]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?", "-+0123456789"),
)
for _name, _pattern, _firsts in _TYPES:
    _tag = f"tag:yaml.org,2002:{_name}"
    _Nodes.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), [*_firsts, *([""] if _name == "null" else [])])


class _Reading:
    """Reads the nodes of one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node | None, place: Place) -> Any:  # noqa: ANN401  whatever is in the file
        if node is None:
            return None
        self.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._problem(self.lines[place], place, "is an alias; write the value out")
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str | int, Any]:
        entries: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            key = self.value(key_node, (*place, "?"))
            self.lines.pop((*place, "?"), None)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str | int) or isinstance(key, bool):
                self._problem(line, place, "a key must be a word or a whole number")
                continue
            inner = (*place, key)
            if key in entries:
                self._problem(line, inner, "stands twice")
                continue
            self.lines[inner] = line
            entries[key] = self.value(value_node, inner)
        return entries

    def _scalar(self, node: yaml.Node, place: Place) -> object:
        kind, text = node.tag.rpartition(":")[2], str(node.value)
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int":
                return int(text.replace("_", ""))
            case "float":
                return float(text.replace("_", ""))
            case _:
                self._problem(node.start_mark.line + 1, place, f"has a tag ({node.tag}); write plain text")
                return text

    def _problem(self, line: int, place: Place, message: str) -> None:
        self.problems.append(Problem(self.path, line, ".".join(str(step) for step in place), message))
