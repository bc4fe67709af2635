"""Puts notify together: facts become letters, and a dispatcher sends them."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing, asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from starlette.applications import Starlette

from services.notify.adapters.dkim_keys import dkim_records, load_dkim
from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.adapters.letter_seals import load_letter_seals
from services.notify.adapters.mail_gate import GatedConnection, MailGate
from services.notify.adapters.maildir import MaildirMails
from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.mongo_bounces import MongoBounces
from services.notify.adapters.mongo_brochures import MongoBrochures
from services.notify.adapters.mongo_copies import MongoCopies
from services.notify.adapters.mongo_dead_addresses import MongoDeadAddresses
from services.notify.adapters.mongo_holdings import NotifyHoldings
from services.notify.adapters.mongo_news import MongoNewsChoices
from services.notify.adapters.mongo_restores import MongoRestores
from services.notify.adapters.mongo_workers import MongoWorkers
from services.notify.adapters.products import load_products_with_letters
from services.notify.adapters.smtp import SmtpConnection
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.brochure_links import BrochureLinks
from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.news_links import NewsLinks
from services.notify.domain.return_path import ReturnPath
from services.notify.entrypoints.consumer import subscribe
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.public_pages import serve_pages
from services.notify.entrypoints.returned_mails import ReturnedMailReader
from services.notify.entrypoints.worker import MailDispatcher
from services.notify.ports import NewsChoices
from services.notify.settings import Settings
from services.notify.usecases.check_at_start import CHECK_S, CheckAtStart
from services.notify.usecases.check_mail_setup import CheckMailSetup
from services.notify.usecases.compose import ComposeLetter, Letterhead
from services.notify.usecases.copy_letter import CopyLetter
from services.notify.usecases.deliver import DeliverLetter
from services.notify.usecases.fetch_brochure import FetchBrochure
from services.notify.usecases.finish import FinishLetter
from services.notify.usecases.give_up import GiveUpLetter
from services.notify.usecases.heartbeat import Heartbeat
from services.notify.usecases.keep_brochures import KeepBrochures
from services.notify.usecases.keep_news_choice import KeepNewsChoice
from services.notify.usecases.opt_out import FindNewsState, OptOut
from services.notify.usecases.take_back import TakeBackLetter
from services.notify.usecases.withhold import WithholdLetter
from services.notify.usecases.write import WriteLetters
from shared.clock import utc_now
from shared.events import LETTERS
from shared.products import Product, forms_of
from shared.products.documents import FONTS
from shared.runtime.adapters.mongo import Database
from shared.runtime.derived_keys import Purpose, derived_keys
from shared.runtime.parcels import load_parcel_opener, load_sealer
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.runtime.signatures import load_verifier
from shared.runtime.typst_process import TypstProcess
from shared.web.own_site import OwnSite
from shared.web.without_pages import app_without_pages

OUTBOXES: Final = ("outcomes", "copies", "bounces", "news")


def create_app(settings: Settings) -> Starlette:
    """Notify as an ASGI app: it has no pages, only the probes. Raises what is wrong with the products or the keys."""
    # First: a product that cannot be used is named by every service alike.
    products = load_products_with_letters(settings.products, with_links=bool(settings.brochures_url))
    links = (
        BrochureLinks(settings.brochures_url, derived_keys(settings.keys, "notify", "brochure-links"))
        if settings.brochures_url
        else None
    )
    hashes, mailboxes = _hashes(settings, "dead-addresses"), _hashes(settings, "news-mailboxes")
    news_links = _news_links(settings, mailboxes)
    typst, gate = TypstProcess(FONTS), MailGate(settings.letters_per_minute)
    papers = TypstPapers(utc_now, typst)
    opener, seals = load_parcel_opener(settings.keys, "notify"), load_letter_seals(settings.keys)
    compose = ComposeLetter(
        parcels=opener,
        papers=papers,
        letterhead=Letterhead(settings.mail_from, settings.desk_email, settings.dashboard_url, settings.public_url),
        now=utc_now,
        links=links,
        news_links=news_links,
    )
    own_name = settings.mail_from.rpartition("@")[2]
    return_path = (
        ReturnPath(settings.return_path, derived_keys(settings.keys, "notify", "return-path"))
        if settings.return_path
        else None
    )
    dkim = load_dkim(settings.keys, settings.mail_from)
    check_mail = CheckAtStart(
        check=CheckMailSetup(
            dns=DnsResolver(),
            from_domain=own_name.lower(),
            envelope_domain=settings.envelope_domain,
            dkim_records=partial(dkim_records, settings.keys),
            host=settings.smtp.host,
            limit_s=CHECK_S,
        ),
        mode=settings.mail_check_at_start,
    )
    sealer, verifier = load_sealer(settings.keys, ("desk",)), load_verifier(settings.keys, ("rating", "dashboard"))
    opening = partial(open_runtime, settings, "notify", verifier=verifier, outboxes=OUTBOXES, forms=forms_of(products))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await check_mail()
        # What mails link to is there without Kafka.
        async with aclosing(typst), opening(writes=(LETTERS,), needs_kafka=links is None) as runtime:
            app.state.health = runtime.health
            database, announce = runtime.database, runtime.announce
            facts, letters = MongoFacts(database), MongoLetters(database, seals)
            attempts, workers = MongoAttempts(database), MongoWorkers(database)
            copies, news = MongoCopies(database, announce), MongoNewsChoices(database, announce)
            bounces, outcomes = MongoBounces(database, announce), MongoOutcomes(database, announce)
            dead_addresses = MongoDeadAddresses(database, hashes)
            for adapter in (facts, letters, attempts, workers, copies, bounces, dead_addresses, news):
                await adapter.prepare()

            worker, new_letters = uuid4().hex, NewLetters()
            heartbeat = Heartbeat(worker, workers, utc_now)
            withhold = WithholdLetter(dead_addresses)
            write = WriteLetters(
                products=products,
                facts=facts,
                letters=letters,
                compose=compose,
                withhold=withhold,
                give_up=GiveUpLetter(outcomes, utc_now),
                hand_over=new_letters.hand_over,
                return_path=return_path,
                dkim=dkim,
            )
            erase = await runtime.erasure(NotifyHoldings(database, utc_now).forget)
            # After a failure, the letter that tells the desk is due.
            write_due = erase.guard_work(write.write_due)
            finish = FinishLetter(letters, outcomes, on_failed=write_due, is_withheld=withhold)
            deliver = DeliverLetter(
                worker=worker,
                letters=letters,
                attempts=attempts,
                is_dead=heartbeat.is_dead,
                is_withheld=withhold,
                is_erased=erase.is_erased,
                now=utc_now,
                pause=asyncio.sleep,
                hold_ambiguous=settings.held_roles,
                restored_at=await MongoRestores(database).last(),
            )
            dispatcher = MailDispatcher(
                letters,
                deliver,
                finish,
                new_connection=lambda: GatedConnection(SmtpConnection(settings.smtp, own_name), gate),
                new_letters=new_letters,
                now=utc_now,
                count_without_key=partial(runtime.health.count_waiting, what="letters"),
            )
            take_back = TakeBackLetter(
                return_path=return_path,
                own_domain=own_name,
                bounces=bounces,
                dead_addresses=dead_addresses,
                on_failed=write_due,
                now=utc_now,
            )
            returned = (
                ReturnedMailReader(MaildirMails(settings.bounces), take_back, utc_now).running()
                if settings.bounces
                else nullcontext()
            )
            copy = CopyLetter(facts=facts, letters=letters, copies=copies, sealer=sealer, now=utc_now)
            keep_news_choice = KeepNewsChoice(parcels=opener, mailboxes=mailboxes, choices=news)
            subscribe(runtime.consumer, erase.guard(write), erase.guard(copy), erase, erase.guard(keep_news_choice))
            _let_opt_out(app, news_links, news)
            # A paper that cannot be made must stop the start, not the first customer's letter.
            for product in products.values():
                await papers.prepare(product)
            downloads = _downloads(app, links, database, papers, products.values()) if links else nullcontext()
            # First what mails may link to. Then alive before the first letter is claimed, until the last is finished.
            async with downloads, runtime.running(), heartbeat.running(), dispatcher.running(), returned:
                yield

    app = app_without_pages("notify", lifespan)
    if links:
        agencies = {slug: product.agency for slug, product in products.items()}
        site = OwnSite.at(links.address, settings.more_hosts)
        serve_pages(app, site, agencies, utc_now)
    return app


def _hashes(settings: Settings, purpose: Purpose) -> AddressHashes:
    return AddressHashes(derived_keys(settings.keys, "notify", purpose))


def _news_links(settings: Settings, mailboxes: AddressHashes) -> NewsLinks | None:
    if not settings.brochures_url:
        return None
    return NewsLinks(settings.brochures_url, mailboxes, derived_keys(settings.keys, "notify", "news-links"))


def _let_opt_out(app: Starlette, links: NewsLinks | None, news: NewsChoices) -> None:
    """Let the pages of *app* stop news."""
    if links is not None:
        app.state.find_news = FindNewsState(links=links, choices=news)
        app.state.opt_out = OptOut(find=app.state.find_news, now=utc_now)


@asynccontextmanager
async def _downloads(
    app: Starlette, links: BrochureLinks, database: Database, papers: TypstPapers, products: Iterable[Product]
) -> AsyncIterator[None]:
    """Let *app* give out what mails link to."""
    with TemporaryDirectory(prefix="mitsumori-brochures-") as folder:
        brochures = MongoBrochures(database, Path(folder))
        keep = KeepBrochures(papers=papers, brochures=brochures, enclosed_bytes=links.enclosed_bytes)
        for product in products:
            await keep(product)
        app.state.fetch_brochure = FetchBrochure(links=links, brochures=brochures, now=utc_now)
        yield


def main() -> None:
    """`python -m services.notify.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
