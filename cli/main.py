"""The `mitsumori` command. Each command imports what it needs when it runs, so that `--help` is quick."""

import asyncio
import importlib
import json
import logging
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.plainly import plainly
from cli.tariff import app as tariff

app = typer.Typer(
    help="保険見積デスク (the quote desk)",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
keys = typer.Typer(help="パーセルの鍵 (keys of the parcels)", no_args_is_help=True)
topics = typer.Typer(help="Kafka のトピック (topics)", no_args_is_help=True)
staff = typer.Typer(help="管理画面の職員アカウント (staff accounts)", no_args_is_help=True)
app.add_typer(keys, name="keys")
app.add_typer(topics, name="topics")
app.add_typer(staff, name="staff")
app.add_typer(tariff, name="tariff")

DEFAULT_DATA = Path(".mitsumori")
Data = Annotated[Path, typer.Option(help="データフォルダ (where everything is kept)")]


_STAFF_PROBLEMS = {
    "bad-name": "ユーザー名は、英小文字・数字・「.」「_」「-」で 32 文字までとしてください(先頭は英数字)。",
    "name-taken": "このユーザー名はすでに使われています。パスワードを作り直すには --reset を付けてください。",
}


class BrokerName(StrEnum):
    """What `--broker` takes."""

    auto = "auto"
    kafka = "kafka"
    embedded = "embedded"


class ServiceName(StrEnum):
    """What `serve` takes."""

    intake = "intake"
    rating = "rating"
    notify = "notify"
    dashboard = "dashboard"


@app.command()
def run(
    data: Data = DEFAULT_DATA,
    port_base: Annotated[int, typer.Option(help="フォームのポート。+1 が管理画面、+2 がメールボックス")] = 8080,
    broker: Annotated[BrokerName, typer.Option(help="auto: Java があれば Apache Kafka")] = BrokerName.auto,
) -> None:
    """すべてをこの端末で起動する (start everything here; Ctrl-C stops it)."""
    with plainly():
        from local.run import run as start  # noqa: PLC0415  # see the module's docstring

        start(data, port_base, broker.value)


@app.command()
def demo(
    requests: Annotated[int, typer.Option(min=1, help="送る申込みの数")] = 14,
    as_json: Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")] = False,  # noqa: FBT002  # a flag
    broker: Annotated[BrokerName, typer.Option(help="auto: Java があれば Apache Kafka")] = BrokerName.auto,
    data: Annotated[Path | None, typer.Option(hidden=True, help="一時フォルダの代わりに使うフォルダ")] = None,
) -> None:
    """別の場所で起動し、申込みを送り、結果をすべて確かめて終わる (start aside, send, check, stop)."""
    with plainly():
        from local.demo import demo as show  # noqa: PLC0415  # see the module's docstring

        raise typer.Exit(show(requests, broker.value, data, as_json=as_json))


Products = Annotated[
    Path | None, typer.Option(envvar="MITSUMORI_PRODUCTS", help="追加の商品フォルダ (further product folders)")
]


@app.command()
def rate(
    file: Annotated[Path, typer.Argument(help="回答の JSON ファイル")],
    products: Products = None,
) -> None:
    """回答のファイルから保険料を計算し、JSON で出力する (price a file of answers, without any server)."""
    with plainly():
        from cli.rate_file import rate_file  # noqa: PLC0415  # see the module's docstring
        from pricing.tariff import load_priced_products  # noqa: PLC0415  # see the module's docstring

        print(json.dumps(rate_file(file, load_priced_products(products)), ensure_ascii=False, indent=2))


Mongo = Annotated[str | None, typer.Option(envvar="MITSUMORI_MONGO", help="省略時は動作中の mitsumori run のもの")]
RatingKeys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="MITSUMORI_KEYS", help="rating の鍵のフォルダ。省略時は DATA/keys/rating"),
]
WHICH_QUOTE = "見積番号、受付番号(最新の枝番)または見積りのID(quote_id)"
AsJson = Annotated[bool, typer.Option("--json", help="結果を JSON で出力する")]


