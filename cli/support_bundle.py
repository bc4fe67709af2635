"""`mitsumori support-bundle`: one file for whoever helps from elsewhere."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, Data
from cli.version import version
from local.doctor.surroundings import look_around
from local.support_bundle import collect, write_bundle
from shared.clock import JST, utc_now


@exit_on_error()
def support_bundle(
    to: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="書き出す .tar.gz。省略時は日時の名前")] = None,
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """診断の結果とログを一つのファイルにする。お客さまの情報は含まない (for whoever helps from elsewhere)."""
    now = utc_now()
    path = to or Path(f"mitsumori-support-{now.astimezone(JST):%Y%m%d-%H%M%S}.tar.gz")
    files = asyncio.run(collect(look_around(data), utc_now, version()))
    write_bundle(path, files, now)
    print(f"{path} に書き出しました: {'、'.join(files)}")
    print(
        "お客さまの情報、アドレスとフォルダ名を除く設定の値、パスワード、鍵は含みません。渡す前に、中身をご確認ください。"
    )
