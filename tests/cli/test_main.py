"""The lists of commands: quick to show and to complete, with the same help texts as the commands themselves."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli.lazy import LazyCommand
from cli.main import COMMANDS
from cli.tariff.app import COMMANDS as TARIFF_COMMANDS
from cli.version import version
from tests.architecture.repository import ROOT
from tests.cli.builders import mitsumori


@pytest.mark.parametrize("command", [*COMMANDS, *TARIFF_COMMANDS], ids=lambda command: command.name)
def test_the_list_says_of_a_command_what_the_command_says_of_itself(command: LazyCommand) -> None:
    assert command.load().help == command.help


def modules_imported_by(*words: str) -> set[str]:
    script = (
        "import atexit, json, sys; from cli.main import main\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
        f"sys.argv[1:] = {list(words)}; main()"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(json.loads(ended.stderr))


@pytest.mark.parametrize("words", [["--help"], ["--version"]], ids=" ".join)
def test_the_list_is_shown_without_importing_what_the_commands_need(words: list[str]) -> None:
    imported = modules_imported_by(*words)

    assert {name for name in imported if name.startswith("cli.")} == {"cli.lazy", "cli.main", "cli.version"}
    assert {"asyncio", "pydantic", "pymongo"} & imported == set()


def test_the_list_of_the_actuarys_commands_is_shown_without_importing_what_they_need() -> None:
    imported = modules_imported_by("tariff", "--help")

    assert {name for name in imported if name.startswith("cli.tariff.")} == {"cli.tariff.app"}
    assert {"asyncio", "numpy", "pricing", "yaml"} & imported == set()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        pytest.param("mitsumori rep", "replay", id="a command"),
        pytest.param("mitsumori tariff comp", "compare", id="a command of the actuary's"),
        pytest.param("mitsumori audit ", "verify", id="the only command of a group"),
        pytest.param("mitsumori serve n", "notify", id="a service"),
        pytest.param("mitsumori run --port", "--port-base", id="an option"),
    ],
)
def test_bash_completes(typed: str, completed: str) -> None:
    words = typed.split(" ")

    ended = mitsumori(_MITSUMORI_COMPLETE="complete_bash", COMP_WORDS=typed, COMP_CWORD=str(len(words) - 1))

    assert ended.stdout.split() == [completed]


def test_bash_is_told_how_to_complete() -> None:
    ended = mitsumori("--show-completion", "bash")

    assert ended.returncode == 0, ended.stderr
    assert "_MITSUMORI_COMPLETE=complete_bash" in ended.stdout


def test_the_version_names_the_commit_of_a_checkout() -> None:
    ended = mitsumori("--version")

    assert ended.returncode == 0, ended.stderr
    assert re.fullmatch(r"mitsumori \d+\.\d+\.\d+ \([0-9a-f]{7,}\)\n", ended.stdout)


def test_without_git_the_version_is_only_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("git") is None

    assert re.fullmatch(r"\d+\.\d+\.\d+", version())


@pytest.mark.parametrize(
    ("words", "mistake", "command"),
    [
        pytest.param(["fly"], "fly", "mitsumori", id="no such command"),
        pytest.param(["run", "--prot-base", "1"], "--prot-base", "mitsumori run", id="no such option"),
        pytest.param(["run", "--port-base", "70000"], "65533", "mitsumori run", id="a port that is none"),
        pytest.param(["explain"], "quote", "mitsumori explain", id="an argument is missing"),
        pytest.param(["tariff", "fly"], "fly", "mitsumori tariff", id="no such command of a group"),
    ],
)
def test_a_mistyped_command_is_answered_in_japanese(words: list[str], mistake: str, command: str) -> None:
    """The help was Japanese and the errors English, and port 70000 was answered with the advice to take 71000."""
    ended = mitsumori(*words)

    assert ended.returncode == 2
    lead, hint = ended.stderr.splitlines()
    assert lead.startswith("mitsumori: コマンドの指定に誤りがあります: ")
    assert mistake in lead
    assert hint == f"使い方は {command} --help で確認できます。"


def test_without_a_command_the_help_is_shown_and_no_error() -> None:
    ended = mitsumori()

    assert "Commands" in ended.stdout + ended.stderr
    assert "誤り" not in ended.stderr


def test_the_console_script_is_this_command(tmp_path: Path) -> None:
    """`make setup` puts it beside Python, and it works from any folder."""
    script = Path(sys.executable).parent / "mitsumori"

    ended = subprocess.run([script, "rate", "none.json"], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert (ended.returncode, ended.stderr) == (
        2,
        "mitsumori: none.json: ファイルを読めません(No such file or directory)。\n",
    )