@app.command()
def explain(
    quote: Annotated[str, typer.Argument(help=WHICH_QUOTE)],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    rating_keys: RatingKeys = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """見積りの計算書を示す (the worksheet of a quote, as it was kept)."""
    with plainly():
        from cli import quotes  # noqa: PLC0415  # see the module's docstring

        ledger = quotes.Ledger(mongo or _running_mongo(data), rating_keys or data / "keys" / "rating")
        asyncio.run(quotes.explain(ledger, quote, as_json=as_json))


@app.command()
def replay(  # noqa: PLR0917  # typer takes them by name
    names: Annotated[list[str] | None, typer.Argument(help=WHICH_QUOTE)] = None,
    everything: Annotated[bool, typer.Option("--all", help="すべての見積り")] = False,  # noqa: FBT002  # a flag
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    rating_keys: RatingKeys = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """保存された回答と料率表から再計算し、一致を確かめる (the same yen again; exit 1 when something differs)."""
    with plainly():
        from cli import quotes  # noqa: PLC0415  # see the module's docstring
        from shared.errors import Invalid  # noqa: PLC0415  # see the module's docstring

        if bool(names) == everything:
            raise Invalid("見積りのID・受付番号か --all の、どちらか一方を指定してください。")
        ledger = quotes.Ledger(mongo or _running_mongo(data), rating_keys or data / "keys" / "rating")
        is_same = asyncio.run(quotes.replay(ledger, names or [], as_json=as_json))
    raise typer.Exit(0 if is_same else 1)


@app.command("funnel")
def show_funnel(  # noqa: PLR0917  # typer takes them by name
    product: Annotated[str, typer.Option("--product", help="商品 (product)")] = "cyber-security",
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="さかのぼる日数")] = 30,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """フォームの入力状況を示す (how far visitors come, where they stop, how long it takes)."""
    with plainly():
        from cli import funnel  # noqa: PLC0415  # see the module's docstring
        from shared.errors import Invalid  # noqa: PLC0415  # see the module's docstring
        from shared.products import load_products  # noqa: PLC0415  # see the module's docstring

        sold = load_products(products).get(product)
        if sold is None:
            raise Invalid(f"商品 {product} はありません。")
        funnel.show(mongo or _running_mongo(data), sold, days, as_json=as_json)


@app.command()
def serve(service: ServiceName) -> None:
    """サービスを一つ、このプロセスで動かす (run one service; used in containers)."""
    importlib.import_module(f"services.{service.value}.app").main()


@keys.command("new")
def keys_new(folder: Annotated[Path, typer.Argument(help="鍵のフォルダ")] = DEFAULT_DATA / "keys") -> None:
    """新しい鍵の組を加える。次の起動から使われる (add a key pair for every reader)."""
    with plainly():
        from local.keys import add_keys  # noqa: PLC0415  # see the module's docstring

        for key_id in add_keys(folder):
            print(key_id)


@topics.command("create")
def topics_create(
    kafka: Annotated[str, typer.Option(envvar="MITSUMORI_KAFKA", help="host:port")],
    partitions: Annotated[int, typer.Option(envvar="MITSUMORI_PARTITIONS", min=1)] = 6,
    replication_factor: Annotated[int, typer.Option(envvar="MITSUMORI_REPLICATION_FACTOR", min=1)] = 1,
) -> None:
    """四つのトピックを、無ければ作る (create the four topics; safe to repeat)."""
    with plainly():
        from local.topics import TopicSettings, create_topics  # noqa: PLC0415  # see the module's docstring

        made = asyncio.run(create_topics(TopicSettings(kafka, partitions, replication_factor)))
        print("\n".join(made) if made else "すべてのトピックがあります (nothing to do)")


@staff.command("add")
def staff_add(
    name: Annotated[str, typer.Argument(help="ユーザー名(英小文字・数字・ . _ - )")],
    data: Data = DEFAULT_DATA,
    mongo: Annotated[
        str | None, typer.Option(envvar="MITSUMORI_MONGO", help="省略時は動作中の mitsumori run のもの")
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="既存のアカウントのパスワードを作り直す")] = False,  # noqa: FBT002  # a flag
) -> None:
    """職員のアカウントを作り、パスワードを表示する (make a staff account and print its password)."""
    with plainly():
        from local.staff import add_staff  # noqa: PLC0415  # see the module's docstring
        from shared.errors import Invalid  # noqa: PLC0415  # see the module's docstring

        try:
            print(asyncio.run(add_staff(mongo or _running_mongo(data), name, reset=reset)))
        except Invalid as reason:
            raise Invalid(_STAFF_PROBLEMS.get(str(reason), str(reason))) from None


def _running_mongo(data: Path) -> str:
    from local.children import CannotStart  # noqa: PLC0415  # see the module's docstring

    try:
        found: str = json.loads((data / "run.json").read_text("utf-8"))["mongo"]
    except (OSError, ValueError, KeyError):
        raise CannotStart(
            f"{data} で動作中の mitsumori run がありません。MITSUMORI_MONGO に接続先を指定してください。"
        ) from None
    return found


def main() -> None:
    """The entry point."""
    # What it cannot do reaches people as one sentence of ours, not as one line for every try.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    app(prog_name="mitsumori")


if __name__ == "__main__":
    main()
