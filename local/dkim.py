"""Makes the keys that notify signs letters with (docs/mail.md). They are made only when an operator asks for one.

Unlike other keys, they are of no use until their public half is in the DNS, where no program of ours writes.
"""

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local.passwords import write_private
from services.notify.adapters.dkim_keys import RSA_BITS, dkim_file, record_of
from shared.errors import Invalid


def add_dkim_key(folder: Path, selector: str, *, ed25519: bool = False) -> str:
    """Add the key of *selector* to those of notify under *folder*; returns the TXT record for its public half.

    Raises `Invalid` for what cannot be a selector, and for one that has a key.
    """
    try:
        path = dkim_file(folder / "notify", selector)
    except ValueError:
        raise Invalid("セレクタには、英小文字、数字、ハイフンを 63 文字まで使えます (例: 202611)。") from None
    if path.exists():
        raise Invalid(f"{path} があります。使用中の鍵は置き換えず、別のセレクタで新しい鍵を加えてください。")
    key = Ed25519PrivateKey.generate() if ed25519 else generate_private_key(65_537, RSA_BITS)
    write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii"))
    return record_of(key)
