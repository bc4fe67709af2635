"""The next key takes the place of one, and one that nobody needs goes: in an order in which a kill does no harm."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from local.key_rotation import move_away, named_key, rotate
from local.keys import KINDS, ensure_keys
from services.registry import SERVICES
from shared.errors import Invalid
from shared.runtime.derived_keys import derived_keys
from shared.runtime.parcels import load_parcel_opener, load_sealer
from shared.runtime.signatures import load_signer, load_verifier

NAMES = [f"{kind.owner}-1.{kind.held_as}" for kind in KINDS]
CONTACT = {"company": "見本"}
HEADERS = dict.fromkeys(("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time"), "x")
TOPIC = {"rating": "mitsumori.quotes.v1", "dashboard": "mitsumori.desk.v1"}


class Killed(BaseException):
    """As if the process had been killed here."""


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "keys")
    return tmp_path / "keys"


def everybody_understands_everybody(folder: Path) -> None:
    """What any service seals or signs with the keys that it would start with is opened and verified by its readers."""
    for service in SERVICES:
        sealer = load_sealer(folder / service.name, service.seals_for)
        for reader in SERVICES:
            if reader.opens in service.seals_for:
                parcel = sealer.seal(str(reader.opens), CONTACT)
                assert load_parcel_opener(folder / reader.name, str(reader.opens)).open(parcel) == CONTACT
        if service.signs:
            signed = load_signer(folder / service.name, service.name).sign(TOPIC[service.name], b"k", HEADERS, b"b")
            for reader in SERVICES:
                if service.name in reader.trusts:
                    verifier = load_verifier(folder / reader.name, reader.trusts)
                    verifier.verify(TOPIC[service.name], b"k", {**HEADERS, "ce_signature": signed}, b"b")


def killed_after(steps: int, monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> bool:
    """Do *work* until it has given a file its name so many times. False: it ended before."""
    left, original = [steps], Path.rename

    def rename(self: Path, target: Path) -> Path:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return original(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        try:
            work()
        except Killed:
            return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_the_next_key_is_made_once_and_handed_to_whom_it_concerns(keys: Path, name: str) -> None:
    key = named_key(keys, name)
    before = {path: path.read_bytes() for path in keys.glob("*/*")}

    (newest, is_new), (again, is_new_again) = rotate(key), rotate(key)

    assert (newest.id, again.id, is_new, is_new_again) == (f"{key.kind.owner}-2",) * 2 + (True, False)
    added = {path for path in keys.glob("*/*") if path not in before}
    assert added == {newest.secret, *(keys / one / f"{newest.id}.{key.kind.given_as}" for one in key.kind.others)}
    assert {path: path.read_bytes() for path in before} == before
    everybody_understands_everybody(keys)


@pytest.mark.parametrize("name", NAMES)
def test_a_rotation_can_be_killed_anywhere_and_repeated(keys: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = keys.with_name("whole")
    shutil.copytree(keys, whole)
    for steps in range(10):
        shutil.rmtree(keys)
        shutil.copytree(whole, keys)
        if not killed_after(steps, monkeypatch, lambda: rotate(named_key(keys, name))):
            break
        everybody_understands_everybody(keys)

        newest, _ = rotate(named_key(keys, name))

        everybody_understands_everybody(keys)
        assert newest.id != named_key(keys, name).id
        assert all((keys / one / f"{newest.id}.{newest.kind.given_as}").exists() for one in newest.kind.others)
    assert 1 < steps < 9, "nothing was killed"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_moved_away_is_kept_and_no_service_finds_it(keys: Path, name: str) -> None:
    key = named_key(keys, name)
    contents = {path.name: path.read_bytes() for path in keys.glob(f"*/{key.id}.*")}
    rotate(key)

    moved, again = move_away(key), move_away(key)

    kept = {path.name: path.read_bytes() for path in moved}
    assert kept == {one: content for one, content in contents.items() if one in kept}
    assert set(kept) == {key.name, f"{key.id}.{key.kind.given_as}"}
    assert {path.parent.name for path in moved} == {"retired"}
    assert {path.parent.stat().st_mode & 0o777 for path in moved} == {0o700}
    assert (again, key.is_retired, named_key(keys, name).is_retired) == ([], True, True)
    assert not list(keys.glob(f"*/{key.name}")) + list(keys.glob(f"*/{key.id}.{key.kind.given_as}"))
    everybody_understands_everybody(keys)


@pytest.mark.parametrize("name", NAMES)
def test_whoever_seals_has_the_newest_key_before_the_old_one_is_moved_away(keys: Path, name: str) -> None:
    """The rotation was cut off, and nobody has repeated it: at its next start the form had no key to seal with."""
    key = named_key(keys, name)
    newest, _ = rotate(key)
    for path in keys.glob(f"*/{newest.id}.{key.kind.given_as}"):
        path.unlink()

    move_away(key)

    assert all((keys / one / f"{newest.id}.{key.kind.given_as}").exists() for one in key.kind.others)


@pytest.mark.parametrize("name", NAMES)
def test_moving_away_can_be_killed_anywhere_and_repeated(
    keys: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(named_key(keys, name))
    whole = keys.with_name("whole")
    shutil.copytree(keys, whole)
    for steps in range(10):
        shutil.rmtree(keys)
        shutil.copytree(whole, keys)
        if not killed_after(steps, monkeypatch, lambda: move_away(named_key(keys, name))):
            break
        everybody_understands_everybody(keys)
        ensure_keys(keys)  # The next start of the launcher may come before the next try.

        move_away(named_key(keys, name))

        assert named_key(keys, name).is_retired
        everybody_understands_everybody(keys)
    assert 1 < steps < 9, "nothing was killed"


def test_links_in_old_mails_and_wishes_for_no_news_outlive_the_key(keys: Path) -> None:
    before = derived_keys(keys / "notify", "notify", "news-links")
    key = named_key(keys, "notify-1.key")
    rotate(key)

    move_away(key)

    after = derived_keys(keys / "notify", "notify", "news-links")
    assert list(after) == ["notify-1", "notify-2"]
    assert after["notify-1"] == before["notify-1"]
    kept = keys / "notify" / "notify-1.derived"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_put_back_is_used_again(keys: Path) -> None:
    key = named_key(keys, "desk-1.key")
    parcel = load_sealer(keys / "intake", ["desk"]).seal("desk", CONTACT)
    rotate(key)

    for path in move_away(key):
        path.rename(path.parent.parent / path.name)

    assert load_parcel_opener(keys / "dashboard", "desk").open(parcel) == CONTACT
    assert not named_key(keys, "desk-1.key").is_retired


@pytest.mark.parametrize("name", ["rating-1", "rating-1.pub", "rating-9.key", "../rating-1.key", "intake-1.key", ""])
def test_a_name_that_is_none_is_answered_with_those_that_there_are(keys: Path, name: str) -> None:
    with pytest.raises(Invalid, match=r"rating-1\.key、notify-1\.key、desk-1\.key、rating-1\.sign、dashboard-1\.sign"):
        named_key(keys, name)


def test_a_folder_of_one_service_is_not_taken_for_that_of_all(keys: Path) -> None:
    with pytest.raises(Invalid, match="すべてのサービスの鍵のフォルダ"):
        named_key(keys / "rating", "rating-1.key")
