"""The commands of docs/operating exist, and somebody has decided of each whether deploy/lab/newcomer.py runs it.

That they work is tried where a Docker engine is (deploy/lab/try production).
"""

import re
import shlex
from itertools import dropwhile
from pathlib import Path
from typing import Any, Final

import pytest
import typer

from cli.lazy import LazyCommand
from cli.main import app
from deploy.lab.commands import DECIDED, decision
from deploy.lab.pages import Command, commands, file_named, inline_commands
from tests.architecture.repository import ROOT, compose
from tests.architecture.test_docs import DOCUMENTS

PAGES: Final = sorted((ROOT / "docs" / "operating").glob("*.md"))
COMMANDS: Final = [(page.stem, command) for page in PAGES for command in commands(page)]
TOLD_OF_NOW: Final = [
    path for path in DOCUMENTS if path.name not in {"CHANGELOG.md", "DECISIONS.md"} and path.parent.name != "adr"
]
NEWCOMER: Final = (ROOT / "deploy" / "lab" / "newcomer.py").read_text(encoding="utf-8")
CONTAINERS: Final = {
    *compose(file="compose.prod.yml")["services"],
    *compose(file="compose.watch.yml")["services"],
    *("$one", "サービス", "mailpit"),
}
"""Those of the compose files, and what stands for one of them."""
WITH_A_VALUE: Final = {"--entrypoint", "--volume", "--tail", "--since"}
BEFORE_A_COMMAND: Final = {"do", "sudo"}
VERBS: Final = {"cp", "down", "exec", "images", "logs", "ps", "restart", "run", "start", "stop", "up"}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return tmp_path / "page.md"


def test_somebody_has_decided_of_each_command_whether_it_is_run() -> None:
    """Whoever adds a command to a page says in deploy/lab/commands.py whether the newcomer runs it, or why not."""
    undecided = []
    for name, command in COMMANDS:
        try:
            decision(name, command)
        except LookupError as error:
            undecided.append(str(error))

    assert undecided == []


def test_of_no_command_that_is_gone_anything_is_decided() -> None:
    gone = [
        (name, beginning)
        for name, decided in DECIDED.items()
        for beginning in decided
        if not any(page == name and command.text.startswith(beginning) for page, command in COMMANDS)
    ]

    assert gone == []


def test_a_command_that_is_to_be_run_is_in_a_section_that_the_newcomer_follows() -> None:
    followed = {
        (name, section)
        for name, sections in re.findall(r'\.follow\("(\w+)", ([^)]*)\)', NEWCOMER)
        for section in re.findall(r'"([^"]*)"', sections)
    }
    run = {
        (name, command.words)
        for name, command in COMMANDS
        if any(name == page and command.heading.startswith(section) for page, section in followed)
    }
    left = [
        (name, command.words)
        for name, command in COMMANDS
        if isinstance(decision(name, command), int) and (name, command.words) not in run
    ]

    assert followed
    assert left == []


def test_what_the_newcomer_runs_of_a_sentence_is_in_it() -> None:
    inline = re.findall(r'\.run_inline\("(\w+)", "([^"]+)"\)', NEWCOMER)

    assert inline
    for name, command in inline:
        assert command in inline_commands(ROOT / "docs" / "operating" / f"{name}.md", "docker")


def in_words(command: str) -> list[list[str]]:
    """The words of each part of *command*, between `&&`, `;`, `|` and the like, without its comment."""
    for sign in ("(", ")"):
        command = command.replace(sign, " ; " if sign == "(" else " ")
    lexer = shlex.shlex(command.replace("\\\n", " ").replace("\n", " ; "), posix=True, punctuation_chars=";&|<>")
    lexer.whitespace_split = True
    parts: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set(";&|<>"):
            parts.append([])
        else:
            parts[-1].append(word)
    return [list(dropwhile(lambda word: word in BEFORE_A_COMMAND or "=" in word, part)) for part in parts]


