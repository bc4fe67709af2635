"""The files of a key that is replaced by the next one, and of one that nobody needs any more.

What may be retired is decided elsewhere (key_uses.py). Every step can be repeated, and a kill between two of them
leaves nothing that a service trips over (docs/adr/0034-rotating-keys.md).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from local.keys import KINDS, KeyKind, add_pair, hand_out
from local.passwords import write_private
from shared.errors import Invalid
from shared.runtime.derived_keys import ENDING, to_keep
from shared.runtime.key_files import key_files, number_of, read_key

AWAY: Final = "retired"
"""The folder, within that of each service, to which files are moved. No service looks into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedKey:
    """A pair, by the name of its secret file (`rating-1.key`, `rating-1.sign`), in the folder of all services' keys."""

    folder: Path
    kind: KeyKind
    id: str

    @property
    def name(self) -> str:
        """The name of its secret file, which tells a pair of parcels from one of signatures with the same id."""
        return f"{self.id}.{self.kind.held_as}"

    @property
    def secret(self) -> Path:
        """Where its secret file is, also when it was moved away."""
        own = self.folder / self.kind.holder
        return own / self.name if (own / self.name).exists() else own / AWAY / self.name

    @property
    def newest(self) -> "NamedKey":
        """The pair that is used now, or from the next start."""
        newest = key_files(self.folder / self.kind.holder, self.kind.owner, self.kind.held_as)[-1]
        return NamedKey(folder=self.folder, kind=self.kind, id=newest.stem)

    @property
    def successor(self) -> "NamedKey":
        """The pair that took its place, perhaps not the newest any more; itself while there is none."""
        own = number_of(self.id, self.kind.owner) or 0
        there = [path.stem for path in key_files(self.folder / self.kind.holder, self.kind.owner, self.kind.held_as)]
        later = (key_id for key_id in there if (number_of(key_id, self.kind.owner) or 0) > own)
        return NamedKey(folder=self.folder, kind=self.kind, id=next(later, self.id))

    @property
    def is_retired(self) -> bool:
        """Whether nothing of it is left where a service would find it."""
        return not any(path.exists() for path in (self.folder / self.kind.holder / self.name, *self._public()))

    def _public(self) -> list[Path]:
        return [self.folder / service / f"{self.id}.{self.kind.given_as}" for service in self.kind.others]


def named_key(folder: Path, name: str) -> NamedKey:
    """The pair whose secret file is called so. Raises `Invalid` with a sentence that names those that there are."""
    key_id, _, ending = name.rpartition(".")
    for kind in KINDS:
        if kind.held_as == ending and number_of(key_id, kind.owner) is not None:
            found = NamedKey(folder=folder, kind=kind, id=key_id)
            if found.secret.is_file():
                return found
    there = [path.name for kind in KINDS for path in key_files(folder / kind.holder, kind.owner, kind.held_as)]
    if not there:
        raise Invalid(f"{folder} に鍵がありません。すべてのサービスの鍵のフォルダを --folder に指定してください。")
    raise Invalid(f"{name} という鍵はありません。次のどれかを指定してください: {'、'.join(there)}")


def rotate(key: NamedKey) -> tuple[NamedKey, bool]:
    """The pair that takes the place of *key*, and whether it was made now. Made once, however often this is repeated.

    Its readers have it before its writers, whatever happens in between.
    """
    if key.newest.id == key.id:
        add_pair(key.folder, key.kind)
        return key.newest, True
    hand_out(key.folder, key.kind, key.newest.secret)
    return key.newest, False


def move_away(key: NamedKey) -> list[Path]:
    """Move all of *key* to where no service looks. Returns where what was moved is now. Safe to repeat.

    Nobody must need it any more. What was derived from it is kept first, in a file of its own. Then the secret goes,
    from which public halves would be handed out again.
    """
    # A rotation that was cut off has perhaps not given the newest one to all who seal with it.
    hand_out(key.folder, key.kind, key.newest.secret)
    own, public = key.folder / key.kind.holder / key.name, key._public()  # noqa: SLF001  # its own file
    if not key.kind.signs and own.exists():
        write_private(own.with_suffix(f".{ENDING}"), to_keep(read_key(own)))
    moved = []
    for path in (own, *public):
        if path.exists():
            away = path.parent / AWAY / path.name
            away.parent.mkdir(mode=0o700, exist_ok=True)
            path.rename(away)
            moved.append(away)
    return moved
