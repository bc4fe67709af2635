"""Which domain of a mail address may be a typing error, and what was meant: a part of `advice`, where it is asked.

Nothing is refused here. Some of the domains exist: @yahoo.ne.jp is Y!mobile's, @softbank.co.jp the company's own. But
far more people type them for @yahoo.co.jp and @softbank.ne.jp, and whoever means them says so once.
"""

import re
import unicodedata
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from services.intake.domain.mail_providers import PROVIDERS

# The mailboxes that companies in Japan use most. A domain that is spelt almost like one of them is asked about.
_DOMAINS: Final = (
    "gmail.com",
    "yahoo.co.jp",
    "ymail.ne.jp",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "icloud.com",
    "me.com",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
    "i.softbank.jp",
    "nifty.com",
    "ocn.ne.jp",
    "biglobe.ne.jp",
    "so-net.ne.jp",
)
# Mail works there, too: asking would be wrong more often than right.
_KNOWN: Final = frozenset(
    {*_DOMAINS, "mail.com", "email.com", "ymail.com", "yahoo.com", "gmx.com", "live.com"}
    | {"nifty.ne.jp", "ymobile.ne.jp", "uqmobile.jp", "plala.or.jp"}
    | PROVIDERS
)
_WITH_HOSTS: Final = (
    *(".ocn.ne.jp", ".so-net.ne.jp", ".biglobe.ne.jp", ".plala.or.jp", ".nifty.com", ".ezweb.ne.jp"),
    *(f".{provider}" for provider in PROVIDERS),
)
"""Providers that gave out names of their own under them: dream.ocn.ne.jp."""
_OWN: Final = {
    "gmail": "gmail.com",
    "icloud": "icloud.com",
    "docomo": "docomo.ne.jp",
    "ezweb": "ezweb.ne.jp",
    "i.softbank": "i.softbank.jp",
    "softbank": "softbank.ne.jp",
    "ymobile": "ymobile.ne.jp",
    "uqmobile": "uqmobile.jp",
    "plala": "plala.or.jp",
    "ocn": "ocn.ne.jp",
    "so-net": "so-net.ne.jp",
    "biglobe": "biglobe.ne.jp",
}
"""Names that have one ending. Any other is asked about."""
_IN_JAPAN: Final = {
    "yahoo": "yahoo.co.jp",
    "hotmail": "hotmail.co.jp",
    "outlook": "outlook.jp",
    "live": "live.jp",
    "au": "au.com",
    "nifty": "nifty.com",
}
"""Names that have other endings in other countries, or are also other names there."""
_ENDING: Final = re.compile(r"\.(?:[a-z]{2,5}|[a-z]{1,3}\.[a-z]{2,3})")
_OF_JAPAN: Final = re.compile(r"\.jp|\.[a-z]{1,3}\.jp")
_SLIPS: Final = (
    # No country has the last part of these, or not behind co.
    (
        re.compile(r"\.(co|ne|or|go|ac|ed|gr|lg|ad)\.(?:jo|jl|ip|ij|pj|hp|lp|kp|jpp|jjp|jpn|jpo|jp\.jp|jp\.com)$"),
        r".\1.jp",
    ),
    (re.compile(r"\.(co|ne|or|go|ac)(?:jp|jo|jpp)$"), r".\1.jp"),
    (re.compile(r"\.(?:oc|cp|xo|vo|ci|cco|coo)\.jp$"), ".co.jp"),
    (re.compile(r"\.(?:nr|mne)\.jp$"), ".ne.jp"),
    # こ.jp and ね.jp: the keyboard was still set to Japanese.
    (re.compile(r"\.xn--28j\.jp$"), ".co.jp"),
    (re.compile(r"\.xn--t9j\.jp$"), ".ne.jp"),
    (re.compile(r"\.(?:con|cmo|comm|ocm|cim|vom|xom|comn|coom|conm|cpm|clm|ccom|com\.com|comjp|comco)$"), ".com"),
    (re.compile(r"\.(?:ner|nte|nett|met)$"), ".net"),
    (re.compile(r"\.(?:jpp|jjp|jpn|jpo|jp\.jp)$"), ".jp"),
)
_CUT_OFF: Final = {known.removesuffix(".jp"): known for known in _DOMAINS if known.count(".") > 1}
"""yahoo.co and docomo.ne."""
_PUNYCODE: Final = "xn--"
_ONE: Final = re.compile("(?<=[0-9a-z])一(?=[0-9a-z])")
_CLOSE: Final = 0.86
_CLOSE_NAMES: Final = 0.8
_SHORTEST: Final = 5
"""Letters of a name that can be mistyped to a name that means nothing: odn, kcn, eonet and olive all have owners."""


def meant(domain: str) -> str | None:
    """What *domain*, in small letters, may have been meant for; None if nothing speaks for another one."""
    if domain in _KNOWN or domain.endswith(_WITH_HOSTS):
        return None
    for wrong, right in _SLIPS:
        if (ended := wrong.sub(right, domain)) != domain:
            return meant(ended) or ended
    # i.softbank.jp is the only one of two labels.
    name = domain[: domain.find(".", 2)]
    for names, endings in ((_OWN, _ENDING), (_IN_JAPAN, _OF_JAPAN)):
        if name in names and endings.fullmatch(domain, len(name)):
            return names[name]
    if whole := _CUT_OFF.get(domain):
        return whole
    near = get_close_matches(domain, _DOMAINS, n=3, cutoff=_CLOSE)
    return next((known for known in near if _is_near_in_name(domain, known)), None)


def _is_near_in_name(domain: str, known: str) -> bool:
    """Whether more than the ending that they share makes them alike: of eonet.ne.jp and so-net.ne.jp it is most."""
    ending = known[known.find(".", 2) :]
    if not domain.endswith(ending):
        return True
    name, typed = known.removesuffix(ending), domain.removesuffix(ending)
    return len(name) >= _SHORTEST and SequenceMatcher(None, typed, name).ratio() >= _CLOSE_NAMES


def mixed(domain: str) -> str | None:
    """*domain* as it was typed, if letters of ASCII and others share a label in it: mihonん.co.jp; else None.

    Such names exist, but far more of them are a keyboard that was still set to Japanese.
    """
    labels = [_typed_label(label) for label in domain.split(".")]
    return ".".join(labels) if any(map(_is_mixed, labels)) else None


def with_hyphens(domain: str) -> str | None:
    """The domain in ASCII that *domain* is if each 一 between letters of ASCII is a hyphen; None if it is none then."""
    hyphened = _ONE.sub("-", domain)
    return hyphened if hyphened.isascii() else None


def _typed_label(label: str) -> str:
    try:
        return label.removeprefix(_PUNYCODE).encode().decode("punycode") if label.startswith(_PUNYCODE) else label
    except UnicodeError:
        return label


def _is_mixed(label: str) -> bool:
    """Letters with accents, as in münchen.de, are of the same alphabet."""
    has_ascii = any(char.isascii() and char.isalpha() for char in label)
    return has_ascii and any(
        not char.isascii() and not unicodedata.name(char, "").startswith("LATIN") for char in label
    )
