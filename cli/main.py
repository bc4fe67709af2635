"""The `mitsumori` command: the list of its commands. `lazy.py` imports a command's file only when it is called."""

import logging
import sys
from typing import Annotated

import typer
from typer.exceptions import TyperException

from cli.lazy import LazyCommand, lazy_group
from cli.version import version

COMMANDS = (
    LazyCommand("run", "cli.run:run", "すべてをこの端末で起動する (start everything here; Ctrl-C stops it)."),
    LazyCommand(
        "demo",
        "cli.demo:demo",
        "別の場所で起動し、申込みを送り、結果をすべて確かめて終わる (start aside, send, check, stop).",
    ),
    LazyCommand(
        "status",
        "cli.status:status",
        "動作中の mitsumori run の様子を示す (each process, what it lacks and what waits; exit 1: one is not ready).",
    ),
    LazyCommand("logs", "cli.status:logs", "サービスのログの終わりを示す (the last lines of a service's log)."),
    LazyCommand(
        "rate",
        "cli.rate:rate",
        "回答のファイルから保険料を計算し、JSON で出力する (price a file of answers, without any server).",
    ),
    LazyCommand("explain", "cli.quotes:explain", "見積りの計算書を示す (the worksheet of a quote, as it was kept)."),
    LazyCommand(
        "replay",
        "cli.quotes:replay",
        "保存された回答と料率表から再計算し、一致を確かめる (the same yen again; exit 1 when something differs).",
    ),
    LazyCommand(
        "trace",
        "cli.trace:trace",
        "一件のご依頼の経過を、すべての記録から時刻の順に示す (one request's whole life; exit 1 when there is none).",
    ),
    LazyCommand(
        "check",
        "cli.check:check",
        "受け付けたご依頼がすべて終わり、送るべきメールがあるかを確かめる (exit 1: somebody must act).",
    ),
    LazyCommand(
        "erase",
        "cli.erase:erase",
        "ご依頼をすべてのサービスから消去する。元に戻せない (a dry run without --yes; exit 1 when something is left).",
    ),
    LazyCommand(
        "disclose",
        "cli.disclose:disclose",
        "お一人について保有している情報を、すべて JSON で出力する (all that is held on one person, and nobody else).",
    ),
    LazyCommand(
        "purge",
        "cli.purge:purge",
        "保存期間を過ぎたものを消去し、区分ごとの件数を示す (forget what is too old; a report by class; for a timer).",
    ),
    LazyCommand(
        "announce",
        "cli.announce:announce",
        "失われたトピックを作り直した後で、すべての記録を、もう一度渡す (publish all events again; safe to repeat).",
    ),
    LazyCommand(
        "funnel",
        "cli.funnel:show_funnel",
        "フォームの入力状況を示す (how far visitors come, where they stop, how long it takes).",
    ),
    LazyCommand(
        "serve",
        "cli.serve:serve",
        "サービスを一つ、このプロセスで動かす (run one service; used in containers).",
    ),
    LazyCommand("letters", "cli.letters:app", "メールの文面 (letters: what they look like)"),
    LazyCommand("keys", "cli.keys:app", "パーセル、署名、メールの鍵 (keys of parcels, signatures and mails)"),
    LazyCommand("topics", "cli.topics:app", "Kafka のトピック (topics)"),
    LazyCommand("access", "cli.access:app", "MongoDB と Kafka の権限 (users and access lists)"),
    LazyCommand("staff", "cli.staff:app", "管理画面の職員アカウント (staff accounts)"),
    LazyCommand("cases", "cli.cases:app", "管理画面の一覧のデータ (the dashboard's read model)"),
    LazyCommand("tokens", "cli.tokens:app", "他のプログラムのための API トークン (tokens for other programs)"),
    LazyCommand("webhooks", "cli.webhooks:app", "他のプログラムへの通知 (webhooks: who is told of what)"),
    LazyCommand("audit", "cli.audit:app", "職員の操作の記録 (what staff saw and did)"),
    LazyCommand("companies", "cli.companies:app", "法人番号の一覧 (Japan's companies, for the form)"),
    LazyCommand("dead", "cli.dead:app", "処理できなかった記録 (dead letters)"),
    LazyCommand("doctor", "cli.doctor:app", "設定と動作の診断 (checks of the system and what surrounds it)"),
    LazyCommand(
        "upgrade",
        "cli.upgrade:upgrade",
        "更新を調べる(--check)、戻す準備をする(--back)、終える(--yes) (before, after and back from an update).",
    ),
    LazyCommand(
        "support-bundle",
        "cli.support_bundle:support_bundle",
        "診断の結果とログを一つのファイルにする。お客さまの情報は含まない (for whoever helps from elsewhere).",
    ),
    LazyCommand("tariff", "cli.tariff.app:app", "料率表 (tariffs: check, compare, measure, edit)"),
)

app = typer.Typer(
    cls=lazy_group(COMMANDS),
    help="保険見積デスク (the quote desk)",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001  # typer's callbacks take the value of the option
    if wanted:
        print(f"mitsumori {version()}")
        raise typer.Exit


@app.callback()
def mitsumori(
    _version: Annotated[  # noqa: FBT002  # a flag
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="バージョンを表示する (version, commit)"
        ),
    ] = False,
) -> None:
    """What all commands have in common."""


def main() -> None:
    """Run the command line; pip installs this function as `mitsumori`."""
    # When aiokafka cannot connect, people get one sentence of ours, not a line for each try.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        code = app(prog_name="mitsumori", standalone_mode=False)
    except TyperException as mistake:
        # Typer's own words are English only. They are empty when it has shown the help, because no command was given.
        if reason := mistake.format_message():
            command = context.command_path if (context := getattr(mistake, "ctx", None)) else "mitsumori"
            print(f"mitsumori: コマンドの指定に誤りがあります: {reason}", file=sys.stderr)
            print(f"使い方は {command} --help で確認できます。", file=sys.stderr)
        code = mistake.exit_code
    except typer.Abort:
        code = 1
    sys.exit(code)


if __name__ == "__main__":
    main()
