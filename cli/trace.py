"""`mitsumori trace`: what became of one request, over all ledgers and topics."""

import asyncio
import json
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data, Kafka, Mongo, running_kafka, running_mongo
from local.trace import NO_MOMENT, Trace, trace_request
from local.trace_topics import records_of
from shared.clock import JST
from shared.errors import Unavailable

_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)
_BEFORE: Final = timedelta(hours=1)
"""Whoever writes a record says when that was, and their clock may be wrong."""


@exit_on_error()
def trace(
    name: Annotated[str, typer.Argument(metavar="受付番号", help="受付番号か、request_id")],
    *,
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    kafka: Kafka = None,
    as_json: AsJson = False,
) -> None:
    """一件のご依頼の経過を、すべての記録から時刻の順に示す (one request's whole life; exit 1 when there is none)."""
    found = trace_request(mongo or running_mongo(data), name)
    if found is None:
        print("mitsumori: この受付番号のご依頼はありません。", file=sys.stderr)
        raise typer.Exit(1)
    (_print_json if as_json else _print)(_with_records(found, kafka or running_kafka(data)))


def _with_records(found: Trace, kafka: str | None) -> Trace:
    """With what the topics have of it. They may be away, or may have deleted it: the ledgers have everything."""
    if kafka is None:
        print("mitsumori: Kafka の接続先がないので、トピックの記録は示しません(MITSUMORI_KAFKA)。", file=sys.stderr)
        return found
    try:
        first = min((entry.at for entry in found.entries if entry.at != NO_MOMENT), default=_LONG_AGO)
        records = asyncio.run(records_of(kafka, found.request_id, first - _BEFORE))
    except Unavailable as reason:
        print(f"mitsumori: {reason}", file=sys.stderr)
        return found
    return replace(found, entries=tuple(sorted((*found.entries, *records), key=lambda entry: entry.at)))


def _print(found: Trace) -> None:
    print(f"受付番号 {found.reception_no}\trequest_id {found.request_id}\ttrace {found.trace_id or 'なし'}")
    for entry in found.entries:
        facts = " ".join(f"{key}={value}" for key, value in entry.details.items())
        print("\t".join((_jst(entry.at), entry.service, entry.what, facts)))


def _print_json(found: Trace) -> None:
    print(json.dumps(asdict(found), ensure_ascii=False, indent=2, default=_jst))


def _jst(moment: datetime) -> str:
    """Empty for what has no time that can be read."""
    if moment == NO_MOMENT:
        return ""
    return moment.astimezone(JST).isoformat(sep=" ", timespec="milliseconds")
