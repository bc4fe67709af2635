"""How drafts and the links to them are encrypted, so that only whoever holds their key can read them.

The key is in the browser's cookie, or in a link; it names the draft and opens it. What is stored is a hash of the key
and an encrypted value. Neither the database alone nor the database with our settings can open one.

What is stored must stay readable: neither the hashes nor the names inside may change.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final
from uuid import UUID, uuid5

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from pydantic import TypeAdapter

from services.intake.domain.copy import Copy
from services.intake.domain.draft import Draft

_HOST: Final = "host."
"""No other key has a stop in it."""
_IDS: Final = UUID("5b0e8d52-4f6a-5c1d-9d0a-7e2b91c4a6f3")
_COPY: Final = TypeAdapter(Copy)
_STORED: Final = tuple(field.name for field in fields(Draft) if field.name != "box")


def new_key() -> str:
    """128 random bits, for a cookie or a link."""
    return secrets.token_urlsafe(16)


def new_host_key() -> str:
    """As `new_key`, for a cookie that no other host can set: what is under it opens with no other cookie."""
    return _HOST + new_key()


def is_host_key(key: str) -> bool:
    """Whether *key* is from `new_host_key`."""
    return key.startswith(_HOST)


def stored_id(key: str) -> str:
    """What the database knows *key* by: a hash, from which the key cannot be found."""
    return hashlib.blake2b(key.encode(), digest_size=32, person=b"draft-name").hexdigest()


def id_about(key: str, about: str) -> str:
    """The id of something that is done with *key*: the same each time. Nobody finds *about* from it without the key."""
    return str(uuid5(_IDS, f"{key}:{about}"))


def encrypt_draft(key: str, draft: Draft) -> bytes:
    """*draft*, readable with *key* only."""
    # Not `asdict`, which copies every value: JSON takes them as they are.
    content = {name: getattr(draft, name) for name in _STORED}
    return encrypt(key, content | {"copy": draft.copy and _COPY.dump_python(draft.copy, mode="json")})


def decrypt_draft(key: str, encrypted: bytes) -> Draft | None:
    """The draft; None when *key* does not open it. Fields that this version does not know are ignored."""
    content = decrypt(key, encrypted)
    if content is None:
        return None
    known = {field.name: content[field.name] for field in fields(Draft) if field.name in content}
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    copy = known.get("copy") and _COPY.validate_python(known["copy"])
    return Draft(**(known | lists | {"box": encrypted, "copy": copy}))


def encrypt(key: str, content: Mapping[str, Any]) -> bytes:
    """*content* as JSON, readable with *key* only."""
    # As UTF-8, not as escapes: Japanese has half as many bytes so, and what is rare a third. JSON may hold half of a
    # surrogate pair, which no form can send; then it is written as it is read back.
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return bytes(SecretBox(_secret(key)).encrypt(plain))


def decrypt(key: str, encrypted: bytes) -> dict[str, Any] | None:
    """What was encrypted; None when *key* does not open it."""
    try:
        content: dict[str, Any] = json.loads(SecretBox(_secret(key)).decrypt(encrypted))
    except CryptoError:
        return None
    return content


def _secret(key: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=SecretBox.KEY_SIZE, person=b"draft-key").digest()
