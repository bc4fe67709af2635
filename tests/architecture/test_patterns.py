"""No regular expression of the project takes longer than its text is long: 40 figures once froze the form for good.

Python's `re` tries every way to read a text. A pattern that can cut the same text in many ways tries them all, and a
stranger chooses the text. Refused are, wherever a pattern is written: a repetition within a repetition with nothing
between the turns that only stands between them, a repetition of what may be empty, and two unbounded repetitions of
the same characters side by side.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes
from re import _parser as parser
from typing import Any, Final

import pytest

from tests.architecture.repository import PACKAGES, ROOT, tracked_files

_CALLS: Final = frozenset(
    {"compile", "fullmatch", "match", "search", "sub", "subn", "split", "findall", "finditer", "template"}
)
_MANY: Final = 1_000
"""A repetition of up to so many times costs as much as an unbounded one."""
_ALL: Final = frozenset(range(0x3100)) | {0x4E00, 0x5143, 0xAC00, 0xFF10, 0x1F600}
"""Code points that stand for all: sets of characters are compared on them."""


def written_patterns() -> Iterator[tuple[str, str]]:
    """Every pattern of an installed package, with its file and line: in calls of `re`, and as `pattern=`."""
    for path in tracked_files():
        if path.suffix != ".py" or path.relative_to(ROOT).parts[0] not in PACKAGES:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                for written in _patterns_of(node):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", _value(written, path)


def _patterns_of(call: ast.Call) -> Iterator[ast.expr]:
    match call.func:
        case ast.Attribute(value=ast.Name(id="re"), attr=attr) if attr in _CALLS and call.args:
            yield call.args[0]
    yield from (keyword.value for keyword in call.keywords if keyword.arg == "pattern")


def _value(written: ast.expr, path: Path) -> str:
    """The pattern that *written* makes in its module; what only a call knows is taken for one letter."""
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
    if isinstance(written, ast.JoinedStr):
        return "".join(_value(part, path) for part in written.values)
    if isinstance(written, ast.BinOp):
        return _value(written.left, path) + _value(written.right, path)
    inner = written.value if isinstance(written, ast.FormattedValue) else written
    try:
        value = eval(compile(ast.Expression(inner), str(path), "eval"), dict(vars(module)))  # noqa: S307  # our own file
    except NameError:
        return "x"
    return value.decode("latin-1") if isinstance(value, bytes) else str(getattr(value, "pattern", value))


def faults(pattern: str) -> list[str]:
    """Why *pattern* may take much longer than its text is long."""
    return list(_faults_in(parser.parse(pattern)))


def _faults_in(items: Any) -> Iterator[str]:  # noqa: ANN401  # what the parser returns has no types
    yield from _side_by_side(list(items))
    for item in items:
        body = _repeated(item)
        if body is not None and _most(item) > 1:
            if body.getwidth()[0] == 0:
                yield "repeats what may be empty"
            if not _is_parted(body):
                yield "repeats a repetition"
        for inner in _inside(item):
            yield from _faults_in(inner)


def _side_by_side(items: list[Any]) -> Iterator[str]:
    for place, item in enumerate(items):
        if _most(item) < _MANY:
            continue
        mine = _edge([item], last=True)
        for other in items[place + 1 :]:
            # An anchor or a look-around takes up no text, and an optional part may take up none.
            if _most(other) >= _MANY and mine & _edge([other]):
                yield "two unbounded repetitions of the same characters"
            if _least(other) and not mine & _edge([other]):
                break


def _edge(items: Any, *, last: bool = False) -> frozenset[int]:  # noqa: ANN401
    """With what a text of *items* may begin, or end."""
    found = frozenset[int]()
    for item in reversed(items) if last else items:
        parts = list(_inside(item)) if item[0] not in {codes.ASSERT, codes.ASSERT_NOT} else []
        found |= _characters(item) if not parts else frozenset[int]().union(*(_edge(part, last=last) for part in parts))
        if _least(item):
            break
    return found


def _is_parted(body: Any) -> bool:  # noqa: ANN401
    """Whether each turn holds something that no repetition in it can take up: only so is it clear where a turn ends."""
    loose = frozenset[int]().union(*(_characters(inner) for inner in _loose_in(body)))
    fixed = (item for item in _in_turn(body) if _repeated(item) is None and _least(item))
    return not loose or any(not loose & _characters(item) for item in fixed)


def _in_turn(items: Any) -> Iterator[Any]:  # noqa: ANN401
    """*items*, with the contents of a group in the place of the group."""
    for item in items:
        if item[0] is codes.SUBPATTERN:
            yield from _in_turn(item[1][3])
        else:
            yield item


def _loose_in(items: Any) -> Iterator[Any]:  # noqa: ANN401
    """The repetitions of no fixed length, at any depth."""
    for item in items:
        if _repeated(item) is not None and _most(item) != item[1][0]:
            yield item
        for inner in _inside(item):
            yield from _loose_in(inner)


def _repeated(item: Any) -> Any:  # noqa: ANN401
    return item[1][2] if item[0] in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT} else None


def _most(item: Any) -> int:  # noqa: ANN401
    if _repeated(item) is not None:
        return int(item[1][1])
    inner = [len(part) == 1 and _most(part[0]) for part in _inside(item)]
    return max([1, *inner])


def _least(item: Any) -> int:  # noqa: ANN401
    if item[0] in {codes.ASSERT, codes.ASSERT_NOT, codes.AT}:
        return 0
    if _repeated(item) is not None:
        return int(item[1][0]) * int(_repeated(item).getwidth()[0])
    inner = [int(part.getwidth()[0]) for part in _inside(item)]
    return min(inner) if inner else 1


def _inside(item: Any) -> Iterator[Any]:  # noqa: ANN401
    op, argument = item
    if _repeated(item) is not None:
        yield argument[2]
    elif op is codes.SUBPATTERN:
        yield argument[3]
    elif op is codes.BRANCH:
        yield from argument[1]
    elif op is codes.ATOMIC_GROUP:
        yield argument
    elif op in {codes.ASSERT, codes.ASSERT_NOT}:
        yield argument[1]


def _characters(item: Any) -> frozenset[int]:  # noqa: ANN401
    """What *item* can take up, as far as `_ALL` tells."""
    op, argument = item
    match op:
        case codes.LITERAL:
            return frozenset({argument if argument in _ALL else 0x4E00 if argument > 0x3100 else argument})
        case codes.NOT_LITERAL:
            return _ALL - {argument}
        case codes.ANY:
            return _ALL
        case codes.IN:
            return _of_set(argument)
        case codes.ASSERT | codes.ASSERT_NOT | codes.AT:
            return frozenset()
    return frozenset[int]().union(*(_characters(inner) for part in _inside(item) for inner in part))


def _of_set(members: Any) -> frozenset[int]:  # noqa: ANN401
    text = "".join(map(chr, sorted(_ALL)))
    source = "".join(_member(member) for member in members if member[0] is not codes.NEGATE)
    negated = "^" if any(member[0] is codes.NEGATE for member in members) else ""
    return frozenset(map(ord, re.findall(f"[{negated}{source}]", text)))


def _member(member: Any) -> str:  # noqa: ANN401
    op, argument = member
    if op is codes.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    if op is codes.LITERAL:
        return re.escape(chr(argument))
    return {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}.get(str(argument).removeprefix("CATEGORY_"), r"\W\S\D")


@pytest.mark.parametrize(("where", "pattern"), [pytest.param(*found, id=found[0]) for found in written_patterns()])
def test_no_pattern_takes_longer_than_its_text_is_long(where: str, pattern: str) -> None:
    assert faults(pattern) == [], where


def test_the_patterns_of_the_whole_tree_are_looked_at() -> None:
    """A search that finds nothing would hold for ever."""
    files = {where.rpartition(":")[0] for where, _ in written_patterns()}

    assert files >= {
        "shared/answers/typed_amount.py",
        "shared/products/lines.py",
        "shared/runtime/logs.py",
        "shared/runtime/settings.py",
        "pricing/tariff/published.py",
    }


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(
            r"(?:([0-9]{1,20}(?:\.[0-9]{1,6})?)(兆|億|千万|百万|万|千|))+円?", id="the amounts that froze the form"
        ),
        r"(a+)+",
        r"(?:a*)*b",
        r"(?:\d+,?)+",
        r"(?:a|b*)+c",
        r"(?:ab?)*(?:a+)+",
        r"\s*\s+x",
        r"[a-z]+[a-z0-9]*@",
        r".*,?.*;",
        r"(?:\w+\s?)*$",
        r"(?:x?)+",
        r"(?:(?:a{1,5}){1,5}){1,5}",
        r"\d+\d+",
        r".*.*",
        r"\w*_\w*$",
    ],
)
def test_a_pattern_that_can_read_a_text_in_many_ways_is_refused(pattern: str) -> None:
    assert faults(pattern) != []


@pytest.mark.parametrize(
    "pattern",
    [r"(?:[a-z]+\.)*[a-z]+", r"[^\s:,]+:\d+(,[^\s:,]+:\d+)*", r"\w+@\w+", r"(?:ab)*", r"[0-9]{1,3}(?:,[0-9]{3}){1,6}"],
)
def test_a_pattern_whose_turns_are_parted_is_not(pattern: str) -> None:
    assert faults(pattern) == []
