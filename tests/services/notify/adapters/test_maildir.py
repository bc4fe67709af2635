"""The Maildir of the return path: what is read in it, and what is set aside there."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from services.notify.adapters.maildir import MaildirMails
from services.notify.entrypoints.returned_mails import KEPT_ASIDE_FOR
from shared.clock import utc_now
from shared.errors import Unavailable
from tests.services.notify.entrypoints.test_returned_mails import Inbox

pytestmark = pytest.mark.anyio


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path / "Maildir")


@contextmanager
def no_file_left() -> Iterator[None]:
    """Within the block this process can open no file."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_a_disk_that_fails_for_a_moment_loses_no_mail(inbox: Inbox) -> None:
    """This process has no file left to open."""
    inbox.deliver(b"bounce")
    mails = MaildirMails(inbox.folder)
    [name] = await mails.waiting(1)

    with no_file_left(), pytest.raises(Unavailable, match="Too many open files"):
        await mails.read(name)

    assert await mails.read(name) == b"bounce"


async def test_what_lies_in_the_folder_and_is_no_mail_is_left_alone(inbox: Inbox, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (inbox.folder / "new" / "link").symlink_to(tmp_path / "secret")
    (inbox.folder / "new" / "folder").mkdir()
    os.mkfifo(inbox.folder / "new" / "pipe")

    await inbox.reader().read_waiting()

    assert inbox.taken == []
    assert {path.name for path in (inbox.folder / "new").iterdir()} == {"link", "folder", "pipe"}


async def test_what_was_set_aside_is_forgotten_after_some_days_and_is_never_too_much(inbox: Inbox) -> None:
    """Strangers can write to the return path as often as they like."""
    inbox.deliver(*(b"spam %d" % number for number in range(4)))
    mails = MaildirMails(inbox.folder, most_aside=2)
    for days, name in enumerate(await mails.waiting(9)):
        at = (utc_now() - KEPT_ASIDE_FOR + timedelta(days=days, seconds=-9)).timestamp()
        os.utime(inbox.folder / name, (at, at))
        await mails.set_aside(name)

    await mails.forget(utc_now() - KEPT_ASIDE_FOR)

    assert inbox.aside() == [b"spam 2", b"spam 3"]


async def test_a_few_large_mails_that_were_set_aside_are_too_much_too(inbox: Inbox) -> None:
    inbox.deliver(*(bytes([number]) * 1_000 for number in range(4)))
    mails = MaildirMails(inbox.folder, most_bytes_aside=2_000)
    for minutes, name in enumerate(await mails.waiting(9)):
        at = (utc_now() - timedelta(hours=1) + timedelta(minutes=minutes)).timestamp()
        os.utime(inbox.folder / name, (at, at))
        await mails.set_aside(name)

    await mails.forget(utc_now() - KEPT_ASIDE_FOR)

    assert [content[0] for content in inbox.aside()] == [2, 3]
