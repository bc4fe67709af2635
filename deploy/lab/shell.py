"""A shell as somebody keeps it open who follows a page: what one command sets, the next one finds."""

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code and what it wrote."""

    code: int
    out: str
    errors: str


class Shell:
    """One bash, in *folder* and with *variables* beside those of this process. Close it."""

    def __init__(self, folder: Path, variables: Mapping[str, str]) -> None:
        self._files = TemporaryDirectory()
        self._bash = subprocess.Popen(
            ["bash"],  # noqa: S607  # the one that reads the pages' commands
            cwd=folder,
            env={**os.environ, **variables},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str, typed: str = "") -> Ended:
        """Run *command*, which reads *typed*, in the shell itself: it may define functions and change folders."""
        place = Path(self._files.name)
        (place / "command").write_text(command, "utf-8")
        (place / "in").write_text(typed, "utf-8")
        at = {name: shlex.quote(str(place / name)) for name in ("command", "in", "out", "errors")}
        self._write(f'eval "$(<{at["command"]})" <{at["in"]} >{at["out"]} 2>{at["errors"]}; echo $?\n')
        code = self._bash.stdout.readline() if self._bash.stdout else ""
        out, errors = ((place / name).read_text("utf-8", errors="replace") for name in ("out", "errors"))
        return Ended(int(code or 1), out, errors)

    def close(self) -> None:
        """End it."""
        self._bash.communicate()
        self._files.cleanup()

    def _write(self, line: str) -> None:
        if self._bash.stdin:
            self._bash.stdin.write(line)
            self._bash.stdin.flush()
