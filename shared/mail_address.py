"""What a mail address is, decided once: what intake accepts as one, notify must be able to send to.

It is written as its owner knows it. The old phones of NTT ドコモ, au and ソフトバンク were given names with dots that
RFC 5321 allows only in quotes (`a..b@docomo.ne.jp`, `abc.@ezweb.ne.jp`); such a name is quoted on the wire, not here.
"""

import re
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 254
_LONGEST_NAME: Final = 64
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LAST_LABEL: Final = re.compile(r"[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{1,59}")
_LOOSE_DOTS: Final = ("docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "vodafone.ne.jp")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    """How one provider brings several addresses to one mailbox.

    `tag`: from this sign on, a name says nothing of the mailbox. `ignored`: the signs that are left out of a name.
    """

    domains: tuple[str, ...]
    """The first stands for all: mail to a name under any of them reaches the same mailbox."""
    tag: str = "+"
    ignored: str = ""
    has_hosts: bool = False
    """Whether x@name.domain reaches name@domain."""


_OTHERS: Final = _Provider(domains=("",))
"""`+` (RFC 5233): Outlook.com, iCloud and most mail servers. No mailbox has it in its name where it is no such sign."""
_PROVIDERS: Final = (
    # What Google and Proton say of dots, and Apple of its three domains, as it is commonly told.
    _Provider(domains=("gmail.com", "googlemail.com"), ignored="."),
    _Provider(domains=("proton.me", "protonmail.com", "protonmail.ch", "pm.me"), ignored=".-_"),
    _Provider(domains=("icloud.com", "me.com", "mac.com")),
    # Yahoo!メール「セーフティーアドレス」: ten or more ベースネーム-キーワード@yahoo.co.jp for one mailbox.
    _Provider(domains=("yahoo.co.jp",), tag="-"),
    # Disposable addresses of Yahoo Mail: the same elsewhere, where no other name has a hyphen.
    _Provider(domains=("yahoo.com",), tag="-"),
    _Provider(domains=("ymail.com",), tag="-"),
    # Plus addressing, and what Fastmail calls subdomain addressing.
    _Provider(domains=("fastmail.com",), has_hosts=True),
    _Provider(domains=("fastmail.fm",), has_hosts=True),
)
_PROVIDER_OF: Final = {domain: provider for provider in _PROVIDERS for domain in provider.domains}


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters."""
    return address.rpartition("@")[2].lower()


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
    """The mailbox behind an address, for counting: `Taro.Mihon+1@gmail.com` is `taromihon@gmail.com`.

    All addresses of one mailbox give the same. It need not be an address that exists.
    """
    name, _, domain = text.lower().rpartition("@")
    host, _, parent = domain.partition(".")
    if parent in _PROVIDER_OF and _PROVIDER_OF[parent].has_hosts:
        name, domain = host, parent
    provider = _PROVIDER_OF.get(domain, _OTHERS)
    for tag in {_OTHERS.tag, provider.tag}:
        name = name.partition(tag)[0] or name
    for sign in provider.ignored:
        name = name.replace(sign, "") or name
    return f"{name}@{provider.domains[0] or domain}"


def _allows_odd_dots(domain: str) -> bool:
    return any(domain == loose or domain.endswith(f".{loose}") for loose in _LOOSE_DOTS)
