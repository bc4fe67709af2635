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


def with_proxies(keys: Path, proxies: str) -> RuntimeSettings:
    return RuntimeSettings(mongo="mongodb://db", kafka="kafka:9092", keys=keys, trusted_proxies=proxies)


@pytest.mark.parametrize(
    ("proxies", "named"),
    [
        pytest.param("caddy", "'caddy' is no address", id="a name, which no visitor's address is"),
        pytest.param("172.18.0.1/16", "write 172.18.0.0/16", id="an address within a network"),
        pytest.param("127.0.0.1;172.18.0.2", "'127.0.0.1;172.18.0.2' is no address", id="semicolons"),
        pytest.param("127.0.0.1 172.18.0.2", "'127.0.0.1 172.18.0.2' is no address", id="blanks"),
        pytest.param("127.0.0.1,172.18.0.2:80", "'172.18.0.2:80' is no address", id="a port"),
        pytest.param("172.18.*", "'172.18.*' is no address", id="a pattern"),
        pytest.param("*,172.18.0.2", "is no address", id="everybody, and somebody"),
        pytest.param("10.0.0.0/33", "'10.0.0.0/33' is no network", id="no such network"),
        pytest.param("172.18.0.2/", "'172.18.0.2/' is no network", id="half a network"),
        pytest.param("[::1]", "is no address", id="the brackets of a URL"),
        pytest.param("::ffff:172.18.0.2", "write 172.18.0.2", id="an address in a form that is not compared"),
        pytest.param("::", "nobody's address", id="what one listens on"),
        pytest.param("", "names nobody", id="nothing"),
        pytest.param(" , ", "names nobody", id="blanks alone"),
    ],
)
def test_a_proxy_that_would_never_be_trusted_stops_the_start(tmp_path: Path, proxies: str, named: str) -> None:
    """uvicorn took each of these for a name that no visitor has, and nobody was trusted, without a word.

    33 customers behind one proxy were then one place: 25 of them were marked as suspicious and 3 refused.
    """
    with pytest.raises(ValidationError, match="trusted_proxies") as refusal:
        with_proxies(tmp_path, proxies)

    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("127.0.0.1, 172.18.0.0/16 ,2001:DB8::0:7,", "127.0.0.1,172.18.0.0/16,2001:db8::7"),
        ("172.18.0.0/255.255.0.0", "172.18.0.0/16"),
        (" * ", "*"),
    ],
)
def test_proxies_are_addresses_and_networks_or_everybody(tmp_path: Path, written: str, compared: str) -> None:
    assert with_proxies(tmp_path, written).trusted_proxies == compared


@pytest.mark.parametrize(
    "mongo",
    [
        pytest.param("mongodb://u:hunter2@db/?tsl=true", id="a mistyped name"),
        pytest.param("mongodb://u:hunter2@db/?tls=yes", id="a value that it cannot have"),
        pytest.param("mongodb://u:hunter2@db/?replicaSet", id="no value"),
        pytest.param("mongodb://u:pw?hunter2=1@db/", id="half of a password"),
    ],
)
def test_an_option_of_mongodb_that_would_be_left_out_stops_the_start(tmp_path: Path, mongo: str) -> None:
    """With `tsl=true` the driver warned on stderr, and everything went over the network in plain text."""
    with pytest.raises(ValidationError, match="mongo") as refusal:
        RuntimeSettings(mongo=mongo, kafka="kafka:9092", keys=tmp_path)

    assert "hunter2" not in str(refusal.value)


def test_the_options_of_mongodb_are_taken(tmp_path: Path) -> None:
    mongo = "mongodb://u:p@a:1,b:2/?replicaSet=rs0&tls=true&authSource=admin"

    assert RuntimeSettings(mongo=mongo, kafka="kafka:9092", keys=tmp_path).mongo == mongo


@pytest.mark.parametrize("port", [-1, 0, 65_536])
def test_a_port_is_one_that_exists(tmp_path: Path, port: int) -> None:
    """With 0 the system chose a port that nobody knew."""
    with pytest.raises(ValidationError, match="port"):
        RuntimeSettings(mongo="mongodb://db", kafka="kafka:9092", keys=tmp_path, port=port)
