"""A receiver of our mails, who looks up our public keys and checks the signatures with another library than ours."""

import dkim


def accepts_signature(mail: bytes, records: dict[str, str], number: int = 0) -> bool:
    """Whether that signature of *mail* holds, when the DNS of agency.example has *records* (selector → TXT)."""

    def look_up(name: bytes, timeout: int = 0) -> bytes:
        selector, _, rest = name.decode().partition(".")
        return records[selector].encode() if rest == "_domainkey.agency.example." and timeout else b""

    try:
        return bool(dkim.DKIM(mail).verify(number, dnsfunc=look_up))
    except dkim.DKIMException:
        return False
