"""The keys that letters are signed with: what is in the folder decides, and what is none stops the start."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from local.dkim import add_dkim_key
from services.notify.adapters.dkim_keys import dkim_records, load_dkim
from services.notify.domain.dkim import Dkim

SENDER = "noreply@Agency.example"


def loaded(folder: Path, content: bytes, name: str = "mitsumori_dkim_202611.pem") -> Dkim:
    (folder / name).write_bytes(content)
    return load_dkim(folder, SENDER)


def pem(bits: int) -> bytes:
    return generate_private_key(65_537, bits).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_every_key_signs_under_the_selector_in_its_name(tmp_path: Path) -> None:
    """So that a key can be changed without a day on which receivers know neither."""
    add_dkim_key(tmp_path, "202611")
    add_dkim_key(tmp_path, "202705", ed25519=True)

    signer = load_dkim(tmp_path / "notify", SENDER)

    assert signer.domain == "agency.example"
    assert [(key.selector, key.algorithm) for key in signer.keys] == [
        ("202611", "rsa-sha256"),
        ("202705", "ed25519-sha256"),
    ]
    assert list(dkim_records(tmp_path / "notify")) == ["202611", "202705"]


def test_without_a_file_nothing_is_signed(tmp_path: Path) -> None:
    assert load_dkim(tmp_path, "mitsumori@localhost").keys == ()


def test_a_key_that_some_receivers_do_not_take_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"mitsumori_dkim_202611\.pem has 1024 bits; a DKIM key needs 2048"):
        loaded(tmp_path, pem(1024))


def test_a_file_that_is_no_key_stops_the_start_and_is_not_quoted(tmp_path: Path) -> None:
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", b"secret"):
        with pytest.raises(ValueError, match=r"mitsumori_dkim_202611\.pem is no DKIM key") as error:
            loaded(tmp_path, content)

        assert error.value.__suppress_context__
        assert "secret" not in str(error.value)


def test_a_key_with_a_password_or_of_another_kind_stops_the_start(tmp_path: Path) -> None:
    ec = new_ec_key(SECP256R1())
    locked = ec.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"password"))
    other = ec.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    for content in (locked, other):
        with pytest.raises(ValueError, match="is no DKIM key"):
            loaded(tmp_path, content)


def test_a_file_whose_name_has_no_selector_stops_the_start(tmp_path: Path) -> None:
    """Somebody's copy would sign under a name that is nowhere in the DNS."""
    with pytest.raises(ValueError, match="a selector has up to 63 of a-z"):
        loaded(tmp_path, pem(2048), "mitsumori_dkim_202611 (1).pem")


@pytest.mark.parametrize("sender", ["mitsumori@localhost", "mitsumori@[127.0.0.1]"])
def test_a_key_without_a_domain_that_could_publish_it_stops_the_start(tmp_path: Path, sender: str) -> None:
    add_dkim_key(tmp_path, "202611")

    with pytest.raises(ValueError, match="MITSUMORI_MAIL_FROM no domain"):
        load_dkim(tmp_path / "notify", sender)
