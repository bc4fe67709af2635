"""Domains that people type for the one they mean; and those that are what they seem."""

import pytest

from services.intake.domain.mail_providers import PROVIDERS
from services.intake.domain.mistyped_domain import meant


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        *((typed, "gmail.com") for typed in ("gmail.co.jp", "gmail.jp", "gmail.ne.jp", "gmail.net", "gmail.com.jp")),
        *(
            (typed, "gmail.com")
            for typed in ("gmail.co", "gmail.cm", "gmail.om", "gmail.comjp", "gmal.com", "gmali.com")
        ),
        *((typed, "yahoo.co.jp") for typed in ("yahoo.ne.jp", "yahoo.jp", "yahoo.co", "yahoo.or.jp", "yahoo.cojp")),
        *((typed, "yahoo.co.jp") for typed in ("yahoo.com.jp", "yahoo.cp.jp", "yahoo.co.jo", "yahooo.co.jp")),
        *(
            (typed, "docomo.ne.jp")
            for typed in ("docomo.co.jp", "docomo.jp", "docomo.com", "docomo.ne", "dokomo.ne.jp")
        ),
        *((typed, "ezweb.ne.jp") for typed in ("ezweb.co.jp", "ezweb.jp", "ezweb.com", "ezweb.ne.jo", "ezweb.or.jp")),
        *((typed, "au.com") for typed in ("au.co.jp", "au.ne.jp", "au.jp", "au.con")),
        *((typed, "softbank.ne.jp") for typed in ("softbank.co.jp", "softbank.jp", "softbank.com", "softbank.nejp")),
        *((typed, "i.softbank.jp") for typed in ("i.softbank.ne.jp", "i.softbank.co.jp", "i.softbank.com")),
        *((typed, "icloud.com") for typed in ("icloud.co.jp", "icloud.jp", "icloud.ne.jp", "icloud.con", "iclod.com")),
        *((typed, "outlook.jp") for typed in ("outlook.co.jp", "outlook.ne.jp")),
        *((typed, "outlook.com") for typed in ("outlook.con", "outlok.com", "outlook.cim")),
        *((typed, "hotmail.co.jp") for typed in ("hotmail.jp", "hotmail.ne.jp", "hotmail.cojp", "hotmail.com.jp")),
        *((typed, "hotmail.com") for typed in ("hotmail.con", "hotmial.com", "hotmail.ocm")),
        ("live.co.jp", "live.jp"),
        ("ocn.co.jp", "ocn.ne.jp"),
        ("biglobe.jp", "biglobe.ne.jp"),
        ("so-net.co.jp", "so-net.ne.jp"),
        ("nifty.co.jp", "nifty.com"),
        ("plala.co.jp", "plala.or.jp"),
        ("ymobile.co.jp", "ymobile.ne.jp"),
        ("uqmobile.ne.jp", "uqmobile.jp"),
    ],
)
def test_another_ending_of_a_well_known_mailbox_is_asked_about(typed: str, right: str) -> None:
    """gmail.co.jp passed unasked: its letters are as far from gmail.com as those of many a company's name."""
    assert meant(typed) == right


@pytest.mark.parametrize(
    ("ending", "right"),
    [
        *((ending, "co.jp") for ending in ("co.jo", "cojp", "co.ij", "co.ip", "co.jl", "co.jpp", "co.jpn", "co.hp")),
        *((ending, "co.jp") for ending in ("co.jp.jp", "cp.jp", "oc.jp", "co.jpo", "co.jp.com")),
        *((ending, "ne.jp") for ending in ("ne.jo", "nejp", "ne.ip")),
        *((ending, "or.jp") for ending in ("or.jo", "orjp", "or.ij")),
        *((ending, "ac.jp") for ending in ("ac.jo", "acjp")),
        *((ending, "go.jp") for ending in ("go.jo", "gojp")),
        *((ending, "com") for ending in ("con", "cmo", "comm", "ocm", "cim", "vom", "xom", "comn", "com.com", "comjp")),
        *((ending, "net") for ending in ("ner", "nett")),
        *((ending, "jp") for ending in ("jpp", "jpn", "jp.jp")),
    ],
)
def test_an_ending_that_no_country_has_is_asked_about_behind_any_name(ending: str, right: str) -> None:
    assert meant(f"first-place.{ending}") == f"first-place.{right}"


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "googlemail.com", "yahoo.co.jp", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "ymail.ne.jp"),
        *(
            "outlook.jp",
            "outlook.com",
            "outlook.fr",
            "hotmail.co.jp",
            "hotmail.co.uk",
            "live.jp",
            "live.com",
            "msn.com",
        ),
        *(
            "docomo.ne.jp",
            "nttdocomo.com",
            "ezweb.ne.jp",
            "biz.ezweb.ne.jp",
            "au.com",
            "softbank.ne.jp",
            "i.softbank.jp",
        ),
        *(
            "g.softbank.co.jp",
            "t.vodafone.ne.jp",
            "ymobile.ne.jp",
            "uqmobile.jp",
            "disney.ne.jp",
            "rakuten.jp",
            "pdx.ne.jp",
        ),
        *("dream.ocn.ne.jp", "xa2.so-net.ne.jp", "mub.biglobe.ne.jp", "nifty.ne.jp", "jcom.zaq.ne.jp", "plala.or.jp"),
        *(
            "icloud.com",
            "me.com",
            "mac.com",
            "aol.com",
            "proton.me",
            "gmx.com",
            "mail.com",
            "kddi.com",
            "ly-corp.co.jp",
        ),
        *(
            "first-place.co.jp",
            "first-place.jp",
            "first-place.com",
            "first-place.co",
            "first-place.net",
            "mail.example.jp",
        ),
        *("first-place.co.uk", "first-place.co.kr", "first-place.com.jo", "first-place.ne.jp", "xn--wgv71a119e.jp"),
        *(
            "docomo-shop.co.jp",
            "live-house.co.jp",
            "aubade.jp",
            "city.chiyoda.lg.jp",
            "u-tokyo.ac.jp",
            "softbankhawks.co.jp",
        ),
    ],
)
def test_a_domain_that_is_what_it_seems_is_not_asked_about(domain: str) -> None:
    assert meant(domain) is None


@pytest.mark.parametrize("domain", sorted(PROVIDERS))
def test_no_provider_is_taken_for_another_one(domain: str) -> None:
    """eonet.ne.jp was asked about as so-net.ne.jp, odn.ne.jp and kcn.ne.jp as ocn.ne.jp: one letter is not much."""
    assert meant(domain) is None
    assert meant(f"mail.{domain}") is None


@pytest.mark.parametrize(
    "domain",
    [
        "oln.ne.jp",
        "acn.ne.jp",
        "ncn.ne.jp",
        "olive.jp",
        "line.jp",
        "ao-net.or.jp",
        "e-net.ne.jp",
        "mynet.ne.jp",
        "re.com",
    ],
)
def test_a_short_name_of_somebody_else_is_not_asked_about(domain: str) -> None:
    """Of three or four letters every other name is as near: the ending that they share is no likeness."""
    assert meant(domain) is None
