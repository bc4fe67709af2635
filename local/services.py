"""Our own processes: the four services and the mailbox, each with the environment it needs."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from local.children import LOOPBACK, Child, environment, python_module
from services.registry import service

MAIL_FROM: Final = "quote-desk@agency.example"
DESK_EMAIL: Final = "desk@agency.example"
_START_TIMEOUT_S = 60


class ServiceProcess:
    """One service. Its settings are read anew at every start, since a broker may come back at another address."""

    def __init__(self, name: str, port: int, log: Path, settings: Callable[[], Mapping[str, str]]) -> None:
        self.name = name
        self.port = port
        self._log = log
        self.settings = settings
        self.child = self._new_child({})

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def health(self) -> str:
        """Answers 200 when it can do its work."""
        return f"{self.url}/ready"

    @property
    def metrics(self) -> str:
        """For Prometheus."""
        return f"{self.url}/metrics"

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        self.child = self._new_child(self.settings())
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it can do its work."""
        self.child.wait_until(lambda: responds_ok(self.health), _START_TIMEOUT_S)

    def _new_child(self, settings: Mapping[str, str]) -> Child:
        own = {"MITSUMORI_HOST": LOOPBACK, "MITSUMORI_PORT": str(self.port), "MITSUMORI_LOG": "json", **settings}
        return Child(self.name, python_module(service(self.name).module), self._log, environment(**own))


class MailboxProcess:
    """The SMTP server of this machine and its page."""

    def __init__(self, http_port: int, smtp_port: int, maildir: Path, log: Path) -> None:
        self.smtp = f"{LOOPBACK}:{smtp_port}"
        self.url = f"http://{LOOPBACK}:{http_port}"
        ports = ("--smtp-port", str(smtp_port), "--http-port", str(http_port))
        command = python_module("local.mailbox", *ports, "--maildir", maildir)
        self.child = Child("メールボックス", command, log, environment())

    def spawn(self) -> None:
        """Start the process without waiting for it."""
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it takes mails and shows them."""
        self.child.wait_until(lambda: responds_ok(f"{self.url}/ready"), _START_TIMEOUT_S)


def responds_ok(url: str) -> bool:
    """Whether it answers 200 within a second."""
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=1)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
