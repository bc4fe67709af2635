"""What the ports around mails to staff promise. A file of its own, because `specs.py` has its size."""

import asyncio
from datetime import timedelta

from services.dashboard.ports.staff_mails import StaffAddresses, StaffMails
from shared.events import CaseOverdue
from tests.services.dashboard.builders import NOON

LATER = NOON + timedelta(days=1)
MAIL = "Hanako@agency.example"


class StaffAddressesSpec:
    """For accounts that are there: `desk`, `boss`."""

    async def test_an_address_is_kept_until_there_is_another_or_none(self, addresses: StaffAddresses) -> None:
        before = await addresses.of("desk")
        await addresses.keep("desk", "old@agency.example")
        await addresses.keep("desk", MAIL)
        kept = await addresses.of("desk")
        await addresses.keep("desk", None)

        assert (before, kept, await addresses.of("desk")) == (None, MAIL, None)

    async def test_its_owners_are_found_however_it_is_written(self, addresses: StaffAddresses) -> None:
        await addresses.keep("desk", MAIL)
        await addresses.keep("boss", MAIL.lower())

        assert list(await addresses.owners("HANAKO@AGENCY.EXAMPLE")) == ["boss", "desk"]
        assert list(await addresses.owners("somebody@agency.example")) == []


class StaffMailsSpec:
    async def test_a_notice_is_kept_once(self, staff_mails: StaffMails) -> None:
        kept = [await staff_mails.add(a_mail("one"), NOON, until=LATER) for _ in range(2)]

        assert kept == [True, False]

    async def test_no_two_notices_are_about_the_same(self, staff_mails: StaffMails) -> None:
        first = await staff_mails.add(a_mail("one"), NOON, until=LATER, about=["a", "b"])
        overlapping = await staff_mails.add(a_mail("two"), NOON, until=LATER, about=["b", "c"])
        other = await staff_mails.add(a_mail("three"), NOON, until=LATER, about=["c"])
        about_nothing = [await staff_mails.add(a_mail(name), NOON, until=LATER) for name in ("four", "five")]

        assert (first, overlapping, other, about_nothing) == (True, False, True, [True, True])
        assert await staff_mails.told(["a", "b", "c", "d"]) == {"a", "b", "c"}

    async def test_of_two_at_the_same_moment_one_is_kept(self, staff_mails: StaffMails) -> None:
        kept = await asyncio.gather(
            *(
                staff_mails.add(a_mail(f"n-{number}"), NOON, until=LATER, about=["a", f"b-{number}"])
                for number in range(8)
            )
        )

        assert sorted(kept) == [False] * 7 + [True]


def a_mail(name: str) -> CaseOverdue:
    return CaseOverdue(request_id=name, product="cyber-security", noticed_at=NOON, cases=())
