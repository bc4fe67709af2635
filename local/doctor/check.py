"""A check, what it can find, and the running of all of them over the facts that were gathered."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Literal, TypeVar

Level = Literal["warning", "wrong"]
State = Literal["ok", "warning", "wrong", "not-looked-at"]
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as it should be, and what mends it; both are sentences for the operator."""

    says: str
    repair: str
    level: Level = "wrong"


@dataclass(frozen=True, slots=True)
class NotKnown:
    """In the place of facts that could not be gathered: *because* is a sentence for the operator."""

    because: str


Facts = Mapping[type[Any], Any]
"""Each kind of facts, or `NotKnown` in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Generic[Part]):
    """One question about one kind of facts. `title` is what is so when nothing is found."""

    name: str
    title: str
    needs: type[Part]
    look: Callable[[Part], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Group:
    """Checks that are shown together, under a title."""

    title: str
    checks: tuple[Check[Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a check says: one line, or one for each problem. `says`: a title, a problem, or why nobody looked."""

    group: str
    check: str
    state: State
    says: str
    repair: str = ""


def check(needs: type[Part], name: str, title: str) -> Callable[[Callable[[Part], Iterable[Problem]]], Check[Part]]:
    """Make a `Check` of the function below."""

    def made(look: Callable[[Part], Iterable[Problem]]) -> Check[Part]:
        return Check(name=name, title=title, needs=needs, look=look)

    return made


def run(groups: Sequence[Group], facts: Facts) -> list[Line]:
    """Every check in its order."""
    return [line for group in groups for one in group.checks for line in _lines(group.title, one, facts)]


def _lines(group: str, one: Check[Any], facts: Facts) -> Iterator[Line]:
    part = facts.get(one.needs, _NOBODY_ASKED)
    if isinstance(part, NotKnown):
        yield Line(group=group, check=one.name, state="not-looked-at", says=f"{one.title}: {part.because}")
        return
    problems = list(one.look(part))
    for problem in problems:
        yield Line(group=group, check=one.name, state=problem.level, says=problem.says, repair=problem.repair)
    if not problems:
        yield Line(group=group, check=one.name, state="ok", says=one.title)


_NOBODY_ASKED: Final = NotKnown("ここからは調べられません。")
