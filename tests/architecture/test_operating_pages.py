"""The pages for operators name what exists: commands with their options, containers, headings."""

import re
import shlex
from itertools import dropwhile
from pathlib import Path
from typing import Any, Final

import pytest
import typer
import yaml

from cli.lazy import LazyCommand
from cli.main import app
from deploy.lab.pages import blocks, commands, inline_commands
from tests.architecture.repository import ROOT, compose
from tests.architecture.test_docs import DOCUMENTS
from tests.architecture.test_image import IN_CONTAINERS

PAGES: Final = sorted((ROOT / "docs" / "operating").glob("*.md"))
TOLD_OF_NOW: Final = [
    path for path in DOCUMENTS if path.name not in {"CHANGELOG.md", "DECISIONS.md"} and path.parent.name != "adr"
]
CONTAINERS: Final = {
    *compose(file="compose.prod.yml")["services"],
    *compose(file="compose.watch.yml")["services"],
    *("$one", "サービス", "mailpit"),
}
"""Those of the compose files, and what stands for one of them."""
WITH_A_VALUE: Final = {"--entrypoint", "--volume", "--tail", "--since", "--scale"}
BEFORE_A_COMMAND: Final = {"do", "sudo"}
VERBS: Final = {"cp", "down", "exec", "images", "logs", "ps", "restart", "run", "start", "stop", "up"}


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


def test_the_image_has_the_bytecode_of_each_command_that_a_page_calls_in_a_container() -> None:
    called = {
        rest[1].replace("-", "_")
        for page in PAGES
        for command in [one.text for one in commands(page)] + inline_commands(page, "docker")
        for words in in_words(command)
        if words[:3] == ["docker", "compose", "run"] and "--entrypoint" not in words
        if (rest := list(dropwhile(lambda word: word not in CONTAINERS, words)))[1:]
    }

    assert {"check", "doctor"} < called
    assert called - {"$@"} <= set(IN_CONTAINERS)


def slug(heading: str) -> str:
    """What GitHub makes of a heading: where a link to it leads."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    """Whoever is called at night must not be left at the top of a long page."""
    links = re.findall(r"\]\(([^)#\s:]*\.md)?#([^)]+)\)", page.read_text(encoding="utf-8"))

    lost = []
    for file, anchor in links:
        target = (page.parent / file).read_text(encoding="utf-8") if file else page.read_text(encoding="utf-8")
        if anchor not in {slug(heading) for heading in re.findall(r"^#+ (.+)$", target, re.MULTILINE)}:
            lost.append((file, anchor))

    assert lost == []


def test_the_page_for_the_night_tells_of_each_symptom_in_the_same_five_parts() -> None:
    text = (ROOT / "docs" / "operating" / "incident.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (\d+\. .+)\n", text, flags=re.MULTILINE)[1:]
    told = dict(zip(sections[::2], sections[1::2], strict=True))
    parts = ["最初に見る", "意味", "すること", "してはいけないこと", "知らせる相手"]

    assert [slug(heading) for heading in told] == re.findall(r"^\|.*\]\(#(\d+-[^)]+)\) \|$", text, re.MULTILINE)
    for heading, section in told.items():
        assert re.findall(r"^\*\*([^*:]+)\*\*", section, re.MULTILINE) == parts, heading


def test_mongo_with_a_larger_cache_is_started_as_by_the_compose_file() -> None:
    """Whoever copies the block of sizing.md must not lose what was decided elsewhere."""
    [block] = [one.text for one in blocks(ROOT / "docs" / "operating" / "sizing.md") if one.kind == "yaml"]
    larger = yaml.safe_load(block)["services"]["mongo"]
    mongo = compose(file="compose.prod.yml")["services"]["mongo"]

    assert set(larger) == {"mem_limit", "command"}
    assert [part.replace("CacheSizeGB 1 ", "CacheSizeGB 0.25 ") for part in larger["command"]] == mongo["command"]


def test_how_many_requests_a_server_takes_is_what_was_measured() -> None:
    """Both pages have the table; whoever measures anew changes both."""
    row = re.compile(r"^\| ([248]) \| (\d+)(?: 件)? \| ([\d,]+)(?: 件)? \| ([\d,]+)(?: 件)? \|", re.MULTILINE)
    measured, told = (
        row.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
        for page in ("performance.md", "operating/sizing.md")
    )

    assert len(measured) == 3
    assert told == measured


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
