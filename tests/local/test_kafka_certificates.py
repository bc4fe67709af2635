"""The certificate of a Kafka that only our services reach."""

import ssl
from datetime import timedelta
from pathlib import Path

import pytest

from local.kafka_certificates import ensure_certificate
from shared.clock import utc_now

NOW = utc_now()
YEAR = timedelta(days=365)


def is_taken(authority: str, folder: Path, asked: str) -> bool:
    """Whether a client that trusts *authority* and asks for *asked* goes on. Raises `ssl.SSLCertVerificationError`."""
    trusting = ssl.create_default_context(cadata=authority)
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # as newer versions of Python do by themselves
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "kafka-server.pem")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = trusting.wrap_bio(to_client, to_server, server_hostname=asked)
    server = serving.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return client.version() is not None


def test_whoever_trusts_the_authority_takes_the_servers_certificate(tmp_path: Path) -> None:
    authority, _ = ensure_certificate(tmp_path, "kafka", NOW)

    assert is_taken(authority, tmp_path, "kafka")
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        is_taken(authority, tmp_path, "mongo")


def test_nobody_else_does(tmp_path: Path) -> None:
    ensure_certificate(tmp_path / "ours", "kafka", NOW)
    of_others, _ = ensure_certificate(tmp_path / "others", "kafka", NOW)

    with pytest.raises(ssl.SSLCertVerificationError):
        is_taken(of_others, tmp_path / "ours", "kafka")


def test_a_later_start_finds_the_same_certificate(tmp_path: Path) -> None:
    """Services that run trust the one from before, and Kafka shows it until it restarts."""
    first = ensure_certificate(tmp_path, "kafka", NOW)

    assert ensure_certificate(tmp_path, "kafka", NOW + 8 * YEAR) == first


@pytest.mark.parametrize(
    ("host", "after"),
    [pytest.param("kafka", 9.5 * YEAR, id="in its last year"), pytest.param("kafka-2", 0 * YEAR, id="another name")],
)
def test_a_certificate_that_will_not_do_is_made_anew_by_the_same_authority(
    tmp_path: Path, host: str, after: timedelta
) -> None:
    first, old = ensure_certificate(tmp_path, "kafka", NOW)

    authority, new = ensure_certificate(tmp_path, host, NOW + after)

    assert authority == first
    assert new != old


def test_the_secret_keys_are_their_owners_alone(tmp_path: Path) -> None:
    ensure_certificate(tmp_path, "kafka", NOW)

    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "kafka-ca.pem": 0o600,
        "kafka-server.pem": 0o600,
    }
