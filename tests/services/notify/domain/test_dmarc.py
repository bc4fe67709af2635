"""What a DMARC record says, and which domains count as that of From."""

import pytest

from services.notify.domain.dmarc import Dmarc, dmarc_records, is_aligned, places_of_dmarc, read_dmarc, read_tags


def test_a_record_says_its_policy_and_how_strict_it_is() -> None:
    assert read_dmarc("v=DMARC1; p=Reject; adkim=s;aspf=r; rua=mailto:a@agency.example;") == Dmarc(
        "reject", strict_dkim=True
    )
    assert read_dmarc("v=DMARC1;p=none;aspf=s") == Dmarc("none", strict_spf=True)


@pytest.mark.parametrize("record", ["v=DMARC1", "v=DMARC1; p=block", "v=dmarc1; p=none", "v=DMARC1; p=none; aspf=x"])
def test_a_record_without_a_known_policy_is_broken(record: str) -> None:
    assert dmarc_records((record, "v=spf1 -all")) == [record]
    with pytest.raises(ValueError, match=r".*"):
        read_dmarc(record)


@pytest.mark.parametrize(
    ("other", "relaxed", "strict"),
    [
        ("agency.example", True, True),
        ("mail.agency.example", True, False),
        ("example", True, False),
        ("notagency.example", False, False),
        ("provider.example", False, False),
    ],
)
def test_a_domain_counts_if_it_is_the_same_or_above_or_below(other: str, relaxed: bool, strict: bool) -> None:  # noqa: FBT001  # a table
    assert is_aligned("agency.example", other, strict=False) is relaxed
    assert is_aligned("agency.example", other, strict=True) is strict


def test_the_record_is_looked_for_up_to_the_registered_domain_and_no_further() -> None:
    assert places_of_dmarc("mail.agency.co.jp") == (
        "_dmarc.mail.agency.co.jp",
        "_dmarc.agency.co.jp",
        "_dmarc.co.jp",
    )
    assert places_of_dmarc("localhost") == ("_dmarc.localhost",)


def test_blanks_within_a_key_do_not_count() -> None:
    assert read_tags("v=DKIM1; k=rsa; p=MIIB IjAN\r\n\tBg==") == {"v": "DKIM1", "k": "rsa", "p": "MIIBIjANBg=="}
