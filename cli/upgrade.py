"""`mitsumori upgrade`: what an update needs and changes; and its end, after which there is no way back."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, Products, running_mongo
from cli.version import version
from local.doctor.check import Line
from local.doctor.diagnose import diagnose
from local.doctor.surroundings import Surroundings, look_around
from local.upgrade import ORDER, ReadModel, StoredData, finish, hand_back, read_model, stored_data
from services.registry import ServiceName
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products import load_products
from shared.runtime.adapters.mongo_migrations import Step

NEEDED: Final = frozenset(
    {
        *("settings-load", "keys-there", "keys-whole", "keys-known-to-readers", "disk-data", "disk-mongo"),
        *("mongo-there", "mongo-primary", "mongo-majority", "mongo-version"),
        *("kafka-there", "kafka-topics", "kafka-leaders", "outbox-parked", "dead-letters", "waiting-for-keys"),
        *("products-load", "products-tariffs", "products-brochures", "products-letters", "form-versions", "libraries"),
    }
)
"""The checks of `mitsumori doctor` that an update must not be begun without."""
_ALL: Final = tuple(map(str, ServiceName))
_MINUTE_S: Final = 60


@exit_on_error()
def upgrade(
    *,
    check: Annotated[bool, typer.Option("--check", help="更新の前後に調べる。何も変えない")] = False,
    back: Annotated[
        bool, typer.Option("--back", help="前のバージョンに戻す準備をする(dashboard を止めてから)")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="実際に終える。付けないと、変わるものを示すだけ")] = False,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    as_json: AsJson = False,
) -> None:
    """更新を調べる(--check)、戻す準備をする(--back)、終える(--yes) (before, after and back from an update)."""
    around, uri = look_around(data), mongo or running_mongo(data)
    if not check and around.services != _ALL:
        raise Invalid(
            "すべてのデータベースを変更できる接続先で実行してください"
            "(コンテナでは docker compose run --rm --no-deps topics upgrade)。"
        )
    if check + back + yes > 1:
        raise Invalid("--check、--back、--yes は、一つだけ指定してください。")
    if back:
        asyncio.run(hand_back(uri))
        print(
            "前のバージョンに戻す準備ができました。前のバージョンの dashboard が、起動後に一覧のデータを作り直します。"
        )
        return
    if yes:
        _print_done(asyncio.run(finish(uri, _ALL)))
        return
    stored = asyncio.run(stored_data(uri, around.services))
    model, lines = asyncio.run(_surroundings(uri, around, products)) if check else (None, [])
    (_print_json if as_json else _print)(stored, model, lines)
    if any(one.too_new or one.is_half_restored for one in stored) or any(line.state == "wrong" for line in lines):
        raise typer.Exit(1)


async def _surroundings(uri: str, around: Surroundings, products: Path | None) -> tuple[ReadModel | None, list[Line]]:
    """Products that cannot be loaded are one of the lines, and leave the rules of the read model unknown."""
    lines = [line for line in await diagnose(around, utc_now) if line.check in NEEDED]
    loads = not any(line.check == "products-load" and line.state == "wrong" for line in lines)
    has_model = loads and ServiceName.dashboard in around.services
    return await read_model(uri, load_products(products)) if has_model else None, lines


def _print(stored: Sequence[StoredData], model: ReadModel | None, lines: Sequence[Line]) -> None:
    print(f"このコマンドのバージョン: {version()}")
    for one in stored:
        _print_data(one)
    if model:
        _print_model(model)
    for line in lines:
        if line.state in {"wrong", "warning"}:
            print(f"[{'要対応' if line.state == 'wrong' else '参考'}] {line.says}")
            print(f"    → {line.repair}")
    if not_seen := list(dict.fromkeys(line.check for line in lines if line.state == "not-looked-at")):
        print(f"[未確認] {'、'.join(not_seen)}")
        print("    → ここからは調べられません。サービスのコンテナで mitsumori doctor を実行してください。")
    _print_way_back(stored)
    order = "、".join(ORDER)
    print(f"順序: 同じサービスのプロセスが複数あるときは {order}(docs/operating/update.md、CHANGELOG.md)。")


def _print_data(one: StoredData) -> None:
    if one.is_half_restored:
        print(f"[要対応] {one.service}: {one.database} は、バックアップからの復元の途中です。")
        print("    → mitsumori restore を、同じファイルと --replace でもう一度実行する。")
        return
    if one.too_new:
        print(
            f"[要対応] {one.service}: {one.database} は {one.too_new.version} に更新済みで、このコードでは使えません。"
        )
        print(f"    → {one.too_new.version} 以降のイメージを使うか、更新の前のバックアップから復元する。")
        return
    done = sum(noted.done_at is not None for noted in one.noted)
    print(f"{one.service}\t{one.database}\t済んだ変更 {done}、待つ変更 {len(one.adds) + len(one.removes)}")
    for step in one.adds:
        print(f"  起動時に: {step.title}({step.number})")
    for step in one.removes:
        print(f"  更新を終えるときに: {step.title}({step.number})")


def _print_model(model: ReadModel) -> None:
    if model.is_current:
        print("管理画面の一覧のデータ: 作り直しは不要です。")
        return
    minutes = -(-model.takes_s // _MINUTE_S)
    print(
        f"管理画面の一覧のデータ: dashboard の起動後に作り直します({model.cases:,} 件、約 {minutes} 分)。"
        "その間は前の内容を示します。"
    )


def _print_way_back(stored: Sequence[StoredData]) -> None:
    oldest = {one.service: before for one in stored if (before := one.no_way_back_before)}
    for service, before in oldest.items():
        print(f"戻せる範囲: {service} は {before} より前のバージョンに戻せません(バックアップからの復元だけ)。")
    if any(one.removes for one in stored):
        print(
            "すべてのサービスをこのバージョンに更新し、数日使って戻す必要がないと分かったら、mitsumori upgrade --yes で"
            "更新を終えます。それまでは、前のバージョンに戻せます。終えると戻せません。"
        )
    elif not oldest:
        print("戻せる範囲: データの変更のために戻せないバージョンは、ありません。")


def _print_done(done: dict[str, list[Step]]) -> None:
    for service, steps in done.items():
        for step in steps:
            print(f"{service}: {step.title}({step.number})")
    print("更新を終えました。" if any(done.values()) else "待つ変更はありません。")


def _print_json(stored: Sequence[StoredData], model: ReadModel | None, lines: Sequence[Line]) -> None:
    shown: dict[str, Any] = {
        "version": version(),
        "stored_data": [_as_json(one) for one in stored],
        "read_model": model and asdict(model) | {"takes_s": model.takes_s},
        "checks": [asdict(line) for line in lines],
        "order": ORDER,
    }
    print(json.dumps(shown, ensure_ascii=False, indent=2))


def _as_json(one: StoredData) -> dict[str, Any]:
    return {
        "service": one.service,
        "database": one.database,
        "done": [noted.number for noted in one.noted if noted.done_at],
        "adds": [step.number for step in one.adds],
        "removes": [step.number for step in one.removes],
        "too_new": one.too_new and one.too_new.version,
        "half_restored": one.is_half_restored,
        "no_way_back_before": one.no_way_back_before,
    }
