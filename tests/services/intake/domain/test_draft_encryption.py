"""What is stored must stay readable: customers come back to a draft after an update, too."""

from base64 import b64decode
from typing import Final

from services.intake.domain.copy import CopyGroup, CopyRow
from services.intake.domain.draft import Draft
from services.intake.domain.draft_encryption import decrypt_draft, encrypt, encrypt_draft, stored_id
from tests.services.intake.builders import a_copy, a_product

KEY: Final = "the-key-of-a-customer"
STORED_BEFORE: Final = b64decode(
    "ag2z02TfuA3ZFhKUDMg4LciqWHg6C69GORpuaqlQfsoUyMj7SHMMI9ZkRi+RoTHfXbbs+fvxplVZohkbg/pcnWqvKpktB7BBdlsn"
    "sh5wvuCOhf4m9610CeSXSG/wg+6dTlxJjroRCotrDBwYpg47YApF2Fw9TA758PZ2CgWP0iLXFdr2oE5t+/c943sp8aB3k1OwSW9S"
    "IoXoz71M8iWm4TQqipUV/aS/agzGce6rxaHQU4b7ephhVCnRShMyikz7lMme0LgNuVEIeazlTWbtvkHU+FTmaToN9IVnaf+Ck+U4"
    "/i8vcZfWDtJhaulZC84NF7VwylCc68bOhhFdodi94EKRJ6kn21QKuwIwtXHS9d1Znel/jK66DAMgE/p6oae4kLjQNe0L3DgooCX/"
    "ii8ApwoDiEea1l49fnOkmWMAJn9i063/a24S0+5it6/v8BDA23c="
)
"""A draft with every field, as the first version stored it."""


def test_a_draft_that_was_stored_before_opens() -> None:
    assert stored_id(KEY) == "8ac472bcb59e92ab9786c993a874d7828e410151740b5a1ac1609716f08e35d7"
    assert decrypt_draft(KEY, STORED_BEFORE) == Draft(
        typed={"company": "見本商会", "d3_22": ["isms"]},
        passed=("contact",),
        nonce="n-1",
        begun_at="2026-11-24T03:00:00+00:00",
        visit="v-1",
        doubted=("email=a@gmial.com",),
        suspicions=("too-fast",),
        link="l-1",
        asked={"policy": "k-2"},
        heard={"policy": "n-2"},
    )


def test_a_draft_of_a_later_version_opens_without_what_is_not_known_yet() -> None:
    assert decrypt_draft(KEY, encrypt(KEY, {"nonce": "n-1", "visit": "v-1", "later": 1})) == Draft(
        nonce="n-1", visit="v-1"
    )


def test_another_key_opens_nothing() -> None:
    assert decrypt_draft("another-key", encrypt_draft(KEY, Draft())) is None


def test_what_was_sent_and_halves_of_characters_come_back_as_they_were() -> None:
    draft = Draft(
        typed={"company": "見本\ud800商会"},
        sent="r-1",
        copy=a_copy(CopyGroup("企業・ご担当者様情報", (CopyRow("企業名", "𠮷田"),))),
        confirmed="0123456789ab",
    )

    assert decrypt_draft(KEY, encrypt_draft(KEY, draft)) == draft


def test_a_copy_that_was_stored_before_opens() -> None:
    """It says what was agreed to: a field that is called differently tomorrow would take it from the customer."""
    stored = {
        "reception_no": "K7M2P4XR",
        "sent_at": "2026-11-24T03:00:00Z",
        "form_version": a_product().form.version,
        "consent_version": a_product().privacy.version,
        "product": a_product().name,
        "insurer": a_product().insurer,
        "notices": dict(a_product().notices),
        "groups": [{"title": "g", "rows": [{"label": "企業名", "answer": "見本商会"}]}],
        "later": 1,
    }

    draft = decrypt_draft(KEY, encrypt(KEY, {"sent": "r-1", "copy": stored}))

    assert draft is not None
    assert draft.copy == a_copy(CopyGroup("g", (CopyRow("企業名", "見本商会"),)))
