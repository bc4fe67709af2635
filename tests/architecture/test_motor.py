"""Motor is past its end of life: leaving it must stay the small change that docs/adr/0006-motor.md describes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.repository import ROOT, imports_of, tracked_files

ONLY_USER = Path("shared/runtime/adapters/mongo.py")
MODULE = "shared.runtime.adapters.mongo"
DECISION = (ROOT / "docs" / "adr" / "0006-motor.md").read_text(encoding="utf-8")


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def ours() -> list[Path]:
    """The code that a change of the driver could break, without tests and benchmarks."""
    return [
        path for path in python_files() if path.relative_to(ROOT).parts[0] in {"cli", "local", "services", "shared"}
    ]


def methods_called(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)):
                yield name


def test_motor_is_imported_in_one_file() -> None:
    users = [path for path in python_files() if any(name.split(".")[0] == "motor" for name in imports_of(path))]

    assert [path.relative_to(ROOT) for path in users] == [ONLY_USER]


def test_other_code_uses_only_what_the_decision_says_that_this_file_exports() -> None:
    sentence = re.search(r"exports: (.*?)\.", DECISION, re.DOTALL)
    used = {
        alias.name
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == MODULE
        for alias in node.names
    }

    assert sentence is not None
    assert used == set(re.findall(r"`(\w+)`", sentence[1]))


def test_what_becomes_a_coroutine_is_called_where_the_decision_says() -> None:
    """These are the calls of ours that PyMongo's own client awaits and Motor does not."""
    for method in ("aggregate", "watch"):
        users = {path.relative_to(ROOT).as_posix() for path in ours() if method in set(methods_called(path))}

        assert users == set(re.findall(rf"`{method}\(…\)` in `([^`]+)`", DECISION))
    assert "close" in set(methods_called(ROOT / ONLY_USER))


def test_nothing_is_used_that_the_two_drivers_call_differently() -> None:
    """Transactions, GridFS. A backup reads with PyMongo's own blocking client, in a session of that."""
    banned = {"start_session", "start_transaction", "with_transaction"}
    users = [
        path.relative_to(ROOT).as_posix()
        for path in ours()
        if banned & set(methods_called(path)) or any("gridfs" in name.lower() for name in imports_of(path))
    ]

    assert users == ["local/backup/back_up.py"]
