"""What keeps a command from its work is told in one sentence that an operator can act on at night."""

import pytest

from tests.cli.builders import mitsumori

NOBODY_LISTENS = "127.0.0.1:1"
COMMANDS = [
    pytest.param(("check",), id="check"),
    pytest.param(("dead", "list"), id="dead list"),
    pytest.param(("funnel",), id="funnel"),
    pytest.param(("trace", "K7M2P4XR"), id="trace"),
    pytest.param(("announce",), id="announce"),
]


@pytest.mark.parametrize("words", COMMANDS)
def test_while_the_database_is_away_a_command_says_what_is_away_and_what_to_look_at(words: tuple[str, ...]) -> None:
    """The whole message was 「mitsumori: mongo」."""
    ended = mitsumori(*words, MITSUMORI_MONGO=f"mongodb://{NOBODY_LISTENS}/")

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "MongoDB を利用できません" in ended.stderr
    assert "MITSUMORI_MONGO" in ended.stderr


def test_an_address_of_the_database_that_is_no_url_is_answered_with_the_setting_to_look_at() -> None:
    ended = mitsumori("check", MITSUMORI_MONGO=NOBODY_LISTENS)

    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "MITSUMORI_MONGO" in ended.stderr


@pytest.mark.parametrize("words", COMMANDS)
def test_a_password_with_an_at_sign_is_answered_with_how_to_write_it_and_is_not_shown(words: tuple[str, ...]) -> None:
    """It was answered with seventy lines of traceback, and with the exit code that says that requests are missing."""
    ended = mitsumori(*words, MITSUMORI_MONGO=f"mongodb://operator:se/cr@et@{NOBODY_LISTENS}/")

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "@ は %40" in ended.stderr
    assert [part for part in ("se/cr", "cr@et", "operator") if part in ended.stderr] == []


@pytest.mark.parametrize("words", COMMANDS)
def test_a_port_that_is_none_is_no_address_of_a_database(words: tuple[str, ...]) -> None:
    """`trace` ended in a traceback."""
    ended = mitsumori(*words, MITSUMORI_MONGO="mongodb://127.0.0.1:99999/")

    assert (ended.returncode, ended.stderr.count("\n"), "接続先" in ended.stderr) == (2, 1, True)
