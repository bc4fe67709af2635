"""Whether each service has its keys, alone, and those of its partners fit them (docs/adr/0003, 0015)."""

from collections.abc import Iterator
from typing import Final

from local.doctor.check import Problem, check
from local.doctor.facts import KeyFile, Keys
from local.keys import KINDS, KeyKind

_OTHERS: Final = 0o077
_SECRET: Final = (".key", ".sign", ".derived", ".pem")
_SETTING: Final = "mitsumori_"
_DKIM: Final = "mitsumori_dkim_"
_IN_CONTAINERS: Final = "(コンテナでは docker compose up keys)"
_RUN_IN_CONTAINER: Final = "docker compose run --rm -T --no-deps --entrypoint"
"""`/keys` of a service is read-only there; `keys` may write to the folders of all."""


@check(Keys, "keys-there", "各サービスに必要な鍵がある")
def keys_there(keys: Keys) -> Iterator[Problem]:
    """A service does not start without one."""
    for kind in KINDS:
        wanted = {kind.holder: kind.held_as, **{other: kind.given_as for other in kind.others if other != kind.holder}}
        for service, ending in wanted.items():
            if service in keys.folders and not _of(keys, service, kind, ending):
                yield Problem(
                    f"{service} の鍵のフォルダに {kind.owner} の鍵({kind.owner}-1.{ending} など)がありません。",
                    _missing(kind, ending),
                )


@check(Keys, "keys-whole", "鍵のファイルが壊れていない")
def keys_whole(keys: Keys) -> Iterator[Problem]:
    """A broken file is left out, and the service goes on with the others."""
    for kind in KINDS:
        for service in keys.folders:
            for ending in (kind.held_as, kind.given_as):
                for file in _of(keys, service, kind, ending):
                    if file.public is None:
                        yield Problem(
                            f"{service} の鍵のファイル {file.name} が壊れています。",
                            "バックアップから戻してください。"
                            f"公開鍵は、削除すれば mitsumori keys new --missing {_IN_CONTAINERS}で作れます。",
                        )


@check(Keys, "keys-private", "秘密鍵とパスワードのファイルを、持ち主だけが読める")
def keys_private(keys: Keys) -> Iterator[Problem]:
    """Other users of the machine must not be able to open parcels or to sign."""
    for service, files in keys.folders.items():
        for file in files:
            if _is_secret(file) and file.mode & _OTHERS:
                yield Problem(
                    f"{service} の {file.name} を、ほかの利用者が読めます(権限 {file.mode:04o})。",
                    f"chmod 600 で {service} の {file.name} を持ち主だけのものにし(コンテナでは"
                    f" {_RUN_IN_CONTAINER} chmod keys 600 /keys/{service}/{file.name})、読まれた恐れがあれば"
                    " mitsumori keys rotate で鍵を取り替えてください。",
                )


@check(Keys, "keys-owner", "鍵のファイルの持ち主が、フォルダの持ち主と同じである")
def keys_owner(keys: Keys) -> Iterator[Problem]:
    """A key that root has copied in cannot be read by the service."""
    for service, files in keys.folders.items():
        for file in files:
            if not file.is_its_folders_owner:
                path = f"/keys/{service}/{file.name}"
                yield Problem(
                    f"{service} の {file.name} の持ち主が、フォルダの持ち主と異なります。",
                    f"chown --reference=(フォルダ) で、{file.name} の持ち主をフォルダと同じにしてください"
                    f"(コンテナでは置き直します: {_RUN_IN_CONTAINER} sh keys -c"
                    f" 'umask 077; rm -f {path}; cat > {path}' < {file.name})。",
                )


