"""The mail server of deploy/lab/newcomer.yml: its certificate, whom it refuses, and what it has got."""

import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import (
    CertificateBuilder,
    DNSName,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

NAME = "smtp.example.jp"
SMTP_PORT = 28587
_REFUSED = 530


def make_certificate(path: Path) -> None:
    """Write one of `NAME`, signed by nobody but itself, with its key."""
    key = generate_private_key(SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)  # noqa: DTZ005  # it is made for the next hour, of this machine's clock
    made = (
        CertificateBuilder(name, name, key.public_key(), random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(SubjectAlternativeName([DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))


def refuses_whom_it_does_not_know(certificate: Path) -> bool:
    """Whether it takes no mail without STARTTLS, nor with it from somebody without a password."""
    with smtplib.SMTP("127.0.0.1", SMTP_PORT, timeout=10) as server:
        server.ehlo()
        in_the_clear, _ = server.mail("mitsumori@example.jp")
        server._host = NAME  # type: ignore[attr-defined]  # noqa: SLF001  # whose certificate it must be
        server.starttls(context=ssl.create_default_context(cafile=certificate))
        server.ehlo()
        unknown, _ = server.mail("mitsumori@example.jp")
    return in_the_clear == unknown == _REFUSED


def mails_to(address: str, at: str) -> list[str]:
    """The subjects of what has come for *address*, by the list at *at*."""
    answer = httpx.get(f"{at}/api/v1/search", params={"query": f"to:{address}"}, trust_env=False)
    answer.raise_for_status()
    return [str(mail["Subject"]) for mail in answer.json()["messages"]]
