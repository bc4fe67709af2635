"""A letter whose key is not there waits, somebody is told, and all others are sent; with the key it is sent too."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.notify.adapters.letter_seals import load_letter_seals
from services.notify.adapters.mongo import MongoLetters
from services.notify.entrypoints.worker import POSTPONE_AFTER_BUG
from shared.runtime.adapters.mongo import Database
from shared.runtime.parcels import new_key_pair
from tests.local.smtp_sink import SmtpSink
from tests.services.notify.builders import a_letter, seals_with
from tests.services.notify.entrypoints.test_worker import Process, subjects

pytestmark = pytest.mark.anyio


async def test_it_waits_without_an_attempt_and_is_sent_once_its_key_is_there(
    database: Database, smtp_sink: SmtpSink, tmp_path: Path
) -> None:
    old, new = new_key_pair("notify", 1), new_key_pair("notify", 2)
    (tmp_path / "notify-1.key").write_text(old.secret)
    process = Process(database, smtp_sink, seals=load_letter_seals(tmp_path))
    with_new_key = MongoLetters(database, seals_with(old, new))
    await with_new_key.add(a_letter(id="waits"), [b"Subject: waits\r\n\r\nhello\r\n"])
    await process.write("goes")

    with capture_logs() as lines:
        await process.deliver_due()
        process.clock.advance(seconds=POSTPONE_AFTER_BUG.total_seconds())
        await process.deliver_due()
    sent_without, tried = subjects(smtp_sink), await database["attempts"].distinct("letter_id")
    waiting = process.without_key[-1]
    (tmp_path / "notify-2.key").write_text(new.secret)
    process.clock.advance(seconds=POSTPONE_AFTER_BUG.total_seconds())
    await process.deliver_due()

    assert (sent_without, subjects(smtp_sink)) == (["goes"], ["goes", "waits"])
    assert tried == ["goes"]
    told = [line for line in lines if line["log_level"] == "error"]
    assert [(line["event"], line["reason"], line["letter_id"]) for line in told] == [
        ("letter waits for a key", "no notify-2", "waits")
    ]
    assert (waiting, process.without_key[-1]) == (1, 0)
