"""What a mail address is, decided once: what intake accepts as one, notify must be able to send to.

It is written as its owner knows it. The old phones of NTT ドコモ, au and ソフトバンク were given names with dots that
RFC 5321 allows only in quotes (`a..b@docomo.ne.jp`, `abc.@ezweb.ne.jp`); such a name is quoted on the wire, not here.
"""

import re
from typing import Final

_LONGEST: Final = 254
_LONGEST_NAME: Final = 64
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LAST_LABEL: Final = re.compile(r"[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59}")
_LOOSE_DOTS: Final = ("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "vodafone.ne.jp")
_SAME_MAIL: Final = {"googlemail.com": "gmail.com", "me.com": "icloud.com", "mac.com": "icloud.com"} | dict.fromkeys(
    ("protonmail.com", "protonmail.ch", "pm.me"), "proton.me"
)
"""Domains of one provider, which bring mail for a name to the same mailbox."""
_NO_MARKS: Final = {"gmail.com": ".", "proton.me": ".-_"}
"""What these providers leave out of a name."""


def is_mail_address(text: str) -> bool:
    """Whether *text* is one address in ASCII, without quotes and without a name beside it, that mail can be sent to.

    A name that looks like an encoded word (RFC 2047) is none: programs decode it wherever it stands in a header.
    """
    if len(text) > _LONGEST or not text.isascii():
        return False
    name, _, domain = text.rpartition("@")
    if not (len(name) <= _LONGEST_NAME and _NAME.fullmatch(name)) or "=?" in name or "?=" in name:
        return False
    has_odd_dots = name.startswith(".") or name.endswith(".") or ".." in name
    if not name.strip(".") or (has_odd_dots and not _allows_odd_dots(domain.lower())):
        return False
    *labels, last = domain.split(".")
    return bool(labels) and all(map(_LABEL.fullmatch, labels)) and _LAST_LABEL.fullmatch(last) is not None


def mailbox_of(text: str) -> str:
    """The mailbox behind an address, for counting: `Taro.Mihon+1@gmail.com` is `taromihon@gmail.com`."""
    name, _, domain = text.lower().rpartition("@")
    name = name.partition("+")[0] or name
    domain = _SAME_MAIL.get(domain, domain)
    for mark in _NO_MARKS.get(domain, ""):
        name = name.replace(mark, "") or name
    return f"{name}@{domain}"


def _allows_odd_dots(domain: str) -> bool:
    return any(domain == loose or domain.endswith(f".{loose}") for loose in _LOOSE_DOTS)
