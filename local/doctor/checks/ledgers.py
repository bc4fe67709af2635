"""Whether something waits in the ledgers for longer than it should, or for a person (docs/operating/repair.md)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from local.doctor.check import Level, Problem, check
from local.doctor.facts import Outboxes, ParkedEvents, SetAside, WaitingLetters
from services.registry import service as registered
from shared.runtime.masked import as_name

_LATE: Final = timedelta(minutes=1)
_VERY_LATE: Final = timedelta(minutes=10)
_LATE_LETTER: Final = timedelta(minutes=15)
_VERY_LATE_LETTER: Final = timedelta(hours=4)
_A_BUG: Final = "システムの不具合です。開発元に知らせ、直った版に更新してから mitsumori dead retry を実行してください。"


@check(Outboxes, "outbox-age", "記録が、すぐにほかのサービスへ渡されている")
def events_flow(outboxes: Outboxes) -> Iterator[Problem]:
    """They wait while Kafka is away, and are not lost."""
    for service, (count, age) in outboxes.waiting.items():
        if age >= _LATE:
            yield Problem(
                f"{service} の {count:,} 件の記録が {_minutes(age)}前から渡されていません。",
                f"Kafka と {service} が動いているかを確かめてください。動いていれば、{service} のログを見ます。",
                _bad(age, _VERY_LATE),
            )


@check(ParkedEvents, "outbox-parked", "渡せない記録がない")
def nothing_is_parked(events: ParkedEvents) -> Iterator[Problem]:
    """Only a person can mend such a record."""
    for service, count in events.parked.items():
        if count:
            yield Problem(
                f"{service} に、渡せない記録が {count:,} 件あります。",
                f"{service} のログの event parked に理由があります(docs/operating/repair.md の 5)。",
            )


@check(WaitingLetters, "letters-late", "メールが遅れずに送られている")
def letters_are_sent(letters: WaitingLetters) -> Iterator[Problem]:
    """Letters wait for a mail server that is away, and none is lost."""
    if letters.late >= _LATE_LETTER:
        yield Problem(
            f"{letters.count:,} 通のメールが送信を待っています。最も古いものは {_minutes(letters.late)}遅れています。",
            "notify のログの mail server refuses と letters wait を確かめ、mitsumori doctor mail を実行してください。",
            _bad(letters.late, _VERY_LATE_LETTER),
        )


@check(SetAside, "dead-letters", "処理できなかった記録がない")
def nothing_is_dead(aside: SetAside) -> Iterator[Problem]:
    """Each stays until a person acts."""
    for group in aside.groups:
        if not group.waits_for:
            yield Problem(
                f"{group.service} が処理できなかった記録が {group.count:,} 件あります(理由 {as_name(group.reason)}、"
                f"種類 {group.type or '不明'}、指紋 {group.fingerprint})。",
                _repair(group.reason, group.fingerprint),
            )


@check(SetAside, "waiting-for-keys", "鍵を待つ記録がない")
def nothing_waits_for_keys(aside: SetAside) -> Iterator[Problem]:
    """They are worked on within seconds once the key is there, and are dead letters after 72 hours."""
    for group in aside.groups:
        if group.waits_for:
            file = registered(group.service).key_file(group.waits_for)
            yield Problem(
                f"{group.service} で、{group.count:,} 件の記録が鍵 {group.waits_for} を待っています。",
                f"{file} を {group.service} の鍵のフォルダに置いてください。"
                "再起動は不要です"
                "(docs/operating/repair.md の 3)。",
            )


def _repair(reason: str, fingerprint: str) -> str:
    retry = f"mitsumori dead retry --all-of {fingerprint}"
    match reason:
        case "unknown-key":
            return f"鍵を鍵のフォルダに置いてから、{retry} を実行してください。"
        case "unknown-product" | "unknown-form":
            return f"商品のフォルダにその商品か質問票の版を置き、サービスを再起動してから、{retry} を実行してください。"
        case "unsigned" | "bad-signature":
            return "攻撃か、署名の鍵の取り違えです。鍵を確かめるまで retry しないでください(repair.md の 4)。"
        case _ if reason[:1].isupper():
            return _A_BUG
        case _:
            return f"mitsumori dead show {fingerprint} で確かめ、docs/operating/repair.md の 4 に従ってください。"


def _minutes(age: timedelta) -> str:
    minutes = age // timedelta(minutes=1)
    return f"{minutes:,} 分" if minutes < 2 * 60 else f"{minutes // 60:,} 時間"


def _bad(age: timedelta, very_late: timedelta) -> Level:
    return "wrong" if age >= very_late else "warning"


CHECKS: Final = (events_flow, nothing_is_parked, letters_are_sent, nothing_is_dead, nothing_waits_for_keys)
