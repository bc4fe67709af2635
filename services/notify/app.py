"""Puts notify together: facts become letters, and a dispatcher sends them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from typing import Final
from uuid import uuid4

from starlette.applications import Starlette

from services.notify.adapters.dkim_keys import dkim_records, load_dkim
from services.notify.adapters.dns_resolver import DnsResolver
from services.notify.adapters.mail_gate import GatedConnection, MailGate
from services.notify.adapters.maildir import MaildirMails
from services.notify.adapters.mongo import MongoFacts, MongoLetters
from services.notify.adapters.mongo_attempts import MongoAttempts, MongoOutcomes
from services.notify.adapters.mongo_bounces import MongoBounces
from services.notify.adapters.mongo_copies import MongoCopies
from services.notify.adapters.mongo_dead_addresses import MongoDeadAddresses
from services.notify.adapters.mongo_workers import MongoWorkers
from services.notify.adapters.products import load_products_with_letters
from services.notify.adapters.smtp import SmtpConnection
from services.notify.adapters.typst import TypstPapers
from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.return_path import ReturnPath
from services.notify.entrypoints.consumer import subscribe
from services.notify.entrypoints.new_letters import NewLetters
from services.notify.entrypoints.returned_mails import ReturnedMailReader
from services.notify.entrypoints.worker import MailDispatcher
from services.notify.settings import Settings
from services.notify.usecases.check_at_start import CHECK_S, CheckAtStart
from services.notify.usecases.check_mail_setup import CheckMailSetup
from services.notify.usecases.compose import ComposeLetter, Letterhead
from services.notify.usecases.copy_letter import CopyLetter, EraseCopies
from services.notify.usecases.deliver import DeliverLetter
from services.notify.usecases.finish import FinishLetter
from services.notify.usecases.give_up import GiveUpLetter
from services.notify.usecases.heartbeat import Heartbeat
from services.notify.usecases.take_back import TakeBackLetter
from services.notify.usecases.withhold import WithholdLetter
from services.notify.usecases.write import WriteLetters
from shared.clock import utc_now
from shared.products.documents import FONTS
from shared.runtime.parcels import derived_keys, load_parcel_opener, load_sealer
from shared.runtime.process import open_runtime, serve
from shared.runtime.settings import load
from shared.runtime.signatures import load_verifier
from shared.runtime.typst_process import TypstProcess
from shared.web.without_pages import app_without_pages

OUTBOXES: Final = ("outcomes", "copies", "bounces")


def create_app(settings: Settings) -> Starlette:
    """Notify as an ASGI app: it has no pages, only the probes. Raises what is wrong with the products or the keys."""
    products = load_products_with_letters(settings.products)
    papers = TypstPapers(utc_now, TypstProcess(FONTS))
    compose = ComposeLetter(
        parcels=load_parcel_opener(settings.keys, "notify"),
        papers=papers,
        letterhead=Letterhead(settings.mail_from, settings.desk_email, settings.dashboard_url, settings.public_url),
        now=utc_now,
    )
    own_name = settings.mail_from.rpartition("@")[2]
    return_path = (
        ReturnPath(settings.return_path, derived_keys(settings.keys, "notify", b"return-path"))
        if settings.return_path
        else None
    )
    hashes = AddressHashes(derived_keys(settings.keys, "notify", b"dead-addresses"))
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
    gate = MailGate(settings.letters_per_minute)
    sealer = load_sealer(settings.keys, ("desk",))
    verifier = load_verifier(settings.keys, ("rating", "dashboard"))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await check_mail()
        async with open_runtime(settings, "notify", verifier=verifier, outboxes=OUTBOXES) as runtime:
            app.state.health = runtime.health
            facts, letters = MongoFacts(runtime.database), MongoLetters(runtime.database)
            attempts, workers = MongoAttempts(runtime.database), MongoWorkers(runtime.database)
            copies = MongoCopies(runtime.database, runtime.announce)
            dead_addresses = MongoDeadAddresses(runtime.database, hashes)
            bounces = MongoBounces(runtime.database, runtime.announce)
            for adapter in (facts, letters, attempts, workers, copies, bounces, dead_addresses):
                await adapter.prepare()

            worker, new_letters = uuid4().hex, NewLetters()
            heartbeat = Heartbeat(worker, workers, utc_now)
            outcomes = MongoOutcomes(runtime.database, runtime.announce)
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
            # After a failure, the letter that tells the desk is due.
            finish = FinishLetter(letters, outcomes, on_failed=write.write_due, is_withheld=withhold)
            deliver = DeliverLetter(
                worker=worker,
                letters=letters,
                attempts=attempts,
                is_dead=heartbeat.is_dead,
                is_withheld=withhold,
                now=utc_now,
                pause=asyncio.sleep,
            )
            dispatcher = MailDispatcher(
                letters,
                deliver,
                finish,
                new_connection=lambda: GatedConnection(SmtpConnection(settings.smtp, own_name), gate),
                new_letters=new_letters,
                now=utc_now,
            )
            take_back = TakeBackLetter(
                return_path=return_path,
                own_domain=own_name,
                bounces=bounces,
                dead_addresses=dead_addresses,
                on_failed=write.write_due,
                now=utc_now,
            )
            returned = (
                ReturnedMailReader(MaildirMails(settings.bounces), take_back, utc_now).running()
                if settings.bounces
                else nullcontext()
            )
            copy = CopyLetter(facts=facts, letters=letters, copies=copies, sealer=sealer, now=utc_now)
            subscribe(runtime.consumer, write, copy, EraseCopies(copies))
            # A paper that cannot be made must stop the start, not the first customer's letter.
            for product in products.values():
                await papers.prepare(product)
            # Alive before the first letter is claimed, and until the last is finished.
            async with runtime.running(), heartbeat.running(), dispatcher.running(), returned:
                yield

    return app_without_pages("notify", lifespan)


def main() -> None:
    """`python -m services.notify.app`."""
    settings = load(Settings)
    serve(create_app(settings), settings)


if __name__ == "__main__":
    main()
