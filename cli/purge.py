"""`mitsumori purge`: forget what is older than its class is kept. A timer runs it every night."""

import asyncio
import json
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.errors import exit_on_error
from cli.moments import in_japan, iso
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, running_mongo
from local.purge import DAYS, FOR_GOOD, SETTINGS, SHORTEST, Class, Purged, purging
from shared.clock import utc_now
from shared.errors import Invalid

_NAMES: Final[dict[Class, str]] = {
    "requests": "契約に至らなかったご依頼",
    "contracts": "保険会社に引き渡したご依頼",
    "quotes": "見積書を添えたメール(見積書控え)",
    "letters": "そのほかのメール",
    "links": "リンクのメール(フォームの続き、職員宛)",
    "dead-letters": "対応を終えた、処理できなかった記録",
}


def _days(name: Class) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(
        f"--{name}-days", envvar=SETTINGS[name], min=0, help=f"{_NAMES[name]}の保存日数。0 は無期限"
    )
    return found


@exit_on_error()
def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="消去されるものを示すだけ")] = False,
    requests: Annotated[int, _days("requests")] = DAYS["requests"],
    contracts: Annotated[int, _days("contracts")] = DAYS["contracts"],
    quotes: Annotated[int, _days("quotes")] = DAYS["quotes"],
    letters: Annotated[int, _days("letters")] = DAYS["letters"],
    links: Annotated[int, _days("links")] = DAYS["links"],
    dead_letters: Annotated[int, _days("dead-letters")] = DAYS["dead-letters"],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    as_json: AsJson = False,
) -> None:
    """保存期間を過ぎたものを消去し、区分ごとの件数を示す (forget what is too old; a report by class; for a timer)."""
    given = (requests, contracts, quotes, letters, links, dead_letters)
    days: dict[Class, int] = dict(zip(DAYS, given, strict=True))
    if short := [name for name, value in days.items() if FOR_GOOD < value < SHORTEST]:
        raise Invalid(f"保存日数は {SHORTEST} 日以上か、無期限の 0 としてください: {'、'.join(short)}")
    found = asyncio.run(_purge(mongo or running_mongo(data), days, is_dry=dry_run))
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2, default=iso))
        return
    for one in found:
        print("\t".join(_line(one)))
    print(
        "何も消去していません(--dry-run)。"
        if dry_run
        else "消去しました。ご依頼は、動いているサービスが数秒で消去します。"
    )


async def _purge(mongo: str, days: dict[Class, int], *, is_dry: bool) -> list[Purged]:
    async with purging(mongo, days, utc_now) as run:
        return await run(is_dry=is_dry)


def _line(one: Purged) -> tuple[str, ...]:
    if one.before is None:
        return _NAMES[one.name], "無期限", "0 件"
    since = f"最も古いもの {in_japan(one.oldest)}" if one.oldest else ""
    return _NAMES[one.name], f"{one.days:,} 日", f"{one.count:,} 件", since
