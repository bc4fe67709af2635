"""`mitsumori demo`: the whole system in a folder of its own, realistic requests, and a check of every outcome."""

import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import httpx
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from local.audit import Findings, audit, is_complete
from local.children import CannotStart
from local.components import BrokerChoice
from local.data_folder import DataFolder
from local.intake_client import IntakeClient, NotAccepted, SentRequest
from local.maildir import Maildir
from local.ports import Ports
from local.run import interrupted_by_signals, running
from local.scenarios import SCENARIOS
from local.system import System

_DEADLINE_S: Final = 60
_GRACE_S: Final = 5
"""How long the demo waits for the other requests when a process has died. It restarts none."""
_POLL_S: Final = 0.2
_INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What `--json` prints. The demo has succeeded when `missing` is empty."""

    accepted: int
    documents_only: int
    quoted: int
    referred: int
    letters: dict[str, int]
    latency_ms: dict[str, float | None]
    broker: str
    missing: list[str]


def demo(requests: int, choice: BrokerChoice, data: Path | None, *, as_json: bool) -> int:
    """Run the demo, print the report, and return the exit code. Raises `CannotStart`."""
    console = Console(stderr=as_json, highlight=False, soft_wrap=True)
    try:
        with interrupted_by_signals(), _folder(data) as folder, folder.locked():
            system = System(folder, Ports.free(), choice, console.print)
            with running(system):
                report = _run_scenarios(requests, system, Maildir(folder.maildir), console)
    except KeyboardInterrupt:
        return _INTERRUPTED
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _show(report, console)
    return 1 if report.missing else 0


@contextmanager
def _folder(data: Path | None) -> Iterator[DataFolder]:
    if data is not None:
        yield DataFolder(data)
        return
    temporary = Path(tempfile.mkdtemp(prefix="mitsumori-demo-"))
    is_log_needed = False
    try:
        yield DataFolder(temporary)
    except CannotStart as reason:
        is_log_needed = str(temporary) in str(reason)  # The reason names a log in this folder.
        raise
    finally:
        if not is_log_needed:
            shutil.rmtree(temporary)


def _run_scenarios(requests: int, system: System, maildir: Maildir, console: Console) -> Report:
    with closing(IntakeClient(system.form_url)) as client:
        console.print(f"{requests} 件の申込みを送ります…")
        sent, refused = _send(requests, client)
        console.print(f"{len(sent)} 件が受け付けられました。結果を待っています…")
        states = _wait(sent, client, system)
    findings = audit(sent, states, system.mongo, system.broker.address, maildir)
    findings.missing[:0] = refused
    findings.missing += [f"{name} が動いていません" for name in system.dead()]
    return _report(sent, states, findings, system.broker_kind)


def _send(requests: int, client: IntakeClient) -> tuple[list[SentRequest], list[str]]:
    """The requests that were accepted, and a sentence for each other one."""
    sent, refused = [], []
    try:
        consent = client.consent_version()
    except httpx.HTTPError as error:
        return [], [f"フォームを取得できません ({type(error).__name__})"]
    for number in range(1, requests + 1):
        scenario = SCENARIOS[(number - 1) % len(SCENARIOS)]
        try:
            sent.append(client.send(number, scenario, consent))
        except NotAccepted as reason:
            refused.append(f"申込み {number} ({scenario.name}): {reason}")
    return sent, refused


def _wait(sent: Sequence[SentRequest], client: IntakeClient, system: System) -> dict[str, dict[str, Any]]:
    """The state of each request from the API. Returns when all have ended, or at the deadline."""
    states: dict[str, dict[str, Any]] = {request.request_id: {} for request in sent}
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline:
        unfinished = [request for request in sent if not is_complete(request, states[request.request_id])]
        if not unfinished:
            break
        for request in unfinished:
            states[request.request_id] = client.status(request) or states[request.request_id]
        if system.dead():
            deadline = min(deadline, time.monotonic() + _GRACE_S)
        time.sleep(_POLL_S)
    return states


def _report(sent: Sequence[SentRequest], states: dict[str, dict[str, Any]], findings: Findings, broker: str) -> Report:
    ended = Counter(state.get("state") for state in states.values())
    accepted = len({request.request_id for request in sent})
    documents_only, quoted, referred = (ended[state] for state in ("documents_only", "quoted", "referred"))
    if accepted != documents_only + quoted + referred:
        findings.missing.append(
            f"受付 {accepted} 件のうち {accepted - documents_only - quoted - referred} 件が終わっていません"
        )
    return Report(
        accepted=accepted,
        documents_only=documents_only,
        quoted=quoted,
        referred=referred,
        letters=dict(sorted(findings.letters.items())),
        latency_ms=_percentiles(findings.latencies_ms),
        broker=broker,
        missing=findings.missing,
    )


def _percentiles(values_ms: Sequence[float]) -> dict[str, float | None]:
    if len(values_ms) < 2:  # noqa: PLR2004  # fewer have no percentiles
        return {"p50": None, "p99": None}
    cuts = quantiles(values_ms, n=100, method="inclusive")
    return {"p50": round(cuts[49], 1), "p99": round(cuts[98], 1)}


def _show(report: Report, console: Console) -> None:
    table = Table("項目", "結果", show_header=False)
    table.add_row("受付", str(report.accepted))
    table.add_row("資料請求のみ", str(report.documents_only))
    table.add_row("見積り", str(report.quoted))
    table.add_row("要確認(担当者から回答)", str(report.referred))
    for kind, count in report.letters.items():
        table.add_row(f"メール {kind}", str(count))
    table.add_row(
        "受付からメール到着まで", " / ".join(f"{name} {value or '-'} ms" for name, value in report.latency_ms.items())
    )
    table.add_row("ブローカー", report.broker)
    console.print(table)
    for line in report.missing:
        console.print(f"[red]✘[/] {escape(line)}")
    if not report.missing:
        console.print("[green]✔[/] すべての申込みが、正しく終わりました。")
