"""Somebody has decided of each command of docs/operating whether deploy/lab/newcomer.py runs it, and it does.

That the commands work is tried where a Docker engine is (deploy/lab/try production).
"""

import re
from pathlib import Path
from typing import Final

import pytest

from deploy.lab.commands import DECIDED, decision
from deploy.lab.pages import Command, commands, file_named, inline_commands
from tests.architecture.repository import ROOT, compose

PAGES: Final = ROOT / "docs" / "operating"
COMMANDS: Final = [(page.stem, command) for page in sorted(PAGES.glob("*.md")) for command in commands(page)]
NEWCOMER: Final = (ROOT / "deploy" / "lab" / "newcomer.py").read_text(encoding="utf-8")


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
        assert command in inline_commands(PAGES / f"{name}.md", "docker")


def test_a_page_is_read_as_somebody_reads_it(page: Path) -> None:
    page.write_text(
        "# Page\n\n## 1. One\n\n1. First.\n\n   ```console\n   $ for one in a b; do\n       echo $one\n"
        "     done    # 200\n"
        "   $ tee file\n   typed\n     deeper\n   ```\n\nThen `docker compose ps`, not `docker.io`.\n\n"
        "## 2. Two\n\n`/etc/x.service`:\n\n```ini\n[Unit]\n```\n",
        "utf-8",
    )

    first, second = commands(page)

    assert (first.heading, first.text, first.below) == (
        "1. One",
        "for one in a b; do\n    echo $one\n  done    # 200",
        "",
    )
    assert first.comment == "200"
    assert (second.text, second.below, second.comment) == ("tee file", "typed\n  deeper", "")
    assert inline_commands(page, "docker") == ["docker compose ps"]
    assert file_named(page, "/etc/x.service", kind="ini") == "[Unit]\n"
    with pytest.raises(LookupError):
        file_named(page, "/etc/y.service", kind="ini")


def test_of_several_decisions_the_more_exact_one_counts() -> None:
    command = Command("", "docker compose run --rm --no-deps topics doctor", "")

    assert isinstance(decision("update", command), str)
    assert decision("update", Command("", "docker compose run --rm --no-deps topics upgrade --yes", "")) == 0


def test_what_is_laid_over_the_pages_is_a_mail_server_and_the_trust_in_it() -> None:
    """Whatever else it changed, would be tried in the place of what the pages say."""
    laid_over = compose(file="deploy/lab/newcomer.yml")["services"]
    tried = compose()["services"]["mailpit"]

    assert set(laid_over) == {"smtp", "notify"}
    assert set(laid_over["notify"]) == {"environment", "volumes"}
    assert set(laid_over["notify"]["environment"]) == {"SSL_CERT_FILE"}
    assert laid_over["smtp"]["image"] == tried["image"]
    assert laid_over["smtp"]["environment"]["MP_SMTP_REQUIRE_STARTTLS"] == "true"
    assert laid_over["smtp"]["environment"]["MP_SMTP_AUTH"]
