"""Links that stop news: nobody makes one but we, they have no end, and they say nothing of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.dead_address import AddressHashes
from services.notify.domain.news_links import FOLDER, NewsLinks

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
ADDRESS = "yoshida@customer.example"
SITE = "https://form.agency.example"


def links(**keys: bytes) -> NewsLinks:
    return NewsLinks(SITE, AddressHashes(keys), keys)


LINKS = links(old=OLD, new=NEW)
TOKEN = LINKS.url(ADDRESS).removeprefix(f"{SITE}/{FOLDER}/")


def test_a_link_names_the_mailbox_that_it_was_made_for() -> None:
    assert LINKS.mailbox(TOKEN) in LINKS.mailboxes.all(ADDRESS)
    assert LINKS.url(ADDRESS) == f"https://form.agency.example/news/{TOKEN}"


def test_one_mailbox_has_one_link_however_it_is_written_and_another_has_another() -> None:
    assert LINKS.url("Yoshida@Customer.EXAMPLE") == LINKS.url(ADDRESS)
    assert LINKS.url("hanako@customer.example") != LINKS.url(ADDRESS)


def test_nobody_reads_the_address_in_a_link() -> None:
    assert not any(part in LINKS.url(ADDRESS) for part in ("yoshida", "customer"))
    assert links(old=OTHER).mailboxes.newest(ADDRESS) not in TOKEN


@pytest.mark.parametrize("place", range(len(TOKEN)))
def test_a_link_with_one_character_changed_is_none_of_ours(place: int) -> None:
    other = "1" if TOKEN[place] == "0" else "0"

    assert LINKS.mailbox(TOKEN[:place] + other + TOKEN[place + 1 :]) is None


@given(st.text())
def test_no_text_that_somebody_makes_up_is_a_link_or_does_harm(text: str) -> None:
    assert LINKS.mailbox(text) is None


@pytest.mark.parametrize("token", [TOKEN[:-1], f"{TOKEN}0", f"{TOKEN}\n", f"{TOKEN}/", f"./{TOKEN}", TOKEN.upper(), ""])
def test_nearly_a_link_is_none(token: str) -> None:
    assert LINKS.mailbox(token) is None


def test_a_copy_of_the_database_makes_no_link() -> None:
    """It holds the hashes of the mailboxes, and no key."""
    mailbox = LINKS.mailboxes.newest(ADDRESS)

    assert LINKS.mailbox(links(old=OTHER).url(ADDRESS)[-52:]) is None
    assert LINKS.mailbox(mailbox + "0" * 20) is None


def test_a_link_of_before_a_change_of_keys_still_holds() -> None:
    before = links(old=OLD)

    mailbox = LINKS.mailbox(before.url(ADDRESS)[-52:])

    assert mailbox in LINKS.mailboxes.all(ADDRESS)


def test_links_of_before_and_after_a_change_of_keys_name_the_mailbox_by_a_hash_that_every_choice_has() -> None:
    """What was chosen before the change is kept under the old key alone, and must end with either link."""
    before = links(old=OLD)

    assert LINKS.mailbox(TOKEN) == LINKS.mailbox(before.url(ADDRESS)[-52:]) == before.mailboxes.newest(ADDRESS)


def test_the_keys_are_not_shown_where_the_links_are() -> None:
    assert repr(OLD) not in repr(LINKS)
    assert "keys" not in repr(LINKS)
