"""Where the mail server is, as one URL: `smtp://user:pw@host:587?starttls=1` or `smtps://…`.

Without encryption only to this machine, unless the URL says `?plaintext=1`.
"""

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

from shared.host_name import host_name

_FORM: Final = (
    "must look like smtp://user:password@host:587?starttls=1; in the password write / as %2F, @ as %40 and so on"
)


@dataclass(frozen=True, slots=True)
class MailServerOffer:
    """What a mail server that has let us in offers. `size`: the largest letter; None: it does not say."""

    size: int | None
    takes_8bit: bool


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server and how to talk to it. `repr` does not show the password."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    """TLS from the first byte."""
    starttls: bool

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Raises `ValueError` with a message for the operator, which never repeats the URL."""
        parts, port = _read(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError(_FORM)
        if parts.path.strip("/") or parts.fragment or "@" in parts.query:
            # An unescaped / ? or # in the password ends the host there: half of the password would be looked up as one.
            raise ValueError(_FORM)
        if parts.password and not parts.username:
            raise ValueError("a password needs a user")
        tls = parts.scheme == "smtps"
        # A mistyped option would leave letters and passwords readable, and one too many would have no effect.
        if parts.query not in ("", "starttls=1", "plaintext=1") or (tls and parts.query):
            raise ValueError("may end in ?starttls=1 or in ?plaintext=1, and with smtps:// in neither")
        starttls = parts.query == "starttls=1"
        if not (tls or starttls):
            if parts.password:
                raise ValueError("a password needs smtps:// or ?starttls=1")
            if not _is_this_machine(parts.hostname) and parts.query != "plaintext=1":
                raise ValueError("letters need smtps:// or ?starttls=1; ?plaintext=1 sends them readable by anybody")
        return cls(
            host=parts.hostname,
            port=port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=starttls,
        )

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        return _is_this_machine(self.host)

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
        host_name((parts.hostname or "").removesuffix("."))
    except ValueError:
        # Python's own message quotes the part that it cannot read, which may be part of the password.
        raise ValueError(_FORM) from None
    if port == 0:
        raise ValueError(_FORM)
    return parts, port
