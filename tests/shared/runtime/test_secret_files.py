"""A password may be in a file that a variable names, so that the environment of a process does not show it."""

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from local.doctor.gather.settings import SETTINGS, variables
from services.notify.domain.mail_server import MailServer
from services.registry import ServiceName
from shared.runtime.secret_files import MAY_BE_IN_A_FILE, secrets_of
from shared.runtime.settings import RuntimeSettings, load

GIVEN = {"MONGO": "mongodb://db", "KAFKA": "kafka:9092"}


class WithToken(RuntimeSettings):
    token: Annotated[str, Field(repr=False), MAY_BE_IN_A_FILE] = ""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))
    for name, value in GIVEN.items():
        monkeypatch.setenv(f"MITSUMORI_{name}", value)
    return monkeypatch


def refused(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stop:
        load(WithToken)
    assert stop.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("s3cret\n", "s3cret", id="the end of its line is not part of it"),
        pytest.param("s3cret\r\n", "s3cret", id="nor is that of an editor on Windows"),
        pytest.param("s3cret", "s3cret", id="a file without one"),
        pytest.param(" s3cret \n\n", " s3cret \n", id="all else is part of it"),
    ],
)
def test_a_password_is_what_its_file_holds(
    environment: pytest.MonkeyPatch, tmp_path: Path, written: str, read: str
) -> None:
    (tmp_path / "token.txt").write_text(written, "ascii", newline="")
    environment.setenv("MITSUMORI_TOKEN_FILE", str(tmp_path / "token.txt"))

    assert load(WithToken).token == read


def test_a_file_that_is_named_goes_before_the_one_beside_the_keys(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mitsumori_token").write_text("beside the keys", "ascii")
    (tmp_path / "token.txt").write_text("named", "ascii")
    beside_the_keys = load(WithToken).token

    environment.setenv("MITSUMORI_TOKEN_FILE", str(tmp_path / "token.txt"))

    assert (beside_the_keys, load(WithToken).token) == ("beside the keys", "named")


@pytest.mark.parametrize("value", ["elsewhere:9092", ""], ids=["a value", "an empty value"])
def test_a_password_that_is_given_twice_stops_the_start(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    """Whoever changes the file would wonder why nothing changes."""
    (tmp_path / "kafka.txt").write_text("sasl://intake:hunter2@kafka:9092", "ascii")
    environment.setenv("MITSUMORI_KAFKA", value)
    environment.setenv("MITSUMORI_KAFKA_FILE", str(tmp_path / "kafka.txt"))

    said = refused(capsys)

    assert "MITSUMORI_KAFKA and MITSUMORI_KAFKA_FILE are both set; unset one of them" in said
    assert "hunter2" not in said


def test_every_file_that_cannot_be_read_is_named_at_once(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty.txt").write_text("\n", "ascii")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe")
    for name in GIVEN:
        environment.delenv(f"MITSUMORI_{name}")
    environment.setenv("MITSUMORI_MONGO_FILE", str(tmp_path / "no-such-file"))
    environment.setenv("MITSUMORI_KAFKA_FILE", str(tmp_path / "empty.txt"))
    environment.setenv("MITSUMORI_TOKEN_FILE", str(tmp_path / "binary.txt"))

    said = refused(capsys)

    assert "MITSUMORI_MONGO_FILE names a file that cannot be read (FileNotFoundError)" in said
    assert "MITSUMORI_KAFKA_FILE names a file that is empty" in said
    assert "MITSUMORI_TOKEN_FILE names a file that cannot be read (UnicodeDecodeError)" in said
    environment.setenv("MITSUMORI_TOKEN_FILE", "")
    assert "MITSUMORI_TOKEN_FILE names no file" in refused(capsys)


def test_what_is_wrong_in_a_file_is_said_without_the_password(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv("MITSUMORI_KAFKA")
    (tmp_path / "kafka.txt").write_text("sasl://intake:hunter2@kafka", "ascii")
    environment.setenv("MITSUMORI_KAFKA_FILE", str(tmp_path / "kafka.txt"))

    said = refused(capsys)

    assert "MITSUMORI_KAFKA: Value error, must look like" in said
    assert "hunter2" not in said


@pytest.mark.parametrize("service", ServiceName)
def test_every_setting_that_holds_a_password_may_be_in_a_file(service: str) -> None:
    """Those that are not shown when they are printed, and the mail server, which hides its password itself."""
    fields = SETTINGS[service].model_fields
    hidden = {name for name, field in fields.items() if not field.repr or field.annotation is MailServer}

    assert set(secrets_of(SETTINGS[service])) == hidden
    assert {"mongo", "kafka"} <= hidden
    assert {f"MITSUMORI_{name.upper()}_FILE" for name in hidden} <= variables({}).known
