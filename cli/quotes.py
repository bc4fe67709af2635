"""`mitsumori explain` and `replay`: the quotes in rating's database, and whether it would compute the same again."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import track

from cli.errors import exit_on_error
from cli.options import DEFAULT_DATA, AsJson, Data, Mongo, running_mongo
from cli.worksheet import SENTENCE_FOR, print_outcomes, print_worksheet
from pricing.engine.result import ENGINE
from services.rating.adapters.mongo import MongoEditions, MongoQuotes
from services.rating.domain.quote import Quote
from services.rating.usecases.replay import CannotReplay, Differs, NotComputed, Replay, Replayed, Same
from services.registry import service
from shared.errors import Invalid
from shared.runtime.adapters.mongo import Database, connect
from shared.runtime.parcels import ParcelOpener, load_parcel_opener

_WHICH_QUOTE: Final = "見積番号、受付番号(最新の枝番)または見積りのID(quote_id)"

RatingKeys = Annotated[
    Path | None,
    typer.Option("--keys", envvar="MITSUMORI_KEYS", help="rating の鍵のフォルダ。省略時は DATA/keys/rating"),
]


@exit_on_error()
def explain(
    quote: Annotated[str, typer.Argument(help=_WHICH_QUOTE)],
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    rating_keys: RatingKeys = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """見積りの計算書を示す (the worksheet of a quote, as it was kept)."""
    asyncio.run(_explain(_ledger(data, mongo, rating_keys), quote, as_json=as_json))


@exit_on_error()
def replay(  # noqa: PLR0917  # typer takes them by name
    names: Annotated[list[str] | None, typer.Argument(help=_WHICH_QUOTE)] = None,
    everything: Annotated[bool, typer.Option("--all", help="すべての見積り")] = False,  # noqa: FBT002  # a flag
    data: Data = DEFAULT_DATA,
    mongo: Mongo = None,
    rating_keys: RatingKeys = None,
    as_json: AsJson = False,  # noqa: FBT002  # a flag
) -> None:
    """保存された回答と料率表から再計算し、一致を確かめる (the same yen again; exit 1 when something differs)."""
    if bool(names) == everything:
        raise Invalid("見積りのID・受付番号か --all の、どちらか一方を指定してください。")
    is_same = asyncio.run(_replay(_ledger(data, mongo, rating_keys), names or [], as_json=as_json))
    raise typer.Exit(0 if is_same else 1)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Rating's database, and the keys for what is encrypted in it."""

    mongo: str
    keys: Path

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[tuple[Database, ParcelOpener]]:
        """The open database, and the opener of its parcels. Raises `Invalid` when there are no keys."""
        try:
            opener = load_parcel_opener(self.keys, "rating")
        except FileNotFoundError:
            raise Invalid(f"{self.keys} に rating の鍵がありません。MITSUMORI_KEYS に指定してください。") from None
        async with connect(self.mongo, service("rating").database) as database:
            yield database, opener


def _ledger(data: Path, mongo: str | None, keys: Path | None) -> Ledger:
    return Ledger(mongo or running_mongo(data), keys or data / "keys" / "rating")


async def _explain(ledger: Ledger, name: str, *, as_json: bool) -> None:
    """Print the worksheet of the quote called *name*. Raises `Invalid` when there is none, or no key opens it."""
    async with ledger.connected() as (database, opener):
        quote = await _named(MongoQuotes(database, announce=lambda _event: None), name)
    if quote.is_erased:
        raise Invalid(f"{name}: {SENTENCE_FOR['erased']}。")
    try:
        worksheet = opener.open(quote.worksheet)
    except Invalid as error:
        raise Invalid(f"{name}: {SENTENCE_FOR[str(error)]}。") from None
    if as_json:
        print(json.dumps({**_head(quote), **worksheet}, ensure_ascii=False, indent=2))
    else:
        print_worksheet(quote, worksheet)


async def _replay(ledger: Ledger, names: Sequence[str], *, as_json: bool) -> bool:
    """Replay the quotes called *names*, or all of them. Returns whether nothing differs and nothing failed."""
    async with ledger.connected() as (database, opener):
        quotes = MongoQuotes(database, announce=lambda _event: None)
        replay_quote = Replay(MongoEditions(database), opener)
        chosen = [await _named(quotes, name) for name in names] or [quote async for quote in quotes.every()]
        progress = track(chosen, "再計算", console=Console(stderr=True), transient=True, disable=as_json)
        outcomes = [(quote, await replay_quote(quote)) for quote in progress]
    if as_json:
        print(json.dumps([_outcome(quote, result) for quote, result in outcomes], ensure_ascii=False, indent=2))
    else:
        print_outcomes(outcomes)
    return all(isinstance(result, Same | NotComputed) for _, result in outcomes)


async def _named(quotes: MongoQuotes, name: str) -> Quote:
    quote = await quotes.find(name)
    if quote is None:
        raise Invalid(f"見積り「{name}」がありません。")
    return quote


def _head(quote: Quote) -> dict[str, Any]:
    offer = quote.offer
    return {
        "quote_id": quote.quote_id,
        "request_id": quote.request_id,
        "reception_no": quote.reception_no,
        "revision": quote.revision,
        "product": quote.product,
        "tariff": {"id": quote.tariff.id, "sha256": quote.tariff.sha256},
        "edition": quote.edition,
        "engine": quote.engine,
        "issued_at": quote.issued_at.isoformat(),
        "expires_on": offer.expires_on.isoformat() if offer else None,
        "result": "offered" if offer else "referred",
        "basis": offer.basis if offer else "tariff",
        "premium": quote.premium_yen,
    }


def _outcome(quote: Quote, result: Replayed) -> dict[str, Any]:
    name = {Same: "same", Differs: "differs", NotComputed: "not-computed", CannotReplay: "cannot"}[type(result)]
    return {
        "quote_id": quote.quote_id,
        "premium": quote.premium_yen,
        "outcome": name,
        "engine": {"kept": quote.engine, "now": ENGINE},
        **asdict(result),
    }
