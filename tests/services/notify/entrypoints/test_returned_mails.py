"""Mails that come back are read from a real folder: each once, none is lost, none is read for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from services.notify.adapters.maildir import MaildirMails
from services.notify.domain.return_path import ReturnPath
from services.notify.entrypoints.returned_mails import MOST_A_TURN, ReturnedMailReader
from services.notify.usecases.take_back import Taken
from shared.clock import utc_now
from shared.errors import Unavailable
from shared.runtime.waiting import Backoff
from tests.services.notify.builders import a_letter, a_request
from tests.services.notify.domain.test_bounce import FOLDER, SAMPLES
from tests.services.notify.fakes import Writing

pytestmark = pytest.mark.anyio

KEYS = {"notify-1": b"k" * 32}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Inbox:
    """A Maildir, and what a reader of it was given."""

    folder: Path
    taken: list[bytes] = field(default_factory=list)
    answers: dict[bytes, Taken | BaseException] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in ("tmp", "new", "cur"):
            (self.folder / part).mkdir(parents=True)

    def deliver(self, *contents: bytes) -> None:
        for content in contents:
            number = len(list(self.folder.rglob("*")))
            (self.folder / "tmp" / str(number)).write_bytes(content)
            (self.folder / "tmp" / str(number)).rename(self.folder / "new" / f"1700000000.{number:06d}.mx")

    async def take(self, content: bytes) -> Taken:
        self.taken.append(content)
        answer = self.answers.get(content, "bounced")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def reader(self, take: Callable[[bytes], Awaitable[Taken]] | None = None) -> ReturnedMailReader:
        return ReturnedMailReader(
            MaildirMails(self.folder), take or self.take, utc_now, poll_s=0.01, backoff=Backoff((0.01,))
        )

    def waiting(self) -> list[bytes]:
        return self._in("new")

    def shown(self) -> list[bytes]:
        return self._in("cur")

    def aside(self) -> list[bytes]:
        return self._in(".Aside/new")

    def _in(self, part: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / part).glob("*")) if path.is_file()]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "Maildir")


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("returned_mails_total", {"outcome": outcome}) or 0.0


async def test_what_was_understood_is_removed_and_what_was_not_is_set_aside(inbox: Inbox) -> None:
    """A report quotes the letter of a customer, which nobody would ever erase here."""
    inbox.deliver(b"bounce", b"delay", b"away", b"a person", b"a stranger's")
    inbox.answers = {b"delay": "delayed", b"away": "auto-reply", b"a person": "other", b"a stranger's": "not-ours"}
    before = counted("other")

    await inbox.reader().read_waiting()

    assert inbox.waiting() == []
    assert inbox.aside() == [b"a person", b"a stranger's"]
    assert counted("other") == before + 1


async def test_a_mail_over_which_we_stumble_is_set_aside_and_the_next_is_read(inbox: Inbox) -> None:
    inbox.deliver(b"broken", b"bounce")
    inbox.answers = {b"broken": ZeroDivisionError()}

    for _ in range(3):
        await inbox.reader().read_waiting()

    assert inbox.taken == [b"broken", b"bounce"]
    assert inbox.aside() == [b"broken"]


async def test_while_the_ledger_is_away_mails_wait_where_they_are(inbox: Inbox) -> None:
    inbox.deliver(b"first", b"second")
    inbox.answers = {b"first": Unavailable("mongo")}

    with pytest.raises(Unavailable):
        await inbox.reader().read_waiting()
    assert inbox.waiting() == [b"first", b"second"]

    inbox.answers = {}
    await inbox.reader().read_waiting()
    assert inbox.waiting() == inbox.aside() == []


async def test_a_process_that_is_killed_after_the_work_reads_the_mail_again(inbox: Inbox) -> None:
    """Moved last: if it were moved first, whoever is killed in between would have lost it."""
    inbox.deliver(b"bounce")
    inbox.answers = {b"bounce": Killed()}
    with pytest.raises(Killed):
        await inbox.reader().read_waiting()

    inbox.answers = {}
    await inbox.reader().read_waiting()

    assert inbox.taken == [b"bounce", b"bounce"]
    assert inbox.waiting() == []


async def test_of_several_processes_one_counts_each_mail(inbox: Inbox) -> None:
    inbox.deliver(*(b"bounce %d" % number for number in range(20)))
    before = counted("bounced")

    await asyncio.gather(*(inbox.reader().read_waiting() for _ in range(4)))

    assert inbox.waiting() == inbox.aside() == []
    assert counted("bounced") == before + 20


async def test_one_turn_reads_so_many_and_the_next_goes_on(inbox: Inbox) -> None:
    inbox.deliver(*(b"bounce %d" % number for number in range(MOST_A_TURN + 1)))
    reader = inbox.reader()

    await reader.read_waiting()
    assert len(inbox.waiting()) == 1

    await reader.read_waiting()
    assert inbox.waiting() == []


async def test_a_mail_that_a_mail_program_has_shown_to_somebody_is_read_too(inbox: Inbox) -> None:
    inbox.deliver(b"bounce", b"a person", b"newer bounce")
    inbox.answers = {b"a person": "other"}
    for name in await MaildirMails(inbox.folder).waiting(2):
        (inbox.folder / name).rename(inbox.folder / "cur" / f"{Path(name).name}:2,S")

    await inbox.reader().read_waiting()

    assert inbox.taken == [b"bounce", b"a person", b"newer bounce"]
    assert inbox.waiting() == inbox.shown() == []
    assert inbox.aside() == [b"a person"]


async def test_a_mail_that_we_may_not_read_stays_until_an_hour_later_and_stops_no_other(
    inbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """The mail server delivers with a mode that an operator must mend."""

    class MayNotRead(MaildirMails):
        async def read(self, name: str) -> bytes | None:
            content = await MaildirMails.read(self, name)
            if content == b"closed":
                raise PermissionError(name)
            return content

    inbox.deliver(b"closed", b"bounce")
    reader = ReturnedMailReader(MayNotRead(inbox.folder), inbox.take, utc_now)

    for _ in range(3):
        await reader.read_waiting()

    assert inbox.taken == [b"bounce"]
    assert inbox.waiting() == [b"closed"]
    assert inbox.aside() == []
    assert capsys.readouterr().out.count("returned mail may not be read") == 1


async def test_a_mail_that_cannot_be_moved_is_read_once_and_stops_no_other(inbox: Inbox) -> None:
    class CannotMove(MaildirMails):
        async def remove(self, name: str) -> bool:
            raise Unavailable(f"maildir (read-only file system, {name})")

    inbox.deliver(b"first", b"second")
    reader = ReturnedMailReader(CannotMove(inbox.folder), inbox.take, utc_now)

    for _ in range(3):
        await reader.read_waiting()

    assert inbox.taken == [b"first", b"second"]


async def test_a_folder_that_is_gone_is_waited_for(inbox: Inbox) -> None:
    (inbox.folder / "new").rmdir()
    is_missed, has_come = asyncio.Event(), asyncio.Event()

    class Watched(MaildirMails):
        async def waiting(self, most: int) -> list[str]:
            try:
                return await MaildirMails.waiting(self, most)
            except Unavailable:
                is_missed.set()
                raise

    async def take(content: bytes) -> Taken:
        has_come.set()
        return await inbox.take(content)

    reader = ReturnedMailReader(Watched(inbox.folder), take, utc_now, poll_s=0.01, backoff=Backoff((0.01,)))
    async with asyncio.timeout(5), reader.running():
        await is_missed.wait()
        (inbox.folder / "new").mkdir()
        inbox.deliver(b"bounce")
        await has_come.wait()

    assert inbox.taken == [b"bounce"]
    assert inbox.waiting() == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(contents=st.lists(st.binary(max_size=300) | st.sampled_from([p.read_bytes() for p in SAMPLES.values()])))
def test_whatever_comes_in_ends_up_handled(tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]) -> None:
    async def story() -> None:
        inbox = Inbox(tmp_path_factory.mktemp("any") / "Maildir")
        writing = Writing(inbox.folder, return_path=ReturnPath("bounces@agency.example", KEYS))
        await writing.facts.add(a_request(parcel=writing.keys.parcel(email="another@customer.example")))
        await writing.letters.add(a_letter(), [b""])
        inbox.deliver(*contents)

        reader = inbox.reader(writing.take_back)
        while inbox.waiting():
            await reader.read_waiting()

        assert writing.kinds().count("desk-undelivered") <= 1

    asyncio.run(story())


async def test_logs_of_a_bounce_name_nobody(inbox: Inbox, capsys: pytest.CaptureFixture[str]) -> None:
    writing = Writing(inbox.folder, return_path=ReturnPath("bounces@agency.example", KEYS))
    await writing.facts.add(a_request(parcel=writing.keys.parcel(email="another@customer.example")))
    await writing.letters.add(a_letter(), [b""])
    inbox.deliver(*((FOLDER / f"{name}.eml").read_bytes() for name in ("postfix-user-unknown", "a-person-replies")))

    await inbox.reader(writing.take_back).read_waiting()

    said = capsys.readouterr().out
    assert "letter bounced" in said
    assert "@" not in said
