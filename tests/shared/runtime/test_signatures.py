"""Who wrote a record that decides something: what a signature promises, and to whom."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from nacl.signing import SigningKey
from structlog.testing import capture_logs

from services.registry import SERVICES, Service
from shared.errors import Invalid
from shared.events import DESK, LETTERS, QUOTES, REQUESTS, TARIFFS, TOPICS, Envelope, QuoteDecided
from shared.events.envelope import SIGNATURE
from shared.runtime.parcels import KeyPair, UnknownKey
from shared.runtime.signatures import (
    SIGNERS,
    Signer,
    Verifier,
    load_signer,
    load_verifier,
    new_signing_key_pair,
    public_half,
)

NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DECIDED = QuoteDecided(
    request_id="r-1", decision_id="d-1", revision=2, decided_at=NOON, decided_by="staff-1", parcels={}
)


@dataclass(frozen=True, kw_only=True)
class Record:
    """A decision of the desk on its way."""

    topic: str
    key: bytes | None
    headers: dict[str, str]
    body: bytes | None

    def with_header(self, name: str, value: str) -> "Record":
        return replace(self, headers=self.headers | {name: value})

    def verify(self, verifier: Verifier) -> None:
        verifier.verify(self.topic, self.key, self.headers, self.body)


def keep(pair: KeyPair, folder: Path) -> None:
    (folder / f"{pair.id}.verify").write_text(pair.public, "ascii")
    (folder / f"{pair.id}.sign").write_text(pair.secret, "ascii")


def unsigned() -> Record:
    headers = Envelope(id="e-1", type=DECIDED.type, source="/mitsumori/dashboard", subject="r-1", time=NOON).headers()
    return Record(topic=DESK, key=b"r-1", headers=headers, body=DECIDED.to_json())


def signed(signer: Signer) -> Record:
    record = unsigned()
    assert record.key is not None
    assert record.body is not None
    return record.with_header(SIGNATURE, signer.sign(record.topic, record.key, record.headers, record.body))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for service in set(SIGNERS.values()):
        keep(new_signing_key_pair(service, 1), tmp_path)
    return tmp_path


@pytest.fixture
def verifier(folder: Path) -> Verifier:
    return load_verifier(folder, ("rating", "dashboard"))


@pytest.fixture
def record(folder: Path) -> Record:
    return signed(load_signer(folder, "dashboard"))


def test_the_topics_that_decide_something_are_signed_by_their_only_writer() -> None:
    """A quote is what the customer is told; a decision or a release of the desk makes one, or lets it go.

    A tariff is what an estimate is read off. Requests come from strangers anyway; a letter's outcome decides nothing.
    """
    writers = {topic: service.name for service in SERVICES for topic in service.writes}

    assert {topic: writers[topic] for topic in (QUOTES, DESK, TARIFFS)} == SIGNERS
    assert set(TOPICS) - set(SIGNERS) == {REQUESTS, LETTERS}
    assert {service.name for service in SERVICES if service.signs} == set(SIGNERS.values())


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_reader_of_a_signed_topic_knows_its_writers_key(service: Service) -> None:
    assert set(service.trusts) == {SIGNERS[topic] for topic in service.reads if topic in SIGNERS}


def test_what_the_writer_signed_is_accepted_by_a_reader_with_its_public_key(record: Record, verifier: Verifier) -> None:
    record.verify(verifier)


def test_an_unsigned_decision_is_refused(verifier: Verifier) -> None:
    """With intake's three public keys a stranger sealed a decision for 1円, and a 見積書 over it was sent."""
    with pytest.raises(Invalid, match="unsigned"):
        unsigned().verify(verifier)


@pytest.mark.parametrize("topic", [REQUESTS, LETTERS])
def test_records_of_other_topics_need_no_signature(topic: str, verifier: Verifier) -> None:
    replace(unsigned(), topic=topic).verify(verifier)


def _tampered() -> list[Any]:
    return [
        pytest.param(lambda record: replace(record, body=record.body + b" "), id="another body"),
        pytest.param(lambda record: replace(record, body=None), id="no body"),
        pytest.param(lambda record: replace(record, key=b"r-2"), id="under another key"),
        pytest.param(lambda record: replace(record, key=None), id="without a key"),
        pytest.param(lambda record: replace(record, topic=QUOTES), id="on the other signed topic"),
        *(
            pytest.param(lambda record, name=name: record.with_header(name, "other"), id=f"another {name}")
            for name in ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time")
        ),
        pytest.param(
            lambda record: replace(record, headers={k: v for k, v in record.headers.items() if k != "ce_time"}),
            id="a header is missing",
        ),
        pytest.param(lambda record: record.with_header("ce_id", "e-1mitsumori"), id="text moved between headers"),
    ]


