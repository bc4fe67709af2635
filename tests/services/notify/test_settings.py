"""Bad settings stop the start, and say which."""

from pathlib import Path

import pytest

from services.notify.domain.mail_server import MailServer
from services.notify.settings import Settings
from shared.runtime.settings import load

GOOD = {
    "MONGO": "mongodb://127.0.0.1:1",
    "KAFKA": "127.0.0.1:1",
    "SMTP": "smtp://127.0.0.1:1025",
    "MAIL_FROM": "noreply@agency.example",
    "DESK_EMAIL": "desk@agency.example",
    "DASHBOARD_URL": "https://desk.agency.example",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))
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


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("smtp://user:hunter2/x@host:587?starttls=1", id="a slash, and the rest is read as a port"),
        pytest.param("smtps://user:4711/hunter2@host:465", id="digits and a slash, which make a port"),
        pytest.param("smtps://user:4711?hunter2@host:465", id="digits and a question mark"),
        pytest.param("smtps://user:4711#hunter2@host:465", id="digits and a hash"),
        pytest.param("smtps://user:hunter2[@host:465", id="a bracket"),
        pytest.param("smtps://user:hunter2\u2100@host:465", id="a character that stands for several"),
        pytest.param("smtps://user:hunter2@host:465000", id="a port that does not exist"),
    ],
)
def test_a_mail_server_that_cannot_be_read_is_refused_without_a_word_of_its_password(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    environment.setenv("MITSUMORI_SMTP", url)

    with pytest.raises(SystemExit):
        load(Settings)

    said = capsys.readouterr().err
    assert "smtp://user:password@host:587?starttls=1" in said
    assert "hunter2" not in said
    assert "4711" not in said


def test_the_error_that_names_the_password_is_not_even_a_cause() -> None:
    """A traceback would print it."""
    with pytest.raises(ValueError, match="must look like") as refusal:
        MailServer.from_url("smtp://user:hunter2/x@host:587")

    assert refusal.value.__suppress_context__
    assert refusal.value.__cause__ is None


def test_a_password_may_have_any_character_in_its_url_form() -> None:
    server = MailServer.from_url("smtps://user:a%2Fb%40c%3F@mail.example/")

    assert (server.host, server.port, server.password) == ("mail.example", 465, "a/b@c?")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("smtp://127.0.0.1?startls=1", id="a mistyped option"),
        pytest.param("smtp://127.0.0.1?starttls=yes", id="a value that it does not have"),
        pytest.param("smtp://mail.example?starttls=1&plaintext=1", id="both at once"),
        pytest.param("smtps://mail.example?starttls=1", id="encrypted already"),
        pytest.param("smtps://mail.example?plaintext=1", id="encrypted, and not"),
        pytest.param("smtps://:hunter2@mail.example", id="a password of nobody"),
        pytest.param("smtps://mail.example:0", id="a port that does not exist"),
        pytest.param("smtps://*", id="a pattern"),
        pytest.param("smtps://a.example,b.example", id="two hosts"),
        pytest.param("smtps://mail.example ", id="a blank"),
    ],
)
def test_what_would_be_without_effect_in_the_mail_server_s_url_stops_the_start(url: str) -> None:
    """`?startls=1` was read as no encryption, `:0` as the usual port, and a password without a user was not used."""
    with pytest.raises(ValueError, match=r"must look like|may end in|needs a user|must name hosts"):
        MailServer.from_url(url)


@pytest.mark.parametrize(
    "url",
    [
        *("desk.agency.example", "", "https://", "https://desk@desk.agency.example", "//desk.agency.example"),
        *("https://desk.agency.example/?a", "https://desk.agency.example#a", "https://desk.agency.example /"),
    ],
)
def test_an_address_that_no_link_can_begin_with_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    """notify took any text: the desk's mails then had links such as `desk.agency.example/cases/…` that lead nowhere."""
    environment.setenv("MITSUMORI_DASHBOARD_URL", url)

    with pytest.raises(SystemExit):
        load(Settings)

    assert "MITSUMORI_DASHBOARD_URL:" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["form.agency.example", "https://form.agency.example/?a", "ftp://form.agency.example"])
def test_an_address_that_brochures_cannot_be_at_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    environment.setenv("MITSUMORI_BROCHURES_URL", url)

    with pytest.raises(SystemExit):
        load(Settings)

    assert "MITSUMORI_BROCHURES_URL:" in capsys.readouterr().err