@check(Keys, "keys-pairs", "公開鍵と秘密鍵が組になっている")
def keys_pairs(keys: Keys) -> Iterator[Problem]:
    """With a wrong pair nobody can open what is sealed, and every signature is refused."""
    for kind in KINDS:
        if kind.holder not in keys.folders:
            continue
        held = {_id(file): file.public for file in _of(keys, kind.holder, kind, kind.held_as) if file.public}
        for service in keys.folders:
            for file in _of(keys, service, kind, kind.given_as):
                if file.public and held.get(_id(file), file.public) != file.public:
                    yield Problem(
                        f"{service} の {file.name} は、{kind.holder} の {_id(file)}.{kind.held_as} と組になりません。",
                        f"どちらが正しいかを確かめてください。秘密鍵が正しければ、{service} の {file.name} を削除し、"
                        f"mitsumori keys new --missing {_IN_CONTAINERS}を実行して {service} を再起動します。",
                    )


@check(Keys, "keys-known-to-readers", "使われている鍵を、読む側のサービスも持っている")
def readers_have_keys(keys: Keys) -> Iterator[Problem]:
    """What is sealed or signed with a key that its reader does not have waits, or is set aside."""
    for kind in KINDS:
        given = {
            service: _ids(keys, service, kind, kind.given_as) for service in kind.others if service in keys.folders
        }
        if kind.holder not in keys.folders:
            continue
        held = _ids(keys, kind.holder, kind, kind.held_as)
        if kind.signs:
            lacking = [(service, key, kind.given_as) for service, has in given.items() for key in _newest(held) - has]
        else:
            used = {key for has in given.values() for key in _newest(has)}
            lacking = [(kind.holder, key, kind.held_as) for key in used - held]
        for service, key, ending in sorted(lacking):
            yield Problem(
                f"使われている鍵 {key} を、{service} が持っていません({key}.{ending})。",
                f"{key}.{ending} を {service} の鍵のフォルダに置いてください。再起動は不要です"
                "(docs/operating/repair.md の 3)。",
            )


@check(Keys, "keys-not-shared", "秘密鍵が、ほかのサービスのフォルダにない")
def keys_not_shared(keys: Keys) -> Iterator[Problem]:
    """Whoever breaks into one service must not be able to be another, or to read what is sealed for it."""
    mine = {(f"{kind.owner}-", f".{kind.held_as}"): kind.holder for kind in KINDS} | {(_DKIM, ".pem"): "notify"}
    for service, files in keys.folders.items():
        for file in files:
            for (start, ending), holder in mine.items():
                if file.name.startswith(start) and file.name.endswith(ending) and service != holder:
                    yield Problem(
                        f"{holder} だけの秘密鍵 {file.name} が、{service} の鍵のフォルダにあります。",
                        f"{service} のフォルダから削除し、mitsumori keys rotate で取り替えてください。",
                    )


def _missing(kind: KeyKind, ending: str) -> str:
    if ending == kind.held_as and not kind.signs:
        return "バックアップから戻してください。この鍵で暗号化された記録は、ほかの鍵では開けません。"
    return f"mitsumori keys new --missing (鍵のフォルダ) を実行してください{_IN_CONTAINERS}。"


def _of(keys: Keys, service: str, kind: KeyKind, ending: str) -> list[KeyFile]:
    """The files of a kind; without somebody's copies, such as `rating-1-old.key`."""
    start, end = f"{kind.owner}-", f".{ending}"
    return [
        file
        for file in keys.folders[service]
        if file.name.startswith(start)
        and file.name.endswith(end)
        and file.name.removeprefix(start).removesuffix(end).isdecimal()
    ]


def _ids(keys: Keys, service: str, kind: KeyKind, ending: str) -> set[str]:
    return {_id(file) for file in _of(keys, service, kind, ending)}


def _id(file: KeyFile) -> str:
    return file.name.rpartition(".")[0]


def _newest(ids: set[str]) -> set[str]:
    """Whoever writes uses this one."""
    return {max(ids, key=lambda key: int(key.rpartition("-")[2]))} if ids else set()


def _is_secret(file: KeyFile) -> bool:
    return file.name.startswith(_SETTING) or file.name.endswith(_SECRET)


CHECKS: Final = (keys_there, keys_whole, keys_private, keys_owner, keys_pairs, readers_have_keys, keys_not_shared)
