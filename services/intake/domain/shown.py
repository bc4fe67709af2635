"""What a confirmation has shown: the page carries a mark of each thing on it, and comes back with them.

Between the page and its button a colleague may answer, another window may change an answer, and a release may change a
question or the purpose text. Only what was read is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class Shown:
    """A mark for each thing that is shown, by its name, in the order of the page."""

    marks: Mapping[str, str]

    @classmethod
    def of(cls, nonce: str, words: Mapping[str, tuple[str, ...]]) -> "Shown":
        """Of *words*, which are shown under these names. Without the draft's *nonce* nobody can make such marks."""
        return cls({name: _mark(nonce, (name, *shown)) for name, shown in words.items()})

    def __str__(self) -> str:
        return " ".join(self.marks.values())

    def changed_since(self, seen: object) -> frozenset[str]:
        """The names of what a page that carried *seen* did not show like this."""
        known = set(seen.split()) if isinstance(seen, str) else set()
        return frozenset(name for name, mark in self.marks.items() if mark not in known)


def _mark(nonce: str, words: tuple[str, ...]) -> str:
    # No label and no accepted answer holds the character between them.
    text = "\0".join(words).encode(errors="surrogatepass")
    return blake2b(text, digest_size=6, key=nonce.encode()).hexdigest()
