"""Faults of the machine, products, mails and versions: each with the check that finds it, and the repair."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from local.doctor import facts
from local.status import Part
from services.notify.domain.mail_findings import Finding
from shared.products import Problem
from tests.local.doctor.builders import MACHINE, NOW, TODAY, Fault, disk

PRODUCT = Path("products/cyber")


def problem(name: str, message: str = "is wrong") -> facts.ProductFolders:
    return facts.ProductFolders(problems=[Problem(PRODUCT / name, 3, "key", message)])


def process(missing: tuple[str, ...] = (), incomplete: tuple[str, ...] = ()) -> facts.Processes:
    return facts.Processes(parts=[Part(name="rating", address="", missing=missing, incomplete=incomplete, figures={})])


def certificate(until: datetime | None = None, trouble: str = "", *, is_away: bool = False) -> facts.Certificates:
    found = facts.Certificate(address="form.agency.co.jp:443", until=until, trouble=trouble, is_away=is_away)
    return facts.Certificates(found=[found], now=NOW)


def backup(hours: int | None) -> facts.Backups:
    newest = None if hours is None else NOW - timedelta(hours=hours)
    return facts.Backups(folder="/backups", newest=newest, now=NOW)


OF_MACHINE = (
    Fault(
        check="backup-age",
        part=backup(None),
        says="/backups に、バックアップが一つも",
        repair="mitsumori backup を手で",
    ),
    Fault(check="backup-age", part=backup(27), says="27 時間前", repair="タイマーのログ", level="warning"),
    Fault(check="backup-age", part=backup(53), says="53 時間前", repair="docs/operating/backup.md"),
    Fault(
        check="processes",
        part=process(missing=("kafka",)),
        says="rating: Kafka から読めません",
        repair="mitsumori logs rating",
    ),
    Fault(
        check="processes",
        part=process(incomplete=("keys",)),
        says="rating: 鍵を待つ記録があります",
        repair="mitsumori logs rating",
    ),
    Fault(
        check="processes",
        part=process(missing=("dead-letter-limit",)),
        says="rating: 不具合で処理できない記録が続いた",
        repair="repair.md の 4",
    ),
    Fault(
        check="memory",
        part=replace(MACHINE, free_memory_bytes=400_000_000),
        says="400 MB しかありません",
        repair="メモリーを増やして",
        level="warning",
    ),
    Fault(
        check="memory",
        part=replace(MACHINE, free_memory_bytes=90_000_000),
        says="90 MB しか",
        repair="ps aux --sort=-rss",
    ),
    Fault(
        check="time-zone",
        part=replace(MACHINE, tokyo_offset=None),
        says="Asia/Tokyo がありません",
        repair="apt install tzdata",
        level="warning",
    ),
    Fault(
        check="time-zone",
        part=replace(MACHINE, tokyo_offset=timedelta()),
        says="UTC から 0:00:00 離れて",
        repair="tzdata を入れ直して",
    ),
    Fault(
        check="disk-data",
        part=disk(facts.DataDisk, 4),
        says="4.0 GB しかありません(全体 50.0 GB)",
        repair="ディスクを増やして",
        level="warning",
    ),
    Fault(check="disk-data", part=disk(facts.DataDisk, 0.9), says="0.9 GB しか", repair="手で消さないで"),
    Fault(check="disk-mongo", part=disk(facts.MongoDisk, 0.5), says="0.5 GB しか", repair="docs/limits.md"),
    Fault(
        check="python",
        part=replace(MACHINE, python=(3, 10)),
        says="Python 3.10 では動きません",
        repair="Python 3.11 以降で",
    ),
    Fault(
        check="libraries",
        part=facts.Libraries(pinned={"pydantic": "2.12.4"}, installed={"pydantic": "2.11.0"}),
        says="pydantic は 2.12.4 のはずですが、2.11.0 が入っています",
        repair="make setup",
        level="warning",
    ),
    Fault(
        check="libraries",
        part=facts.Libraries(pinned={"pydantic": "2.12.4"}, installed={"pydantic": None}),
        says="入っていません",
        repair="make setup",
    ),
    Fault(
        check="package",
        part=facts.Package(installed="0.1.0", released="0.2.0"),
        says="0.1.0 ですが、CHANGELOG の最新は 0.2.0",
        repair="すべてのサービスを再起動",
        level="warning",
    ),
)

OF_PRODUCTS = (
    Fault(
        check="products-load", part=problem("form.yaml"), says="cyber/form.yaml:3: key: is wrong", repair="この行を直し"
    ),
    Fault(
        check="products-tariffs",
        part=problem("tariff/2026-10-01.yaml", "was changed after it was published"),
        says="tariff/2026-10-01.yaml:3: key: was changed",
        repair="バックアップから戻して",
    ),
    Fault(
        check="products-brochures",
        part=problem("brochures/guide.pdf", "is no whole PDF"),
        says="brochures/guide.pdf:3: key: is no whole PDF",
        repair="notify を再起動",
    ),
    Fault(
        check="products-letters",
        part=problem("letters/receipt.txt"),
        says="letters/receipt.txt:3",
        repair="docs/letters.md",
    ),
    Fault(
        check="tariff-in-force",
        part=facts.Tariffs(effective={"cyber": [date(2026, 11, 28)]}, today=TODAY),
        says="今日有効な料率表がありません(最初の料率表は 2026-11-28 からです)",
        repair="mitsumori tariff publish",
    ),
    Fault(
        check="form-versions",
        part=facts.AskedForms(asked={"cyber": frozenset({"1", "3"})}, known={"cyber": frozenset({"1"})}),
        says="質問票の版 3 が、商品のフォルダにありません",
        repair="former-forms/3.yaml",
    ),
    Fault(
        check="national-holidays",
        part=facts.Holidays(last=date(2026, 12, 31), today=TODAY),
        says="2026-12-31 まで",
        repair="national-holidays.yaml に翌年がある版に",
        level="warning",
    ),
    Fault(
        check="national-holidays",
        part=facts.Holidays(last=date(2026, 11, 26), today=TODAY),
        says="2026-11-26 まで",
        repair="更新してください",
    ),
    Fault(
        check="mail",
        part=facts.MailSetUp(findings=[Finding("no-spf", "agency.co.jp")]),
        says="agency.co.jp に SPF レコードがありません",
        repair="TXT レコード",
    ),
    Fault(
        check="mail",
        part=facts.MailSetUp(findings=[Finding("dmarc-none", "agency.co.jp")]),
        says="DMARC のポリシーは none",
        repair="p=quarantine",
        level="warning",
    ),
    Fault(
        check="certificates",
        part=certificate(until=NOW + timedelta(days=13)),
        says="あと 13 日で期限が切れます",
        repair="証明書を更新し",
        level="warning",
    ),
    Fault(
        check="certificates",
        part=certificate(trouble="TimeoutError", is_away=True),
        says="接続できず、証明書を確かめられません: TimeoutError",
        repair="別の端末から確かめます",
        level="warning",
    ),
    Fault(
        check="certificates",
        part=certificate(trouble="certificate has expired"),
        says="確かめられません: certificate has expired",
        repair="openssl s_client -connect form.agency.co.jp:443",
    ),
)
