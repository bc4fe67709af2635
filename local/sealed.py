"""Finds what is sealed with one key in a document, and seals it anew: for `mitsumori keys reseal` and `retire`.

A parcel is found by its shape, wherever it stands, also in the text of an event that waits in an outbox or could be
published again. So what a later version seals is found without a list of places that somebody must keep.
"""

import base64
import json
import re
from binascii import b2a_base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

_IN_TEXT: Final = re.compile(r'"key":\s*"(?P<key>[a-z]+-\d+)",\s*"box":\s*"(?P<box>[A-Za-z0-9+/=]+)"')
"""In JSON as our events are written. Within a value its quotes would stand behind backslashes, so it is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """What must stand in a document for it to be changed, and what stands there afterwards, by dotted paths."""

    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """Seals what the secret key *old* opens for *new*. What it does not open needs it no more than any other key."""

    old_id: str
    old: PrivateKey
    new_id: str
    new: PublicKey

    def count(self, value: object) -> int:
        """How many parcels in *value* the old key opens."""
        if isinstance(value, bytes | str):
            return sum(map(self.count, _parsed(value, self.old_id)))
        return sum(
            self._opened(found["box"]) is not None if isinstance(found, Mapping) else self.count(found)
            for _, found in self._places(value, ())
        )

    def changes(self, document: Mapping[str, Any]) -> list[Change]:
        """What seals its parcels anew, and touches nothing else in it. One that cannot be opened is left as it is."""
        changes = []
        for path, found in self._places(document, ()):
            name = ".".join(path)
            if isinstance(found, str):
                renewed = _IN_TEXT.sub(self._renewed_text, found)
                if renewed != found:
                    changes.append(Change({name: found}, {name: renewed}))
            elif box := self._renewed(found["box"]):
                before = {f"{name}.key": self.old_id, f"{name}.box": found["box"]}
                changes.append(Change(before, {f"{name}.key": self.new_id, f"{name}.box": box}))
        return changes

    def _places(self, value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        """The parcels under the old key, and the texts that name it."""
        match value:
            case {"key": self.old_id, "box": str()}:
                yield path, value
            case Mapping():
                for name, one in value.items():
                    yield from self._places(one, (*path, str(name)))
            case list():
                for place, one in enumerate(value):
                    yield from self._places(one, (*path, str(place)))
            case str() if f'"{self.old_id}"' in value:
                yield path, value

    def _renewed_text(self, found: re.Match[str]) -> str:
        box = self._renewed(found["box"]) if found["key"] == self.old_id else None
        return found[0] if box is None else found[0].replace(found["box"], box).replace(self.old_id, self.new_id, 1)

    def _renewed(self, box: str) -> str | None:
        plain = self._opened(box)
        return None if plain is None else b2a_base64(SealedBox(self.new).encrypt(plain), newline=False).decode("ascii")

    def _opened(self, box: str) -> bytes | None:
        try:
            return SealedBox(self.old).decrypt(base64.b64decode(box, validate=True))
        except (CryptoError, ValueError):
            return None


def _parsed(text: bytes | str, key_id: str) -> Iterator[object]:
    """What a text that names this key says as JSON; nothing where it is none."""
    raw = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if f'"{key_id}"'.encode() in raw:
        try:
            yield json.loads(raw)
        except (ValueError, RecursionError):
            return
