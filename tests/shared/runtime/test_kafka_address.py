"""One line says where Kafka is and as whom we speak to it, and nothing that is printed repeats its password."""

import ssl
from pathlib import Path

import pytest
from pydantic import ValidationError

from shared.runtime.kafka_address import KafkaAddress
from shared.runtime.settings import RuntimeSettings


def test_plain_servers_need_no_user() -> None:
    options = KafkaAddress.parse("kafka-1:9092,kafka-2:9092").client_options

    assert options == {"bootstrap_servers": ["kafka-1:9092", "kafka-2:9092"]}


def test_a_user_logs_in_with_scram_which_shows_the_broker_no_password() -> None:
    options = KafkaAddress.parse("sasl://intake:s%40cret%2C@kafka:9094").client_options

    assert options == {
        "bootstrap_servers": ["kafka:9094"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "intake",
        "sasl_plain_password": "s@cret,",
        "ssl_context": None,
    }


def test_a_broker_that_knows_only_plain_is_asked_for_by_name() -> None:
    options = KafkaAddress.parse("sasl+ssl://intake:secret@kafka:9094?mechanism=plain").client_options

    assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "PLAIN")


@pytest.mark.parametrize(
    ("address", "protocol"), [("ssl://a:1,b:2", "SSL"), ("sasl+ssl://intake:secret@a:1,b:2", "SASL_SSL")]
)
def test_tls_checks_the_brokers_certificate_and_name(address: str, protocol: str) -> None:
    options = KafkaAddress.parse(address).client_options

    assert options["security_protocol"] == protocol
    assert options["ssl_context"].verify_mode is ssl.CERT_REQUIRED
    assert options["ssl_context"].check_hostname


def test_a_certificate_of_ones_own_is_trusted_when_it_is_named(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("no certificate", "ascii")

    with pytest.raises(ValueError, match=r"\?ca= cannot be read \(SSLError\)"):
        KafkaAddress.parse(f"ssl://kafka:9094?ca={ca}")
    with pytest.raises(ValueError, match="FileNotFoundError"):
        KafkaAddress.parse(f"ssl://kafka:9094?ca={tmp_path / 'none.pem'}")


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "kafka",
        "kafka:9092,",
        "kafka:9092 ",
        "http://kafka:9092",
        "intake:hunter2@kafka:9092",
        "ssl://intake:hunter2@kafka:9092",
        "sasl://kafka:9092",
        "sasl://intake@kafka:9092",
        "sasl://intake:@kafka:9092",
        "sasl://intake:hun,ter2@kafka:9092",
        "sasl://intake:hunter2@kafka",
        "sasl://intake:hunter2@kafka:9092?mechanism=gssapi",
        "sasl://intake:hunter2@kafka:9092?ca=/ca.pem",
        "sasl://intake:hunter2@kafka:9092?password=hunter2",
    ],
)
def test_what_is_wrong_is_said_without_the_password(
    wrong: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in {"MONGO": "mongodb://localhost", "KAFKA": wrong, "KEYS": str(tmp_path)}.items():
        monkeypatch.setenv(f"MITSUMORI_{name}", value)

    with pytest.raises(ValidationError) as refused:
        RuntimeSettings()

    assert [error["loc"] for error in refused.value.errors()] == [("kafka",)]
    assert "hun" not in str(refused.value)


def test_settings_and_addresses_show_no_password_when_they_are_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MITSUMORI_MONGO", "mongodb://intake:hunter1@mongo/?replicaSet=rs0")
    monkeypatch.setenv("MITSUMORI_KAFKA", "sasl://intake:hunter2@kafka:9092")
    monkeypatch.setenv("MITSUMORI_KEYS", str(tmp_path))

    settings = RuntimeSettings()
    address = KafkaAddress.parse(settings.kafka)

    assert "hunter" not in f"{settings!r} {settings} {address!r} {address}"
    assert str(address) == "kafka:9092"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("kafka:0", id="no such port"),
        pytest.param("kafka:9092,kafka:65536", id="one port too high"),
        pytest.param("ssl://kafka:9092?ca=", id="a file without a name"),
        pytest.param("kafka:9092?ca=", id="a file without a name, and no TLS"),
        pytest.param("sasl://u:p@kafka:9092?mechanism=plain&mechanism=scram-sha-512", id="an option twice"),
    ],
)
def test_what_would_be_without_effect_stops_the_start(address: str) -> None:
    """`?ca=` with an unset variable behind it trusted the system's certificates, and nothing said so."""
    with pytest.raises(ValueError, match=r"port|knows only"):
        KafkaAddress.parse(address)
