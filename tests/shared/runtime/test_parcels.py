"""Personal data travels encrypted: what a parcel promises."""

import json
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shared.errors import Invalid
from shared.events import Parcel
from shared.events.parcels import Contact, RequestForDesk
from shared.runtime.parcels import (
    KeyPair,
    ParcelOpener,
    load_parcel_opener,
    load_sealer,
    new_key_pair,
)

ANSWERS = {"d3_01": "yes", "company": "𠮷野家具店", "d4_7": ["mfa"]}
CONTACT = Contact(
    company="𠮷野家具店",
    department="総務部",
    person="見本 花子",
    phone="03-9876-5432",
    email="hanako@example.jp",
    postal_code="100-0013",
    address="東京都千代田区霞が関9丁目8番7号",
)


def keep(pair: KeyPair, folder: Path) -> None:
    folder.joinpath(f"{pair.id}.pub").write_text(pair.public, "ascii")
    folder.joinpath(f"{pair.id}.key").write_text(pair.secret, "ascii")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    keep(new_key_pair("rating", 1), tmp_path)
    keep(new_key_pair("desk", 1), tmp_path)
    return tmp_path


def test_a_reader_opens_what_was_sealed_for_it(folder: Path) -> None:
    parcel = load_sealer(folder, ["rating"]).seal("rating", ANSWERS)

    assert load_parcel_opener(folder, "rating").open(parcel) == ANSWERS
    assert "𠮷" not in parcel.box


def test_of_a_model_only_what_was_set_is_sealed(folder: Path) -> None:
    """A default that is added to a model later must not appear in what an earlier writer sealed."""
    content = RequestForDesk(contact=CONTACT, answers={"d4_7": ["mfa"], "turnover": 500_000})

    opened = load_parcel_opener(folder, "desk").open(load_sealer(folder, ["desk"]).seal("desk", content))

    assert opened == {
        "contact": CONTACT.model_dump(exclude_unset=True),
        "answers": {"d4_7": ["mfa"], "turnover": 500_000},
    }


def test_another_reader_cannot_open_it(folder: Path) -> None:
    parcel = load_sealer(folder, ["rating"]).seal("rating", ANSWERS)
    forged = Parcel(key="desk-1", box=parcel.box)

    with pytest.raises(Invalid, match="broken-parcel"):
        load_parcel_opener(folder, "desk").open(forged)


def test_whoever_holds_only_public_keys_cannot_read_what_it_sealed(folder: Path) -> None:
    folder.joinpath("rating-1.key").unlink()

    with pytest.raises(FileNotFoundError, match="keys new"):
        load_parcel_opener(folder, "rating")


def test_after_a_rotation_new_parcels_use_the_new_key_and_old_ones_still_open(folder: Path) -> None:
    before = load_sealer(folder, ["rating"]).seal("rating", ANSWERS)
    keep(new_key_pair("rating", 2), folder)
    keep(new_key_pair("rating", 10), folder)

    after = load_sealer(folder, ["rating"]).seal("rating", ANSWERS)

    assert (before.key, after.key) == ("rating-1", "rating-10")
    opener = load_parcel_opener(folder, "rating")
    assert opener.open(before) == opener.open(after) == ANSWERS


def test_a_parcel_under_an_unknown_key_is_refused_without_a_word_of_its_content(folder: Path) -> None:
    parcel = load_sealer(folder, ["rating"]).seal("rating", ANSWERS)

    with pytest.raises(Invalid, match="unknown-key") as refusal:
        ParcelOpener({}).open(parcel)
    assert "𠮷" not in str(refusal.value)


def test_a_reader_that_runs_learns_of_a_new_key_from_the_first_parcel_under_it(folder: Path) -> None:
    """A writer may be started anew before its readers: what it seals must not become dead letters."""
    opener = load_parcel_opener(folder, "rating")
    keep(new_key_pair("rating", 2), folder)

    assert opener.open(load_sealer(folder, ["rating"]).seal("rating", ANSWERS)) == ANSWERS


def test_a_writer_without_the_key_of_a_reader_does_not_start(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match="notify"):
        load_sealer(folder, ["rating", "notify"])


@pytest.mark.parametrize("box", ["", "not base64!", "AAAA"], ids=["empty", "not base64", "too short"])
def test_a_damaged_box_is_refused(folder: Path, box: str) -> None:
    with pytest.raises(Invalid, match="broken-parcel"):
        load_parcel_opener(folder, "rating").open(Parcel(key="rating-1", box=box))


def test_the_length_of_a_box_does_not_tell_the_answers(folder: Path) -> None:
    sealer = load_sealer(folder, ["rating"])
    all_yes = {f"d3_{n:02}": "yes" for n in range(1, 22)}
    all_unknown = {f"d3_{n:02}": "unknown" for n in range(1, 22)}
    assert len(json.dumps(all_yes)) != len(json.dumps(all_unknown))

    assert len(sealer.seal("rating", all_yes).box) == len(sealer.seal("rating", all_unknown).box)


def test_a_copy_of_a_key_that_somebody_left_in_the_folder_is_ignored(folder: Path) -> None:
    """After a rotation an operator kept `rating-1-old.pub`: intake ended at its start, over a number called `old`."""
    folder.joinpath("rating-1-old.pub").write_bytes(folder.joinpath("rating-1.pub").read_bytes())

    assert load_sealer(folder, ["rating"]).seal("rating", ANSWERS).key == "rating-1"


@pytest.mark.parametrize("content", [b"", b"a note\n", b"QUJD", b"\x80\xff"])
def test_a_broken_new_key_keeps_a_running_reader_from_nothing(folder: Path, content: bytes) -> None:
    """One empty `rating-2.key` made a bug of every parcel under another unknown key, and hid a good `rating-3.key`."""
    opener = load_parcel_opener(folder, "rating")
    folder.joinpath("rating-2.key").write_bytes(content)
    keep(new_key_pair("rating", 3), folder)

    with capture_logs() as lines:
        opened = opener.open(load_sealer(folder, ["rating"]).seal("rating", ANSWERS))
    with pytest.raises(Invalid, match="unknown-key"):
        opener.open(Parcel(key="rating-2", box="AAAA"))

    assert opened == ANSWERS
    assert [line["path"] for line in lines] == [str(folder / "rating-2.key")]


@pytest.mark.parametrize("content", [b"", b"a note\n", b"QUJD", b"\x80\xff"])
def test_a_service_whose_own_key_is_broken_does_not_start_and_says_which(folder: Path, content: bytes) -> None:
    """`Incorrect padding`, or nothing but PyNaCl's own words, named no file."""
    folder.joinpath("rating-1.key").write_bytes(content)
    folder.joinpath("rating-1.pub").write_bytes(content)

    with pytest.raises(ValueError, match=r"rating-1\.key is no key file"):
        load_parcel_opener(folder, "rating")
    with pytest.raises(ValueError, match=r"rating-1\.pub is no key file"):
        load_sealer(folder, ["rating"])
