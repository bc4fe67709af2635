"""Where Kafka is and as whom we speak to it, in one line: `MITSUMORI_KAFKA`.

    host:port[,host:port]                                    plain, for one machine
    sasl://USER:PASSWORD@host:port,…                         a user; nothing is encrypted
    sasl+ssl://USER:PASSWORD@host:port,…[?ca=FILE]           a user, over TLS
    ssl://host:port,…[?ca=FILE]                              TLS alone

A password with other signs than letters, digits and `-._~` is percent-encoded, as in a URL. `ca` is a file with the
certificates to trust instead of the system's. A user logs in with SCRAM-SHA-512, which shows the broker no password;
`?mechanism=plain` is for brokers that know only PLAIN.
"""

import re
import ssl
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram512

_SERVER: Final = r"[^\s:,@/?]+:[0-9]{1,5}"
_ADDRESS: Final = re.compile(
    rf"((?P<scheme>sasl|sasl\+ssl|ssl)://((?P<user>[^\s:@/?,]+):(?P<password>[^\s:@/?,]+)@)?)?"
    rf"(?P<servers>{_SERVER}(,{_SERVER})*)(\?(?P<options>\S*))?"
)
_LAST_PORT: Final = 65_535
_MECHANISMS: Final = {"scram-sha-512": SASLScram512, "plain": SASLPlaintext}


@dataclass(frozen=True, slots=True)
class KafkaAddress:
    """The brokers to ask first, and how to log in. It shows no password when it is printed."""

    servers: tuple[str, ...]
    security: BaseSecurity | None = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "KafkaAddress":
        """Raises `ValueError` in a sentence that does not repeat *text*: it may hold a password."""
        found = _ADDRESS.fullmatch(text)
        if found is None:
            raise ValueError("must look like host:port,… or sasl+ssl://USER:PASSWORD@host:port,…")
        scheme, user = found["scheme"] or "", found["user"]
        servers = tuple(found["servers"].split(","))
        if not all(0 < int(server.rpartition(":")[2]) <= _LAST_PORT for server in servers):
            raise ValueError("has a port that does not exist")
        given = parse_qsl(found["options"] or "", keep_blank_values=True)
        options = dict(given)
        mechanism, ca = options.pop("mechanism", "scram-sha-512"), options.pop("ca", None)
        if scheme.startswith("sasl") != bool(user):
            raise ValueError("needs a user and a password with sasl:// and sasl+ssl://, and has none otherwise")
        is_twice = len(given) > len({name for name, _ in given})
        # An empty ?ca= would trust the system's certificates without a word, an empty option none of ours.
        if options or is_twice or mechanism not in _MECHANISMS or not (ca is None or (ca and scheme.endswith("ssl"))):
            raise ValueError("knows only ?mechanism=scram-sha-512 or plain, and ?ca=FILE with TLS")
        tls = _trusting(ca) if scheme.endswith("ssl") else None
        security = BaseSecurity(ssl_context=tls) if tls else None
        if user:
            security = _MECHANISMS[mechanism](unquote(user), unquote(found["password"]), ssl_context=tls)
        return cls(servers, security)

    def __str__(self) -> str:
        """The servers alone."""
        return ",".join(self.servers)

    @property
    def client_options(self) -> dict[str, Any]:
        """For the clients of aiokafka."""
        return {"bootstrap_servers": list(self.servers), **parse_security(self.security)}


def _trusting(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise ValueError(f"?ca= cannot be read ({type(error).__name__})") from None
