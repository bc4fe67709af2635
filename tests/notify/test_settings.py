"""Bad settings stop the start, and say which."""

import pytest

from services.notify.settings import Settings
from shared.runtime.settings import load

GOOD = {
    "MONGO": "mongodb://127.0.0.1:1",
    "KAFKA": "127.0.0.1:1",
    "KEYS": "keys",
    "SMTP": "smtp://127.0.0.1:1025",
    "MAIL_FROM": "noreply@agency.example",
    "DESK_EMAIL": "desk@agency.example",
    "DASHBOARD_URL": "https://desk.agency.example",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in GOOD.items():
        monkeypatch.setenv(f"MITSUMORI_{name}", value)
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_good_settings_are_read() -> None:
    settings = load(Settings)

    assert settings.smtp.port == 1025
    assert settings.mail_from == "noreply@agency.example"


def test_all_bad_settings_are_named_at_once(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("MITSUMORI_SMTP", "smtp://user:secret@mail.example")
    environment.setenv("MITSUMORI_MAIL_FROM", "nobody, really")
    environment.delenv("MITSUMORI_DESK_EMAIL")

    with pytest.raises(SystemExit):
        load(Settings)

    said = capsys.readouterr().err
    for name in ("MITSUMORI_SMTP", "MITSUMORI_MAIL_FROM", "MITSUMORI_DESK_EMAIL"):
        assert name in said
    assert "secret" not in said