def unknown_word(words: list[str]) -> str | None:
    """The first of *words* that the command line does not know: a command or an option."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        if not words or words[0].startswith("-") or words[0] == "$@":
            return None
        if words[0] not in command.commands:
            return words[0]
        command, words = command.commands[words[0]], words[1:]
        command = command.load() if isinstance(command, LazyCommand) else command
    options = {name for option in command.params for name in (*option.opts, *option.secondary_opts)} | {"--help"}
    return next((word for word in words if word.startswith("-") and word != "-" and word not in options), None)


def unknown_to_compose(words: list[str]) -> str | None:
    """The first of *words*, after `docker compose`, that is not there: a verb, a container, a command of ours."""
    if not words or words[0].startswith("-"):
        return None
    verb, rest, asks_ours = words[0], words[1:], True
    if verb not in VERBS:
        return verb
    while rest and (rest[0].startswith("-") or "[@]" in rest[0]):
        asks_ours = asks_ours and rest[0] != "--entrypoint"
        rest = rest[2:] if rest[0] in WITH_A_VALUE else rest[1:]
    named = [] if verb == "cp" else rest[:1] if verb in {"run", "exec"} else [one for one in rest if one[0] != "-"]
    if strange := [one for one in named if one not in CONTAINERS and not one.isdecimal()]:
        return strange[0]
    if verb == "exec":
        return unknown_word(rest[2:]) if rest[1:2] == ["mitsumori"] else None
    return unknown_word(rest[1:]) if verb == "run" and asks_ours else None


def unknown(command: str) -> list[str]:
    """What of *command* does not exist."""
    found = []
    for words in in_words(command):
        match words:
            case ["mitsumori", *rest]:
                found.append(unknown_word(rest))
            case ["keys", *_]:  # the function of keys.md
                found.append(unknown_word(words))
            case ["docker" | "/usr/bin/docker", "compose", *rest]:
                found.append(unknown_to_compose(rest))
            case _:
                pass
    return [word for word in found if word]


@pytest.mark.parametrize("document", TOLD_OF_NOW, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_ours_that_a_document_names_is_there(document: Path) -> None:
    """Also its options; and the containers that `docker compose` is told to use."""
    named = [command.text for command in commands(document)] + inline_commands(document, "mitsumori", "docker")

    assert {command: strange for command in named if (strange := unknown(command))} == {}


def test_what_is_not_there_is_found() -> None:
    assert unknown("mitsumori chekc") == ["chekc"]
    assert unknown("mitsumori dead list --al") == ["--al"]
    assert unknown("cd x && mitsumori keys rotat desk-1.key    # why") == ["rotat"]
    assert unknown("docker compose run --rm --volume a:b topics dead lst") == ["lst"]
    assert unknown("docker compose run --rm -T --entrypoint rm kyes /keys/x") == ["kyes"]
    assert unknown("docker compose logs --tail 20 noify") == ["noify"]
    assert unknown("docker compose exec dashboard mitsumori staff ad hanako") == ["ad"]
    assert unknown("for one in a; do docker compose run $one dcotor; done") == ["dcotor"]
    assert unknown("keys retire --leakd desk-1.key") == ["--leakd"]
    assert unknown("docker compose --project-name x rm") == []


def test_a_page_is_read_as_somebody_reads_it(page: Path) -> None:
    page.write_text(
        "# Page\n\n## 1. One\n\n1. First.\n\n   ```console\n   $ for one in a b; do\n       echo $one\n     done    # 200\n"
        "   $ tee file\n   typed\n     deeper\n   ```\n\nThen `docker compose ps`, not `docker.io`.\n\n"
        "## 2. Two\n\n`/etc/x.service`:\n\n```ini\n[Unit]\n```\n",
        "utf-8",
    )

    first, second = commands(page)

    assert (first.heading, first.text, first.below) == ("1. One", "for one in a b; do\n    echo $one\n  done    # 200", "")
    assert first.comment == "200"
    assert (second.text, second.below, second.comment) == ("tee file", "typed\n  deeper", "")
    assert inline_commands(page, "docker") == ["docker compose ps"]
    assert file_named(page, "/etc/x.service", kind="ini") == "[Unit]\n"
    with pytest.raises(LookupError):
        file_named(page, "/etc/y.service", kind="ini")


def test_of_several_decisions_the_more_exact_one_counts() -> None:
    command = Command("", "docker compose run --rm --no-deps topics upgrade --back", "")

    assert isinstance(decision("update", command), str)
    assert decision("update", Command("", "docker compose run --rm --no-deps topics upgrade --yes", "")) == 0
