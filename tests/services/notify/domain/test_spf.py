"""What the words of an SPF record mean."""

from ipaddress import ip_address

import pytest

from services.notify.domain.spf import SpfTerm, read_spf, spf_records


def test_only_a_text_that_is_one_is_an_spf_record() -> None:
    texts = ("v=spf1 -all", "V=SPF1", "v=spf10 -all", "google-site-verification=v=spf1", "")

    assert spf_records(texts) == ["v=spf1 -all", "V=SPF1"]


def test_the_terms_of_a_record_are_read_in_their_order() -> None:
    record = "v=spf1 ip4:192.0.2.0/24 IP6:2001:db8::/32 a:mail.agency.example/28//64 mx ~include:spf.example ?all"

    assert read_spf(record) == (
        SpfTerm("ip4", "192.0.2.0/24"),
        SpfTerm("ip6", "2001:db8::/32"),
        SpfTerm("a", "mail.agency.example", prefixes=(28, 64)),
        SpfTerm("mx"),
        SpfTerm("include", "spf.example", passes=False),
        SpfTerm("all", passes=False),
    )


def test_a_redirect_counts_only_where_nothing_is_said_of_all() -> None:
    assert read_spf("v=spf1 redirect=spf.example exp=why.example") == (SpfTerm("redirect", "spf.example"),)
    assert read_spf("v=spf1 redirect=spf.example -all") == (SpfTerm("all", passes=False),)


@pytest.mark.parametrize(
    "word",
    [
        "ip4:192.0.2.300",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip4",
        "include",
        "include:",
        "mx/33",
        "alll",
        "-",
        "a//129",
    ],
)
def test_a_mistyped_word_makes_a_record_broken(word: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_spf(f"v=spf1 {word} -all")


def test_a_network_has_the_addresses_of_its_own_kind_only() -> None:
    assert SpfTerm("ip4", "192.0.2.0/24").has(ip_address("192.0.2.7"))
    assert not SpfTerm("ip4", "192.0.2.0/24").has(ip_address("2001:db8::7"))
    assert SpfTerm("a", prefixes=(24, 128)).is_near("192.0.2.1", ip_address("192.0.2.7"))
    assert not SpfTerm("a").is_near("192.0.2.1", ip_address("192.0.2.7"))
    assert not SpfTerm("a").is_near("2001:db8::1", ip_address("192.0.2.7"))
