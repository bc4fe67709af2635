"""YAML that remembers its lines, and that means what it looks like.

Only `true` and `false` are booleans, so `yes` and `no` stay the answers that they are in a form; a date stays text;
a key that stands twice is a problem, where YAML would silently keep the second.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError

from shared.products.errors import Problem, ProductError

Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern="^[a-z][a-z0-9-]*$")]

Place = tuple[str | int, ...]
"""The way to a value from the top of its file: keys of mappings and indices of lists."""


_NAMES: Final = ("code", "key", "slug")


@dataclass(frozen=True)
class Source:
    """A file as read: what it says, and on which line it says it."""

    path: Path
    data: Any
    lines: Mapping[Place, int]

    def line_of(self, place: Place) -> int:
        """The line of *place*; of the nearest place around it when the file has no such entry."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def name_of(self, place: Place) -> str:
        """What people call *place*: an entry of a list goes by its own key, "d3_01.when", and not by its number."""
        name: list[str] = []
        found = self.data
        for step in place:
            try:
                found = found[step]
            except (LookupError, TypeError):
                found = None
            own = [found[word] for word in _NAMES if word in found] if isinstance(found, dict) else []
            if own and isinstance(step, int):
                name = [str(own[0])]
            else:
                name.append(str(step))
        return ".".join(name)

    def problem(self, place: Place, message: str) -> Problem:
        """Something wrong at *place*."""
        return Problem(self.path, self.line_of(place), self.name_of(place), message)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return sha256(self.path.read_bytes()).hexdigest()


def read_yaml(path: Path) -> Source:
    """Read *path*. Raises `ProductError` when it cannot be read, or holds a key twice."""
    try:
        # The loader is a SafeLoader, only with fewer types.
        node = yaml.load(path.read_text(encoding="utf-8"), Loader=_Nodes)  # noqa: S506
    except OSError as error:
        raise ProductError([Problem(path, 0, "", f"cannot be read ({error.strerror})")]) from None
    except UnicodeDecodeError:
        raise ProductError([Problem(path, 0, "", "is not UTF-8 text")]) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ProductError([Problem(path, line, "", f"is not YAML: {error.problem}")]) from None
    except yaml.YAMLError:
        raise ProductError([Problem(path, 0, "", "is not YAML")]) from None
    reading = _Reading(path)
    data = reading.value(node, ())
    if reading.problems:
        raise ProductError(reading.problems)
    return Source(path, data, reading.lines)


Sheet = TypeVar("Sheet", bound=BaseModel)


def read_sheet(source: Source, grammar: type[Sheet]) -> Sheet:
    """What *source* says, by its *grammar*. Raises `ProductError` with everything that does not fit."""
    try:
        return grammar.model_validate(source.data)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        problems = [source.problem(one["loc"], one["msg"].removeprefix("Value error, ")) for one in found]
        raise ProductError(problems) from None


class _Nodes(yaml.SafeLoader):
    """Hands out the nodes themselves, so that their lines are not lost."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  SafeLoader's name

    def get_single_data(self) -> yaml.Node | None:
        return self.get_single_node()

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.get_event()  # type: ignore[no-untyped-call]  # its stub has no types
            raise yaml.MarkedYAMLError(problem="an alias; write the value out", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


_TYPES: Final = (
    ("null", "null|~|", "n~"),
    ("bool", "true|false", "tf"),
    ("int", "[-+]?[0-9][0-9_]*", "-+0123456789"),
    ("float", r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?", "-+0123456789"),
)
for _name, _pattern, _firsts in _TYPES:
    _tag = f"tag:yaml.org,2002:{_name}"
    _Nodes.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern})$"), [*_firsts, *([""] if _name == "null" else [])])


class _Reading:
    """One walk over the nodes of a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node | None, place: Place) -> Any:  # noqa: ANN401  whatever the file says
        if node is None:
            return None
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*place, index)) for index, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[Hashable, Any]:
        found: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.value(key_node, (*place, "?"))
            self.lines.pop((*place, "?"), None)
            line = key_node.start_mark.line + 1
            if not isinstance(key, str | int) or isinstance(key, bool):
                self._problem(line, place, "a key must be a word or a whole number")
                continue
            inner = (*place, key)
            if key in found:
                self._problem(line, inner, f"stands twice (first in line {self.lines[inner]})")
                continue
            self.lines[inner] = line
            found[key] = self.value(value_node, inner)
        return found

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
