"""Every kind of letter, as it is when a mail server has received it: signed, and the same at every attempt."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from local.dkim import add_dkim_key
from services.notify.adapters.dkim_keys import load_dkim
from services.notify.adapters.mongo import MongoLetters
from services.notify.adapters.smtp import SmtpConnection
from services.notify.domain.letter import Letter
from services.notify.domain.mail_server import MailServer
from services.notify.usecases.write import WriteLetters
from shared.errors import Invalid
from shared.events import LetterKind
from shared.runtime.adapters.mongo import Database
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import (
    SEALS,
    a_colleague_answered,
    a_colleague_asked,
    a_link,
    a_referral,
    a_request,
    a_reset,
    an_invitation,
    an_offer,
    an_overdue_mail,
)
from tests.services.notify.fakes import Writing
from tests.services.notify.receiver import accepts_signature
from tests.services.notify.usecases.fakes import failing

pytestmark = pytest.mark.anyio

NOT_DUE_YET = {"desk-late"}
"""No rule makes it due so far."""


async def every_kind(writing: Writing) -> None:
    parcel, link = writing.keys.parcel(), writing.keys.link()
    await writing.receive(a_request(brochure="email", parcel=parcel), an_offer())
    await writing.receive(
        a_request(request_id="referred", parcel=parcel), a_referral(request_id="referred", quote_id="referral")
    )
    await writing.receive(a_request(request_id="misprinted", parcel=parcel))
    not_printed: WriteLetters = failing(writing, {"quote": Invalid("document-failed")})
    await not_printed(an_offer(request_id="misprinted", quote_id="not-printed"))
    await writing.receive(
        a_link(link, request_id="link"),
        a_colleague_asked(link, request_id="asked"),
        a_colleague_answered(link, request_id="answered"),
        an_invitation(link, request_id="invitation"),
        a_reset(link, request_id="reset"),
        an_overdue_mail(),
    )


async def send(sink: SmtpSink, letter: Letter, content: bytes) -> bytes:
    connection = SmtpConnection(MailServer.from_url(sink.url), "agency.example")
    await connection.ensure_ready()
    await connection.send_envelope(letter, len(content))
    await connection.send_content(content)
    await connection.close()
    return sink.accepted[-1].content


async def test_every_kind_of_letter_arrives_with_a_signature_that_holds(tmp_path: Path, smtp_sink: SmtpSink) -> None:
    records = {"202611": add_dkim_key(tmp_path, "202611")}
    writing = Writing(tmp_path, dkim=load_dkim(tmp_path / "notify", "noreply@agency.example"))

    await every_kind(writing)
    arrived = {
        (letter.kind, letter.id): await send(smtp_sink, letter, writing.handed_over[letter.id])
        for letter in writing.letters.heads.values()
    }

    assert {kind for kind, _ in arrived} == {*get_args(LetterKind)} - NOT_DUE_YET
    assert [kind for (kind, _), mail in arrived.items() if not accepts_signature(mail, records)] == []
    assert [
        kind for (kind, _), mail in arrived.items() if accepts_signature(mail[:-9] + b"x" + mail[-8:], records)
    ] == []


async def test_a_letter_from_the_ledger_has_the_signature_of_its_first_attempt(
    tmp_path: Path, database: Database
) -> None:
    records = {"202611": add_dkim_key(tmp_path, "202611")}
    writing = Writing(tmp_path, dkim=load_dkim(tmp_path / "notify", "noreply@agency.example"))
    letters = MongoLetters(database, SEALS)
    await letters.prepare()

    await replace(writing.write, letters=letters)(
        a_request(brochure="email", quote=False, parcel=writing.keys.parcel())
    )
    kept = {letter: await letters.content(letter) for letter in writing.handed_over}

    assert len(kept) == 2
    assert kept == writing.handed_over
    assert all(accepts_signature(content, records) for content in kept.values())
