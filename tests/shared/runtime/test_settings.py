"""Bad settings stop a process before it does any harm."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.runtime.settings import RuntimeSettings, load


def test_every_bad_variable_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MITSUMORI_KAFKA", "127.0.0.1:9092")
    monkeypatch.setenv("MITSUMORI_MONGO", "somewhere")
    monkeypatch.setenv("MITSUMORI_KEYS", "no-such-folder")
    monkeypatch.setenv("MITSUMORI_LOG", "loud")
    monkeypatch.setenv("MITSUMORI_PORT", "many")

    with pytest.raises(SystemExit) as stop:
        load(RuntimeSettings)

    said = capsys.readouterr().err
    assert stop.value.code == 2
    assert [name for name in ("MONGO", "KEYS", "LOG", "PORT") if f"MITSUMORI_{name}:" in said] == [
        "MONGO",
        "KEYS",
        "LOG",
        "PORT",
    ]
    assert "MITSUMORI_KAFKA" not in said
    assert [word for word in ("many", "loud", "somewhere", "no-such-folder") if word in said] == []


def with_hosts(keys: Path, hosts: str) -> RuntimeSettings:
    return RuntimeSettings(mongo="mongodb://db", kafka="kafka:9092", keys=keys, allowed_hosts=hosts)


def test_further_names_of_the_pages_are_separated_by_commas(tmp_path: Path) -> None:
    assert with_hosts(tmp_path, "form.internal, 10.0.0.7,::1,").more_hosts == {"form.internal", "10.0.0.7", "::1"}
    assert with_hosts(tmp_path, "").more_hosts == set()


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Form.Internal", "form.internal"),
        ("見積.example.jp", "xn--5pz252a.example.jp"),
        ("2001:DB8:0:0:0:0:0:7", "2001:db8::7"),
    ],
)
def test_a_further_name_is_compared_as_browsers_send_it(tmp_path: Path, written: str, sent: str) -> None:
    """A long IPv6 address was accepted at the start, and every visitor under it got 400."""
    assert with_hosts(tmp_path, written).more_hosts == {sent}


@pytest.mark.parametrize(
    "hosts",
    [
        *("https://form.internal", "form.internal:8080", "form.internal/", "*", "*.internal", "form.internal."),
        *("127.1", "10.0.0.256", "1:2", ":::", "form..internal", "[::1]", "form internal"),
    ],
)
def test_a_further_name_is_only_a_name(tmp_path: Path, hosts: str) -> None:
    """With a scheme or a port it would never match, and every visitor would get 400."""
    with pytest.raises(ValidationError):
        with_hosts(tmp_path, hosts)


def test_a_password_may_come_from_a_file_beside_the_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of a process can be read by whoever inspects its container."""
    (tmp_path / "mitsumori_mongo").write_text("mongodb://intake:secret@mongo/\n", "ascii")
    (tmp_path / "mitsumori_kafka").write_text("sasl://intake:secret@kafka:9092\n", "ascii")
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))
    monkeypatch.setenv("MITSUMORI_KAFKA", "elsewhere:9092")

    settings = load(RuntimeSettings)

    assert (settings.mongo, settings.kafka) == ("mongodb://intake:secret@mongo/", "elsewhere:9092")
