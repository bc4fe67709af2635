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

_SERVER: Final = r"[^\s:,@/?]+:[0-9]{1,5}"
_ADDRESS: Final = re.compile(
    rf"((?P<scheme>sasl|sasl\+ssl|ssl)://((?P<user>[^\s:@/?,]+):(?P<password>[^\s:@/?,]+)@)?)?"
    rf"(?P<servers>{_SERVER}(,{_SERVER})*)(\?(?P<options>\S*))?"
)
_LAST_PORT: Final = 65_535
_MECHANISMS: Final = ("scram-sha-512", "plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A user of Kafka. It shows no password when it is printed."""

    user: str
    password: str = field(repr=False)
    mechanism: str
    """`SCRAM-SHA-512` or `PLAIN`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaAddress:
    """The brokers to ask first, and how to log in. It shows no password when it is printed."""

    servers: tuple[str, ...]
    login: Login | None
    tls: ssl.SSLContext | None

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
        login = user and Login(user=unquote(user), password=unquote(found["password"]), mechanism=mechanism.upper())
        return cls(servers=servers, login=login or None, tls=tls)

    def __str__(self) -> str:
        """The servers alone."""
        return ",".join(self.servers)

    @property
    def client_options(self) -> dict[str, Any]:
        """For the clients of aiokafka."""
        options: dict[str, Any] = {"bootstrap_servers": list(self.servers)}
        if self.tls:
            options |= {"security_protocol": "SSL", "ssl_context": self.tls}
        if self.login is None:
            return options
        return {
            **options,
            "security_protocol": "SASL_SSL" if self.tls else "SASL_PLAINTEXT",
            "ssl_context": self.tls,
            "sasl_mechanism": self.login.mechanism,
            "sasl_plain_username": self.login.user,
            "sasl_plain_password": self.login.password,
        }


def _trusting(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise ValueError(f"?ca= cannot be read ({type(error).__name__})") from None