@pytest.mark.parametrize("tamper", _tampered())
def test_a_signature_holds_for_its_own_record_only(
    tamper: Callable[[Record], Record], record: Record, verifier: Verifier
) -> None:
    """Else a decision about one request could be replayed as one about another."""
    with pytest.raises(Invalid, match="bad-signature"):
        tamper(record).verify(verifier)


@pytest.mark.parametrize(
    "value",
    [
        "dashboard-1",
        "dashboard-1:",
        "dashboard-1:AAAA",
        "dashboard-1:not base64!",
        "dashboard-1:" + "é" * 88,
        "dashboard-0:" + "A" * 86 + "==",
        "dashboard-٩٩:not base64!",
        "dashboard-" + "9" * 99 + ":" + "A" * 86 + "==",
        ":" + "A" * 86 + "==",
        "../dashboard-1:" + "A" * 86 + "==",
        "dashboard-1:" + "A" * 86 + "==",
    ],
)
def test_whatever_the_header_holds_it_is_a_bad_signature(value: str, verifier: Verifier) -> None:
    with pytest.raises(Invalid, match="bad-signature"):
        unsigned().with_header(SIGNATURE, value).verify(verifier)


def test_a_service_cannot_sign_for_another_although_its_own_key_is_known(folder: Path, verifier: Verifier) -> None:
    with pytest.raises(Invalid, match="bad-signature"):
        signed(load_signer(folder, "rating")).verify(verifier)


def test_a_key_of_ones_own_under_the_desks_name_is_refused(verifier: Verifier) -> None:
    with pytest.raises(Invalid, match="bad-signature"):
        signed(Signer("dashboard-1", SigningKey.generate())).verify(verifier)


def test_what_is_signed_cannot_be_read_in_two_ways(folder: Path) -> None:
    """Without lengths, `ce_id` "ab" and `ce_type` "c" would be signed as "a" and "bc" are."""
    signer, record = load_signer(folder, "dashboard"), unsigned()
    one, other = ({**record.headers, "ce_id": a, "ce_type": b} for a, b in (("ab", "c"), ("a", "bc")))

    assert signer.sign(DESK, b"k", one, b"") != signer.sign(DESK, b"k", other, b"")


def test_a_reader_that_runs_learns_of_a_new_key_from_the_first_record_under_it(
    folder: Path, verifier: Verifier, record: Record
) -> None:
    """Keys rotate without a pause: the writer alone is started again."""
    keep(new_signing_key_pair("dashboard", 2), folder)
    keep(new_signing_key_pair("dashboard", 10), folder)

    after = signed(load_signer(folder, "dashboard"))

    assert after.headers[SIGNATURE].startswith("dashboard-10:")
    after.verify(verifier)
    record.verify(verifier)


@pytest.mark.parametrize("ending", ["sign", "verify"])
def test_a_service_without_the_key_that_it_needs_does_not_start(folder: Path, ending: str) -> None:
    (folder / f"dashboard-1.{ending}").unlink()

    with pytest.raises(FileNotFoundError, match=rf"dashboard-<number>\.{ending}"):
        load_signer(folder, "dashboard") if ending == "sign" else load_verifier(folder, ("rating", "dashboard"))


def test_the_public_half_follows_from_the_secret_one() -> None:
    pair = new_signing_key_pair("rating", 1)

    assert public_half(pair.secret) == pair.public
    assert len(base64.b64decode(pair.secret)) == len(base64.b64decode(pair.public)) == 32


def test_a_copy_of_a_key_that_somebody_left_in_the_folder_is_not_signed_with(folder: Path) -> None:
    """After a rotation an operator kept `rating-1-old.sign`: rating ended at its start, over a number called `old`."""
    copied = next(folder.glob("*-1.sign"))
    service = copied.stem.removesuffix("-1")
    copied.with_name(f"{service}-1-old.sign").write_bytes(copied.read_bytes())

    assert signed(load_signer(folder, service)).headers["ce_signature"].startswith(f"{service}-1:")


BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"a note of secret\n", id="a note"),
    pytest.param(b"QUJD", id="cut short"),
    pytest.param(bytes(range(128, 200)), id="no text"),
]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_key_file_hides_no_other_key_and_is_named(
    folder: Path, verifier: Verifier, record: Record, content: bytes
) -> None:
    """An empty `dashboard-2.verify` hid the good `dashboard-3`: releases waited 15 s each and were set aside as a bug.

    What the file holds is not shown: it may be a secret half that somebody has copied to the wrong name.
    """
    (folder / "dashboard-2.verify").write_bytes(content)
    keep(new_signing_key_pair("dashboard", 3), folder)

    with capture_logs() as lines:
        signed(load_signer(folder, "dashboard")).verify(verifier)

    record.verify(verifier)
    assert [(line["log_level"], line["path"]) for line in lines] == [("warning", str(folder / "dashboard-2.verify"))]
    assert "secret" not in str(lines)


@pytest.mark.parametrize("content", BROKEN)
@pytest.mark.parametrize("key_id", ["dashboard-2", "dashboard-99"], ids=["of the broken file", "of no file"])
def test_a_newer_key_is_waited_for_also_beside_a_broken_file(
    folder: Path, verifier: Verifier, content: bytes, key_id: str
) -> None:
    """The error of the file was ours, so a forged record was tried five times, and stood among the bugs."""
    (folder / "dashboard-2.verify").write_bytes(content)

    with pytest.raises(UnknownKey) as refusal:
        unsigned().with_header(SIGNATURE, f"{key_id}:" + "A" * 86 + "==").verify(verifier)

    assert refusal.value.key == key_id


def test_a_record_under_a_key_that_is_not_there_yet_is_verified_when_it_is(folder: Path, verifier: Verifier) -> None:
    """Every quote of a rating with a new key was refused for good by a notify that did not have its public half yet."""
    pair = new_signing_key_pair("dashboard", 2)
    record = signed(Signer(pair.id, SigningKey(base64.b64decode(pair.secret))))
    with pytest.raises(UnknownKey) as refusal:
        record.verify(verifier)

    keep(pair, folder)

    record.verify(verifier)
    assert refusal.value.key == "dashboard-2"


def test_a_forged_record_that_has_waited_for_a_key_is_refused_when_it_is_there(
    folder: Path, verifier: Verifier
) -> None:
    forged = signed(Signer("dashboard-2", SigningKey.generate()))
    with pytest.raises(UnknownKey):
        forged.verify(verifier)

    keep(new_signing_key_pair("dashboard", 2), folder)

    with pytest.raises(Invalid, match="bad-signature"):
        forged.verify(verifier)


def test_a_key_that_was_taken_away_is_not_waited_for(folder: Path) -> None:
    """It may have been stolen; a wait would ask the operator to put it back."""
    stolen = signed(load_signer(folder, "dashboard"))
    keep(new_signing_key_pair("dashboard", 2), folder)
    (folder / "dashboard-1.verify").unlink()

    with pytest.raises(Invalid, match="bad-signature"):
        stolen.verify(load_verifier(folder, ("dashboard",)))


def test_a_key_of_another_service_is_never_waited_for(verifier: Verifier) -> None:
    with pytest.raises(Invalid, match="bad-signature"):
        signed(Signer("rating-9", SigningKey.generate())).verify(verifier)


@pytest.mark.parametrize("content", BROKEN)
def test_a_reader_starts_with_the_whole_keys_of_each_writer(folder: Path, record: Record, content: bytes) -> None:
    (folder / "dashboard-2.verify").write_bytes(content)
    record.verify(load_verifier(folder, ("rating", "dashboard")))

    (folder / "dashboard-1.verify").write_bytes(content)
    with pytest.raises(FileNotFoundError, match=r"no whole dashboard-<number>\.verify"):
        load_verifier(folder, ("rating", "dashboard"))


@pytest.mark.parametrize("content", BROKEN)
def test_a_writer_whose_newest_key_is_broken_does_not_start_and_says_which(folder: Path, content: bytes) -> None:
    """With an older key it would start, and nobody would know that the new one was never used."""
    (folder / "dashboard-2.sign").write_bytes(content)

    with pytest.raises(ValueError, match=r"dashboard-2\.sign is no key file") as refusal:
        load_signer(folder, "dashboard")
    assert "note" not in str(refusal.value)


def test_a_key_that_an_editor_has_saved_with_a_last_line_end_is_whole(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes() + b"\r\n")

    signed(load_signer(folder, "dashboard")).verify(load_verifier(folder, ("dashboard",)))
