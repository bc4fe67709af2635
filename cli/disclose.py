"""`mitsumori disclose`: everything that is held on one person, to be given to them (開示請求)."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from cli.errors import told
from cli.options import DEFAULT_DATA, Data, Mongo, Products, running_mongo
from local.disclose import Disclosed, disclosing
from local.disclosed_paper import disclosed_paper
from shared.clock import utc_now
from shared.errors import Invalid
from shared.products import Products as LoadedProducts
from shared.products import load_products

_STDOUT: Final = Path("-")
_PROBLEMS: Final = {
    "no-such-request": "指定された受付番号のご依頼は、管理画面にありません。",
    "no-keys": (
        "管理画面の鍵(desk-<番号>.key)と、メールの鍵(notify-<番号>.key)が必要です。それぞれのフォルダを --keys に"
        "指定してください(例: --keys /desk --keys /notify)。"
    ),
    "cannot-be-opened": (
        "開封できないパーセルかメールがあります。管理画面と notify の、すべての鍵(古いものも)をご用意ください。"
    ),
    **dict.fromkeys(
        ("document-failed", "document-too-slow", "document-not-sound"),
        "PDF を作れませんでした。--pdf を付けずに実行すると、JSON を出力します。",
    ),
    "which": "受付番号か --mail の、どちらか一方を指定してください。",
}


def disclose(
    name: Annotated[str | None, typer.Argument(metavar="[受付番号]", help="受付番号か、request_id")] = None,
    *,
    mail: Annotated[str | None, typer.Option("--mail", help="このメールアドレスの方の、すべてのご依頼")] = None,
    keys: Annotated[
        list[Path] | None,
        typer.Option(
            "--keys",
            envvar="MITSUMORI_KEYS",
            help="管理画面と notify の鍵のフォルダ (複数可)。省略時は DATA/keys のもの",
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    products: Products = None,
    pdf: Annotated[
        Path | None,
        typer.Option("--pdf", help="同じ内容を PDF としても書き出す。- は、JSON の代わりに出力する"),
    ] = None,
) -> None:
    """お一人について保有している情報を、すべて JSON で出力する (all that is held on one person, and nobody else)."""
    with told(_PROBLEMS):
        if (name is None) == (mail is None):
            raise Invalid("which")
        folders = keys or [data / "keys" / "dashboard", data / "keys" / "notify"]
        found = asyncio.run(_disclose(mongo or running_mongo(data), folders, load_products(products), name, mail))
        paper = asyncio.run(disclosed_paper(found)) if pdf else b""
        if pdf and pdf != _STDOUT:
            write(pdf, paper)
    if pdf == _STDOUT:
        sys.stdout.buffer.write(paper)
    else:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    if not found["requests"] and not found["mails_with_links"]:
        raise typer.Exit(1)


async def _disclose(
    mongo: str, keys: list[Path], products: LoadedProducts, name: str | None, mail: str | None
) -> Disclosed:
    async with disclosing(mongo, keys, products, utc_now) as disclosure:
        return await (disclosure.request(name) if name else disclosure.mailbox(mail or ""))


def write(path: Path, paper: bytes) -> None:
    """Write *paper* for its owner alone: it is as plain as the JSON. Raises `Invalid`, with a sentence."""
    try:
        path.unlink(missing_ok=True)
        path.touch(0o600, exist_ok=False)
        path.write_bytes(paper)
    except OSError as error:
        raise Invalid(f"{path} に書けません({error.strerror})。") from None
