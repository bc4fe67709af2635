"""`mitsumori keys rotate`, `reseal` and `retire`: what becomes of a key (docs/adr/0034-rotating-keys.md)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from cli.errors import exit_on_error
from cli.moments import in_japan
from cli.options import DEFAULT_DATA, Data, Kafka, Mongo, running_kafka, running_mongo
from local.data_folder import DataFolder
from local.key_rotation import AWAY, NamedKey, move_away, named_key
from local.key_rotation import rotate as rotate_key
from local.key_uses import OnTopics, Uses, sign_again, uses_in_ledgers, uses_on_topics
from local.key_uses import Progress as Show
from local.key_uses import reseal as reseal_parcels
from local.ledgers import open_ledgers
from shared.clock import utc_now
from shared.errors import Invalid
from shared.events import KEPT_FOR_GOOD

Name = Annotated[str, typer.Argument(metavar="鍵", help="秘密鍵のファイル名 (例: rating-1.key、rating-1.sign)")]
Folder = Annotated[Path | None, typer.Option("--folder", help="すべてのサービスの鍵のフォルダ。省略時は DATA/keys")]
_WAIT: Final = "記録の保持期間(14 日)が終わるのを待つ。"


@exit_on_error()
def rotate(name: Name, folder: Folder = None, data: Data = DEFAULT_DATA) -> None:
    """この鍵に代わる、次の番号の鍵を作り、関係するサービスに渡す (make the next key; safe to repeat)."""
    key = _named(folder, data, name)
    newest, is_new = rotate_key(key)
    holder, others = key.kind.holder, [one for one in key.kind.writers if one != key.kind.holder]
    print(f"{newest.name} を作りました。" if is_new else f"{newest.name} があります。足りないところへ渡しました。")
    if others:
        print(f"{holder} をすべて再起動してから、{'、'.join(others)} を再起動してください。新しい鍵が使われます。")
    else:
        print(f"{holder} を再起動してください。新しい鍵で署名します。")
    print(f"{name} はそのまま残っています。片付けるときは mitsumori keys retire {name} を実行します。")


@exit_on_error()
def reseal(name: Name, folder: Folder = None, data: Data = DEFAULT_DATA, mongo: Mongo = None) -> None:
    """この鍵で封をした記録を、最新の鍵に移す (seal what is stored anew; may be stopped and repeated)."""
    key = _replaced(_named(folder, data, name))
    with open_ledgers(mongo or running_mongo(data)) as client:
        if key.kind.signs:
            count = sign_again(client, key)
            print(f"保持期間のない記録 {count:,} 件を、新しい署名で渡し直します。数秒で終わります。")
            return
        with _shown("移しています") as show:
            done = reseal_parcels(client, key, show)
    for place, count in sorted((+done).items()):
        print(f"  {place}\t{count:,} 件")
    print(f"{done.total():,} 件を {key.newest.name} に移しました。")


@exit_on_error()
def retire(
    name: Name,
    *,
    folder: Folder = None,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    kafka: Kafka = None,
    leaked: Annotated[bool, typer.Option("--leaked", help="漏えいしたとき: トピックの記録を待たない")] = False,
) -> None:
    """この鍵が不要であれば、サービスから外す。必要なら、何に必要かを示す (exit 1: something still needs it)."""
    key = _replaced(_named(folder, data, name))
    if key.is_retired:
        print(f"{name} は、すでに外してあります({key.secret})。")
        return
    address = kafka or running_kafka(data)
    if address is None:
        raise Invalid("Kafka の接続先が分かりません。MITSUMORI_KAFKA に指定してください。")
    on_topics = uses_on_topics(address, key)
    with open_ledgers(mongo or running_mongo(data)) as client, _shown("調べています") as show:
        uses = uses_in_ledgers(client, key, utc_now(), show, on_topics.sealed_last)
    blocking = [*_needs(uses, key), *(() if leaked else _needed_on_topics(on_topics, key))]
    if blocking:
        print(f"[要対応] {name} は、まだ必要です。外していません。")
        for line in blocking:
            print(f"  {line}")
        raise typer.Exit(1)
    for path in move_away(key):
        print(f"  {path}")
    if left := on_topics.records.total():
        print(f"トピックの記録 {left:,} 件は、もう読み直せません。保持期間が終わるまで残ります。")
    print(
        f"{name} を、サービスから外しました。ファイルは消していません。サービスの鍵の写しとともに、このサーバーの外に"
        f"保管してください。{AWAY} フォルダから元の場所に戻せば、また使えます。"
    )


def _needs(uses: Uses, key: NamedKey) -> Iterator[str]:
    yield from _lines(uses.stored, f"mitsumori keys reseal {key.name} で、{key.newest.name} に移す。")
    yield from _lines(uses.set_aside, "mitsumori dead list で確かめ、retry か discard で終わらせる。")
    if uses.drafts and uses.drafts_until:
        yield f"書きかけのフォーム\t{uses.drafts:,} 件 → {in_japan(uses.drafts_until)} まで待つ。"


def _needed_on_topics(on_topics: OnTopics, key: NamedKey) -> Iterator[str]:
    for topic, count in sorted(on_topics.records.items()):
        again = f"mitsumori keys reseal {key.name} で、署名し直す。"
        yield from _lines({f"トピック {topic}": count}, again if topic in KEPT_FOR_GOOD else _WAIT)


def _lines(counts: Mapping[str, int], what_to_do: str) -> Iterator[str]:
    for place, count in sorted(counts.items()):
        if count:
            yield f"{place}\t{count:,} 件 → {what_to_do}"


def _named(folder: Path | None, data: Path, name: str) -> NamedKey:
    return named_key(folder or DataFolder(data).keys, name)


def _replaced(key: NamedKey) -> NamedKey:
    """*key*, if it has a successor. Raises `Invalid`."""
    if key.newest.id == key.id:
        raise Invalid(f"{key.name} は使用中の鍵です。先に mitsumori keys rotate {key.name} を実行してください。")
    return key


@contextmanager
def _shown(what: str) -> Iterator[Show]:
    """A bar on a terminal, and nothing elsewhere."""
    screen = Console(stderr=True)
    with Progress(console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
