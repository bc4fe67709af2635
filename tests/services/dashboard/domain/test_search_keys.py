"""What is stored of a name says nothing without the key, and a change of keys never hides a case unsaid."""

import hashlib
from typing import Final

import pytest

from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.domain.search_terms import terms_of_case, terms_of_query
from shared.events.parcels import Contact
from tests.services.dashboard.builders import CONTACT

FIRST, SECOND = b"1" * 32, b"2" * 32
TERMS: Final = terms_of_case(Contact.model_validate(CONTACT), "KM4RP6X7", ["KM4RP6X7-1"])
QUERY: Final = terms_of_query("カナリア")


def is_candidate(writer: SearchKeys, reader: SearchKeys) -> bool:
    stored = set(writer.of_case(TERMS))
    return any(stored.issuperset(hashes) for hashes in reader.of_query(QUERY))


def test_a_case_is_found_under_the_key_that_it_was_written_with() -> None:
    assert is_candidate(SearchKeys({"desk-1": FIRST}), SearchKeys({"desk-1": FIRST}))


def test_a_hash_that_was_made_with_another_key_finds_nothing() -> None:
    assert not is_candidate(SearchKeys({"desk-1": FIRST}), SearchKeys({"desk-1": SECOND}))


def test_after_a_rotation_both_the_earlier_and_the_new_cases_are_found() -> None:
    rotated = SearchKeys({"desk-1": FIRST, "desk-2": SECOND})

    assert (rotated.newest, rotated.ids) == ("desk-2", ("desk-1", "desk-2"))
    assert is_candidate(SearchKeys({"desk-1": FIRST}), rotated)
    assert is_candidate(rotated, rotated)
    assert not is_candidate(rotated, SearchKeys({"desk-1": FIRST}))


@pytest.mark.parametrize("algorithm", ["blake2b", "blake2s", "sha256", "sha1", "md5"])
def test_nothing_stored_is_a_hash_that_can_be_made_without_the_key(algorithm: str) -> None:
    stored = set(SearchKeys({"desk-1": FIRST}).of_case(TERMS))
    plain = [text.encode() for term in TERMS for text in (term.text, f"{term.field}\0{term.text}")]
    digests = [hashlib.new(algorithm, text).digest() for text in plain]
    digests += [hashlib.blake2b(text, digest_size=4).digest() for text in plain]

    ends = [end for digest in digests for end in (digest[:4], digest[-4:])]
    assert stored.isdisjoint(int.from_bytes(end, "big", signed=True) for end in ends)
    assert stored.isdisjoint(int.from_bytes(end, "little", signed=True) for end in ends)


def test_the_same_piece_is_another_hash_in_another_field() -> None:
    """Else the names of people could be found among those of companies by counting."""
    keys = SearchKeys({"desk-1": FIRST})
    company, person = terms_of_query("カナ").readings[:2]

    assert {reading.field for reading in (company, person)} == {"company", "person"}
    assert set(keys.of_case(company.terms)).isdisjoint(keys.of_case(person.terms))


def test_neither_the_order_nor_the_number_of_a_piece_is_kept() -> None:
    keys = SearchKeys({"desk-1": FIRST})
    once, twice = (
        keys.of_case(terms_of_case(Contact.model_validate(CONTACT | {"company": name}), "KM4RP6X7", ()))
        for name in ("たたた", "たたたた")
    )

    assert once == twice == sorted(once)
