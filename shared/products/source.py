"""A product's file as read, with the line of every entry: every problem names its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, Field, ValidationError

from shared.products.errors import Problem, ProductError
from shared.products.lines import Place, parse

Text = Annotated[str, Field(min_length=1)]
Key = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
Slug = Annotated[str, Field(pattern="^[a-z][a-z0-9-]*$")]

_NAMES: Final = ("code", "key", "slug")
_WORDS: Final = {"missing": "is missing", "extra_forbidden": "is not an entry that is known here"}

Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file as read: its exact text, its data, the line of every entry, and the hash of its bytes."""

    path: Path
    text: str
    data: Any
    lines: Mapping[Place, int]
    sha256: str

    def at(self, place: Place) -> Any:  # noqa: ANN401  as the file has it
        """The data at *place*, which is one of `lines`."""
        value = self.data
        for step in place:
            value = value[step]
        return value

    def line_of(self, place: Place) -> int:
        """The line of *place*; of the nearest place around it when the file has no such entry."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def name_of(self, place: Place) -> str:
        """A name for *place* that people know: an entry of a list has its own key, "d3_01.when", and not its number."""
        name: list[str] = []
        value = self.data
        for step in place:
            try:
                value = value[step]
            except (LookupError, TypeError):
                value = None
            own = [value[word] for word in _NAMES if word in value] if isinstance(value, dict) else []
            if own and isinstance(step, int):
                name = [str(own[0])]
            else:
                name.append(str(step))
        return ".".join(name)

    def problem(self, place: Place, message: str) -> Problem:
        """Something wrong at *place*."""
        return Problem(self.path, self.line_of(place), self.name_of(place), message)


def read_text(path: Path) -> str:
    """The text in *path*. Raises `ProductError` when there is none."""
    return _lines(_decoded(path, _bytes(path)))


def read_yaml(path: Path) -> Source:
    """Read *path*. Raises `ProductError` when it cannot be read, or holds a key twice."""
    return parse_yaml(path, _bytes(path))


def parse_yaml(path: Path, content: bytes) -> Source:
    """The same for *content* that is not on disk (any more); *path* is only a name."""
    text = _decoded(path, content)
    data, lines = parse(path, _lines(text))
    return Source(path=path, text=text, data=data, lines=lines, sha256=sha256(content).hexdigest())


def validate(source: Source, schema: type[Schema]) -> Schema:
    """The data of *source* as *schema* has it. Raises `ProductError` with everything that does not fit."""
    try:
        return schema.model_validate(source.data)
    except ValidationError as error:
        details = error.errors(include_input=False, include_context=False, include_url=False)
        problems = [source.problem(detail["loc"], _message(detail["type"], detail["msg"])) for detail in details]
        raise ProductError(problems) from None


def _message(kind: str, message: str) -> str:
    """The *message* of pydantic, in words for whoever writes the file."""
    return _WORDS.get(kind) or message.removeprefix("Value error, ")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProductError([Problem(path, 0, "", f"cannot be read ({error.strerror})")]) from None


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise ProductError([Problem(path, 0, "", "is not UTF-8 text")]) from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