def test_links_to_brochures_begin_with_their_address_without_a_slash(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MITSUMORI_BROCHURES_URL", "https://Form.agency.example/")

    assert load(Settings).brochures_url == "https://form.agency.example"


@pytest.mark.parametrize("address", ["(desk)desk@agency.example", "desk@*", "desk@a.example/x", "desk@agency.example."])
def test_an_address_that_no_server_takes_stops_the_start(environment: pytest.MonkeyPatch, address: str) -> None:
    """All mails from or to it would be refused, each after three days."""
    environment.setenv("MITSUMORI_DESK_EMAIL", address)

    with pytest.raises(SystemExit):
        load(Settings)


def test_blanks_around_an_address_are_left_out(environment: pytest.MonkeyPatch) -> None:
    """They went into the envelope, and the mail server refused each letter."""
    environment.setenv("MITSUMORI_DESK_EMAIL", " desk@agency.example ")

    assert load(Settings).desk_email == "desk@agency.example"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("bounces@elsewhere.example", "DMARC"),
        ("a-very-long-name-for-it@agency.example", "at most 16 characters"),
        ("bounces+all@agency.example", "plus sign"),
        ("bounces", "one mail address"),
    ],
)
def test_a_return_path_that_mail_could_not_be_sent_from_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str, said: str
) -> None:
    environment.setenv("MITSUMORI_RETURN_PATH", address)

    with pytest.raises(SystemExit):
        load(Settings)

    assert "MITSUMORI_RETURN_PATH" in (error := capsys.readouterr().err)
    assert said in error


def test_a_return_path_below_the_domain_of_the_sender_is_taken(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MITSUMORI_RETURN_PATH", "bounces@mail.agency.example")

    assert load(Settings).return_path == "bounces@mail.agency.example"


def test_a_folder_that_is_no_maildir_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    environment.setenv("MITSUMORI_BOUNCES", str(tmp_path))

    with pytest.raises(SystemExit):
        load(Settings)

    assert "MITSUMORI_BOUNCES: Value error, must be a Maildir" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "held"),
    [("", set()), ("customer", {"customer"}), (" staff, desk ,customer", {"customer", "desk", "staff"})],
)
def test_those_to_whom_doubtful_letters_are_held_are_named(
    environment: pytest.MonkeyPatch, text: str, held: set[str]
) -> None:
    environment.setenv("MITSUMORI_HOLD_AMBIGUOUS", text)

    assert load(Settings).held_roles == held


def test_a_role_that_does_not_exist_stops_the_start(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("MITSUMORI_HOLD_AMBIGUOUS", "customer,everybody")

    with pytest.raises(SystemExit):
        load(Settings)

    assert "MITSUMORI_HOLD_AMBIGUOUS: Value error, must be some of customer, desk, staff" in capsys.readouterr().err


@pytest.mark.parametrize(("text", "read"), [("30", 30), ("", SystemExit), ("0", SystemExit), ("many", SystemExit)])
def test_a_pace_is_a_number_of_letters(
    environment: pytest.MonkeyPatch, text: str, read: int | type[SystemExit]
) -> None:
    environment.setenv("MITSUMORI_LETTERS_PER_MINUTE", text)

    if isinstance(read, int):
        assert load(Settings).letters_per_minute == read
    else:
        with pytest.raises(read):
            load(Settings)


@pytest.mark.parametrize(
    ("changes", "mode"),
    [
        pytest.param({}, "off", id="a mail server on this machine"),
        pytest.param({"SMTP": "smtps://smtp.provider.example"}, "refuse", id="mails for customers"),
        pytest.param(
            {"SMTP": "smtps://smtp.provider.example", "DASHBOARD_URL": "http://localhost:8081"},
            "off",
            id="a dashboard on this machine",
        ),
        pytest.param({"SMTP": "smtps://smtp.provider.example", "MAIL_CHECK": "warn"}, "warn", id="told otherwise"),
        pytest.param({"MAIL_CHECK": "refuse"}, "refuse", id="told to"),
    ],
)
def test_a_start_that_sends_to_customers_checks_whether_mails_can_arrive(
    environment: pytest.MonkeyPatch, changes: dict[str, str], mode: str
) -> None:
    for name, value in changes.items():
        environment.setenv(f"MITSUMORI_{name}", value)

    assert load(Settings).mail_check_at_start == mode
