"""Where the mail server is, as one URL: `smtp://user:pw@host:587?starttls=1` or `smtps://…`."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit


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
        """Raises `ValueError` in words for the operator, which never repeat the URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("must look like smtp://user:password@host:587?starttls=1")
        tls = parts.scheme == "smtps"
        starttls = parse_qs(parts.query).get("starttls") == ["1"]
        if parts.password and not (tls or starttls):
            raise ValueError("a password needs smtps:// or ?starttls=1")
        return cls(
            host=parts.hostname,
            port=parts.port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=starttls,
        )

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"
