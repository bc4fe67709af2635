"""A host as browsers write it in `Host` and `Origin`: settings that are compared with these must be written alike."""

import re
from ipaddress import ip_address
from typing import Final

_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){0,126}")
_NO_HOST: Final = "must name hosts or addresses, such as form.example.jp or 10.0.0.7, in full and without *"


def host_name(text: str) -> str:
    """*text* in lower case; a Japanese name in its ASCII form (RFC 3490), an IPv6 address in its short one (RFC 5952).

    Without the brackets of an IPv6 address. Raises `ValueError` for what no browser sends, such as a pattern or 127.1.
    """
    try:
        name = (text if text.isascii() else text.encode("idna").decode("ascii")).lower()
    except UnicodeError:
        raise ValueError(_NO_HOST) from None
    # Browsers take what ends in a number for an address (WHATWG URL Standard, "ends in a number checker").
    if ":" in name or name.rpartition(".")[2].isdecimal():
        try:
            return str(ip_address(name))
        except ValueError:
            raise ValueError(_NO_HOST) from None
    if not _NAME.fullmatch(name):
        raise ValueError(_NO_HOST)
    return name
