"""The keys that letters are signed with: files `mitsumori_dkim_<selector>.pem` in the folder of keys, or none.

The name of a file has the selector under which its public half is in the DNS, so the two cannot be mixed up. Every key
that is there signs: a new one is added beside the old, which is removed once every receiver can know the new one.
"""

import hashlib
import re
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from services.notify.domain.dkim import Dkim, DkimKey
from shared.mail_address import domain_of

RSA_BITS: Final = 2048
"""The smallest key that signs: some receivers take no smaller one (RFC 8301 allows 1024)."""
_PREFIX: Final = "mitsumori_dkim_"
_SELECTOR: Final = re.compile(r"(?=.{1,63}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_Private = RSAPrivateKey | Ed25519PrivateKey


def load_dkim(folder: Path, sender: str) -> Dkim:
    """What signs letters from *sender*. Raises `ValueError`, which names the file that is no key for that."""
    keys = tuple(_signing(path.stem.removeprefix(_PREFIX), _read(path)) for path in _key_files(folder))
    domain = domain_of(sender)
    if keys and ("." not in domain or domain.startswith("[")):
        raise ValueError(f"{folder} has a DKIM key, and MITSUMORI_MAIL_FROM no domain that could have its public half")
    return Dkim(domain, keys)


def dkim_records(folder: Path) -> dict[str, str]:
    """Selector → the TXT record at `<selector>._domainkey.<domain>`. Raises `ValueError` as `load_dkim` does."""
    return {path.stem.removeprefix(_PREFIX): record_of(_read(path)) for path in _key_files(folder)}


def dkim_file(folder: Path, selector: str) -> Path:
    """Where the key of *selector* is kept. Raises `ValueError` for what cannot be one."""
    if not _SELECTOR.fullmatch(selector):
        raise ValueError("a selector has up to 63 of a-z, 0-9 and -, such as 202611")
    return folder / f"{_PREFIX}{selector}.pem"


def record_of(key: _Private) -> str:
    """The content of the TXT record that publishes the public half of *key*."""
    public = key.public_key()
    if isinstance(key, Ed25519PrivateKey):
        kind, content = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        kind, content = "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k={kind}; p={b64encode(content).decode('ascii')}"


def _key_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_PREFIX}*.pem"))


def _read(path: Path) -> _Private:
    dkim_file(path.parent, path.stem.removeprefix(_PREFIX))
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        # Without the error before it, which may quote what the file holds.
        raise ValueError(f"{path} is no DKIM key: a private key in PEM, without a password") from None
    if isinstance(key, RSAPrivateKey) and key.key_size < RSA_BITS:
        raise ValueError(
            f"{path} has {key.key_size} bits; a DKIM key needs {RSA_BITS}: `mitsumori keys dkim` makes one"
        )
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError(f"{path} is no DKIM key: RSA or Ed25519")  # noqa: TRY004  # the file is wrong, not a caller
    return key


def _signing(selector: str, key: _Private) -> DkimKey:
    if isinstance(key, RSAPrivateKey):
        return DkimKey(selector, "rsa-sha256", partial(key.sign, padding=PKCS1v15(), algorithm=SHA256()))
    # Of the digest (RFC 8463, 3).
    return DkimKey(selector, "ed25519-sha256", lambda data: key.sign(hashlib.sha256(data).digest()))
