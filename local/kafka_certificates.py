"""The certificate of a Kafka that only our services reach: of an authority of our own, which they are told to trust."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    Certificate,
    CertificateBuilder,
    DNSName,
    KeyUsage,
    Name,
    NameAttribute,
    SubjectAlternativeName,
    SubjectKeyIdentifier,
    load_pem_x509_certificate,
    random_serial_number,
)
from cryptography.x509.oid import NameOID

from local.passwords import write_private

_AUTHORITY: Final = "Mitsumori Kafka CA"
_AUTHORITY_HOLDS: Final = timedelta(days=30 * 365)
_SERVER_HOLDS: Final = timedelta(days=10 * 365)
_RENEWED_BEFORE_ITS_END: Final = timedelta(days=365)
_CLOCKS_DIFFER: Final = timedelta(days=1)


def ensure_certificate(folder: Path, host: str, now: datetime) -> tuple[str, str]:
    """The authority's certificate, and the server's with its key, as PEM. *folder* keeps them; what is missing is made.

    The server's is made anew for another *host*, and in the last year before it ends; whoever trusts the authority
    trusts that one too.
    """
    authority, server = folder / "kafka-ca.pem", folder / "kafka-server.pem"
    if not authority.exists():
        key = generate_private_key(SECP256R1())
        write_private(authority, _pem(key, _certificate(_name(_AUTHORITY), key, _name(_AUTHORITY), key, now=now)))
    certificate = _certificate_in(authority)
    if not server.exists() or not _is_good(_certificate_in(server), host, now):
        key = generate_private_key(SECP256R1())
        signer = load_pem_private_key(authority.read_bytes(), None)
        assert isinstance(signer, EllipticCurvePrivateKey)  # noqa: S101  # it was made here
        write_private(
            server, _pem(key, _certificate(_name(host), key, certificate.subject, signer, now=now, host=host))
        )
    return certificate.public_bytes(Encoding.PEM).decode(), server.read_text("ascii")


def _certificate_in(path: Path) -> Certificate:
    return load_pem_x509_certificate(path.read_bytes())


def _is_good(certificate: Certificate, host: str, now: datetime) -> bool:
    names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value.get_values_for_type(DNSName)
    return host in names and certificate.not_valid_after_utc - _RENEWED_BEFORE_ITS_END > now


def _certificate(
    name: Name,
    key: EllipticCurvePrivateKey,
    issuer: Name,
    signer: EllipticCurvePrivateKey,
    *,
    now: datetime,
    host: str | None = None,
) -> Certificate:
    """Of a server called *host*; without one, of an authority."""
    made = (
        CertificateBuilder(issuer, name, key.public_key(), random_serial_number())
        .not_valid_before(now - _CLOCKS_DIFFER)
        .not_valid_after(now + (_SERVER_HOLDS if host else _AUTHORITY_HOLDS))
        .add_extension(BasicConstraints(ca=host is None, path_length=None if host else 0), critical=True)
        .add_extension(_usage(signs_certificates=host is None), critical=True)
        # Newer versions of Python ask for these two.
        .add_extension(SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    if host:
        made = made.add_extension(SubjectAlternativeName([DNSName(host)]), critical=False)
    return made.sign(signer, SHA256())


def _usage(*, signs_certificates: bool) -> KeyUsage:
    return KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(text: str) -> Name:
    return Name([NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(key: EllipticCurvePrivateKey, certificate: Certificate) -> str:
    """The key first: a reader of certificates passes over it."""
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (secret + certificate.public_bytes(Encoding.PEM)).decode()
