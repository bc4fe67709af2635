"""Runs what the pages of docs/operating say, as it stands there, in a clean folder. Nothing differs but what follows.

- names of hosts are `*.localhost`, certificates are Caddy's own, and ports are free ones: section 7 of install.md;
- the mail server is deploy/lab/newcomer.yml, which wants STARTTLS and a password that has to be percent-encoded;
- /srv/mitsumori is the clean folder, and numbers and names of files that a page gives as examples are this system's.
"""

import sys
import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from deploy.lab.commands import decision
from deploy.lab.pages import Command, blocks, commands, file_named, inline_commands
from deploy.lab.shell import Ended, Shell

PAGES: Final = Path(__file__).parents[2] / "docs" / "operating"
SERVICES: Final = ("intake", "rating", "notify", "dashboard")
PATIENCE_S: Final = 180
SUBSTITUTED: Final = {
    "form.example.jp": "form.localhost",
    "desk.example.jp": "desk.localhost",
    "127.0.0.1:80\n": "127.0.0.1:28083\n",
    "127.0.0.1:443\n": "127.0.0.1:28443\n",
    "COMPOSE_FILE=compose.prod.yml": "COMPOSE_FILE=compose.prod.yml:newcomer.yml",
    "USER:PASSWORD@": "mitsumori%40agency:p%40ss%2Fword@",
    "/usr/bin/docker": "docker",
}


class Follower:
    """Whoever follows the pages in *folder*, with a shell for each page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._samples = {"/srv/mitsumori": str(folder)}
        self._began = time.monotonic()

    def learns(self, sample: str, real: str) -> None:
        """In the place of *sample*, which a page gives as an example, this system has *real*."""
        self._samples[sample] = real

    def here(self, text: str) -> str:
        """*text* of a page with what is substituted."""
        for written, real in {**SUBSTITUTED, **self._samples}.items():
            text = text.replace(written, real)
        return text

    def says(self, text: str) -> None:
        """One line, with the seconds since the beginning."""
        print(f"{self.took_s:4.0f} s  {text}", flush=True)

    @property
    def took_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    @contextmanager
    def shell(self) -> Iterator[Shell]:
        """A new one, in which the form is reached by its name."""
        shell = Shell(self.folder, {"HOME": str(self.folder)})
        try:
            yield shell
        finally:
            shell.close()

    def follow(self, page: str, *sections: str) -> dict[str, str]:
        """Run the commands of *sections* of *page*, in that order; what each wrote, by its text."""
        found = commands(PAGES / f"{page}.md")
        wrote: dict[str, str] = {}
        with self.shell() as shell:
            for section in sections:
                for command in found:
                    if command.heading.startswith(section) and isinstance(code := decision(page, command), int):
                        wrote[command.text] = self._run(shell, page, command, code).out
        return wrote

    def run_inline(self, page: str, command: str) -> None:
        """Run *command*, which *page* writes in a sentence."""
        if command not in inline_commands(PAGES / f"{page}.md", command.partition(" ")[0]):
            sys.exit(f"docs/operating/{page}.md does not say `{command}` any more.")
        with self.shell() as shell:
            self._run(shell, page, Command("", command, ""), 0)

    def run_unit(self, name: str) -> None:
        """Run what the unit of systemd does that backup.md shows."""
        unit = ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment,method-assign]  # names of systemd have capitals
        unit.read_string(file_named(PAGES / "backup.md", name, kind="ini"))
        with self.shell() as shell:
            for step in ("ExecStart", "ExecStartPost"):
                self._run(shell, "backup", Command("", unit["Service"][step], ""), 0)

    def settings(self, page: str, section: str) -> dict[str, str]:
        """What *section* of *page* writes into `.env`."""
        [block, *_] = [
            one for one in blocks(PAGES / f"{page}.md") if one.kind == "ini" and one.heading.startswith(section)
        ]
        return dict(line.split("=", 1) for line in self.here(block.text).splitlines())

    def write_settings(self, settings: dict[str, str]) -> None:
        """They are all that `.env` has from now on."""
        text = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.folder / ".env").write_text(text, "utf-8")

    def waits(self, what: str, holds: Callable[[], bool]) -> None:
        """Return when it *holds*; end everything when it does not in time."""
        latest = time.monotonic() + PATIENCE_S
        while not holds():
            if time.monotonic() > latest:
                sys.exit(f"Not in {PATIENCE_S} s: {what}")
            time.sleep(0.5)
        self.says(what)

    def waits_until_healthy(self) -> None:
        """All four services call themselves so."""
        with self.shell() as shell:
            look = f"docker compose ps {' '.join(SERVICES)}"
            self.waits("all healthy", lambda: shell.run(look).out.count("(healthy)") == len(SERVICES))

    def _run(self, shell: Shell, page: str, command: Command, code: int) -> Ended:
        text = self.here(command.text)
        ended = shell.run(text, self.here(command.below) + "\n")
        self.says(f"{page:8} $ {text.splitlines()[0][:110]}")
        if ended.code != code or (command.comment.isdecimal() and ended.out.strip() != command.comment):
            sys.exit(
                f"exit {ended.code}, awaited {code} {command.comment}\n{ended.out[-3000:]}\n{ended.errors[-3000:]}"
            )
        if command.comment.endswith("healthy"):
            self.waits_until_healthy()
        return ended
