"""`mitsumori doctor`: checks of what surrounds the system, each finding with what mends it."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data
from local.doctor.check import Line, State
from local.doctor.diagnose import diagnose
from local.doctor.surroundings import look_around
from services.notify.adapters.dkim_keys import dkim_records, load_dkim
from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.adapters.smtp import SmtpConnection
from services.notify.adapters.smtp_probe import offer_of
from services.notify.domain.mail_findings import Finding
from services.notify.domain.replies import Reply
from services.notify.settings import MailSettings
from services.notify.usecases.check_mail_setup import CheckMailSetup
from services.notify.usecases.send_test_mail import SendTestMail
from services.registry import ServiceName
from shared.clock import utc_now
from shared.errors import Invalid
from shared.host_name import host_name
from shared.mail_address import domain_of, is_mail_address
from shared.runtime.settings import load

app = typer.Typer(help="設定と動作の診断 (checks of the system and what surrounds it)")

_MARKS: Final[dict[State, str]] = {
    "ok": "正常",
    "warning": "参考",
    "wrong": "要対応",
    "not-looked-at": "未確認",
}


@app.callback(invoke_without_command=True)
@exit_on_error()
def doctor(
    context: typer.Context,
    data: Data = DEFAULT_DATA,
    service: Annotated[
        ServiceName | None, typer.Option(help="この環境の設定で動くサービス。省略時は Kafka の利用者名から決める")
    ] = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """設定、鍵、MongoDB、Kafka、待っている記録などを診断する (all checks, in seconds; exit 1: mend something)."""
    if context.invoked_subcommand is not None:
        return
    lines = asyncio.run(diagnose(look_around(data, service), utc_now))
    (_print_lines_json if as_json else _print_lines)(lines)
    if any(line.state == "wrong" for line in lines):
        raise typer.Exit(1)


@app.command()
@exit_on_error()
def mail(
    to: Annotated[str | None, typer.Option(help="テストのメールを送る宛先。省略時は送らない")] = None,
    from_ip: Annotated[str | None, typer.Option(help="受信側から見た送信元の IP アドレス")] = None,
    envelope_from: Annotated[
        str | None,
        typer.Option(help="エンベロープの差出人。省略時は MITSUMORI_RETURN_PATH、なければ MITSUMORI_MAIL_FROM"),
    ] = None,
    resolver: Annotated[str | None, typer.Option(help="DNS サーバー (例: 127.0.0.1:5353)")] = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """メールが届く設定かを、notify の設定で診断する (DNS records, mail server, a test mail; exit 1: mend something)."""
    settings = load(MailSettings)
    if to is not None and not is_mail_address(to):
        raise Invalid("--to には、メールアドレスを 1 つ指定してください。")
    check = CheckMailSetup(
        dns=_resolver(resolver),
        from_domain=domain_of(settings.mail_from),
        envelope_domain=domain_of(envelope_from) if envelope_from else settings.envelope_domain,
        dkim_records=lambda: dkim_records(settings.keys),
        host=settings.smtp.host,
        from_ip=_address(from_ip) if from_ip else None,
    )
    findings, reply = asyncio.run(_checked(settings, check, to))
    (_print_json if as_json else _print)(findings, reply)
    if any(finding.must_be_mended for finding in findings):
        raise typer.Exit(1)


async def _checked(settings: MailSettings, check: CheckMailSetup, to: str | None) -> tuple[list[Finding], Reply | None]:
    own_name = domain_of(settings.mail_from)
    of_domain, of_server, sent = await asyncio.gather(
        check.of_domain(), check.of_server(partial(offer_of, settings.smtp, own_name)), _sent(settings, own_name, to)
    )
    refused = [sent] if isinstance(sent, Finding) and sent not in of_server else []
    return [*of_domain, *of_server, *refused], sent if isinstance(sent, Reply) else None


async def _sent(settings: MailSettings, own_name: str, to: str | None) -> Reply | Finding | None:
    if to is None:
        return None
    try:
        dkim = load_dkim(settings.keys, settings.mail_from)
    except ValueError as error:
        return Finding("broken-dkim-key", str(error))
    send = SendTestMail(
        connection=SmtpConnection(settings.smtp, own_name),
        dkim=dkim,
        sender=settings.mail_from,
        envelope_sender=settings.return_path or settings.mail_from,
        host=settings.smtp.host,
        now=utc_now,
    )
    return await send(to)


def _print_lines(lines: Sequence[Line]) -> None:
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            print(group)
        print(f"  [{_MARKS[line.state]}] {line.says}")
        if line.repair:
            print(f"      → {line.repair}")
    counted = {state: sum(line.state == state for line in lines) for state in _MARKS}
    print("、".join(f"{mark} {counted[state]}" for state, mark in _MARKS.items()))
    if not counted["wrong"]:
        print("対応が必要な点はありません。")


def _print_lines_json(lines: Sequence[Line]) -> None:
    print(json.dumps({"checks": [asdict(line) for line in lines]}, ensure_ascii=False, indent=2))


def _print(findings: list[Finding], reply: Reply | None) -> None:
    for finding in findings:
        print(f"[{'要対応' if finding.must_be_mended else '参考'}] {finding.says}")
        print(f"    → {finding.repair}")
    if reply is not None:
        print(f"テストのメールは受け付けられました: {reply.code} {reply.text}")
    if not any(finding.must_be_mended for finding in findings):
        print("対応が必要な点はありません。")


def _print_json(findings: list[Finding], reply: Reply | None) -> None:
    shown = [
        {"finding": found.code, "mend": found.must_be_mended, "says": found.says, "repair": found.repair}
        for found in findings
    ]
    answer = None if reply is None else f"{reply.code} {reply.text}"
    print(json.dumps({"findings": shown, "test_mail": answer}, ensure_ascii=False, indent=2))


def _address(text: str) -> str:
    try:
        address = host_name(text)
    except ValueError:
        address = ""
    if not address.rpartition(".")[2].isdecimal() and ":" not in address:
        raise Invalid("--from-ip には、IP アドレスを指定してください。")
    return address


def _resolver(text: str | None) -> DnsResolver:
    if text is None:
        return DnsResolver()
    host, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "53")
    if not port.isdecimal():
        raise Invalid("--resolver には、127.0.0.1:5353 のようにアドレスとポートを指定してください。")
    return DnsResolver(_address(host), int(port))
