"""A request is recognised when it is sent again, by us alone."""

import hmac
import json
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.request_ids import OLDER_KNOWN, RequestIds, older_fingerprint, older_id
from tests.services.intake.builders import NOON, accepted_answers

OURS = RequestIds(secret=b"ours")
OTHERS = RequestIds(secret=b"another ledger's")


def test_nobody_can_compute_a_request_s_id_from_its_key() -> None:
    """`order-0001` is easily guessed, and /done/{id} shows the 受付番号."""
    ids = {
        OURS.id("cyber-security", "key:order-0001"),
        OTHERS.id("cyber-security", "key:order-0001"),
        older_id("cyber-security", "key:order-0001"),
    }

    assert len(ids) == 3
    assert OURS.id("cyber-security", "key:order-0001") == OURS.id("cyber-security", "key:order-0001")
    assert OURS.id("cyber-security", "key:order-0001") != OURS.id("cyber-security", "key:order-0002")


def test_nobody_can_try_out_answers_until_the_fingerprint_fits() -> None:
    """Without a key it was a plain hash: whoever had the database could guess 45,000 times a second."""
    answers = accepted_answers()
    prints = {
        OURS.fingerprint("cyber-security", answers, ""),
        OTHERS.fingerprint("cyber-security", answers, ""),
        older_fingerprint("cyber-security", answers, ""),
    }

    assert len(prints) == 3
    assert OURS.fingerprint("cyber-security", answers, "") != OURS.fingerprint("cyber-security", answers, "a key")


def test_older_requests_are_looked_for_only_where_there_are_any_and_for_ninety_days() -> None:
    upgraded = RequestIds(secret=b"ours", older_until=NOON + OLDER_KNOWN)

    assert not OURS.knows_older(NOON)
    assert upgraded.knows_older(NOON + timedelta(days=89))
    assert not upgraded.knows_older(NOON + timedelta(days=90))


_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_ANSWERS = st.dictionaries(_TEXT, _TEXT | st.integers(0, 10**12) | st.lists(_TEXT))


@given(answers=_ANSWERS)
def test_a_fingerprint_is_the_same_in_every_version(answers: dict[str, Any]) -> None:
    """The ledger holds fingerprints: with another one, a request that is sent again would be a conflict."""
    text = json.dumps(["cyber", answers], ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    assert OURS.fingerprint("cyber", answers, "k") == hmac.new(b"ours", f"k\n{text}".encode(), "sha256").hexdigest()
