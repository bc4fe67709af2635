"""The processes of our own code: the four services and the mailbox."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from local.children import LOOPBACK, Child, environment, free_port, python_module
from services.registry import service

MAIL_FROM: Final = "quote-desk@agency.example"
RETURN_PATH: Final = "bounces@agency.example"
DESK_EMAIL: Final = "desk@agency.example"
_START_TIMEOUT_S = 60


class ServiceProcess:
    """A service. Each start reads its *settings* again: the broker may have another address than before."""

    def __init__(self, name: str, port: int, log: Path, settings: Callable[[], Mapping[str, str]]) -> None:
        self.name = name
        self.port = port
        self._ops_port = free_port()
        self._log = log
        self.settings = settings
        self.child = self._new_child({})

    @property
    def url(self) -> str:
        """The address of its web server."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def health(self) -> str:
        """The address that answers 200 when the service can do its work."""
        return f"{self.operations}/ready"

    @property
    def operations(self) -> str:
        """The address of its probes and metrics, which its web server does not serve."""
        return f"http://{LOOPBACK}:{self._ops_port}"

    @property
    def metrics(self) -> str:
        """The address of its metrics, for Prometheus."""
        return f"{self.operations}/metrics"

    def spawn(self) -> None:
        """Start the process with its settings of this moment and return at once."""
        self.child = self._new_child(self.settings())
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it can do its work. Raises `CannotStart`."""
        self.child.wait_until(lambda: responds_ok(self.health), _START_TIMEOUT_S)

    def _new_child(self, settings: Mapping[str, str]) -> Child:
        own = {
            "MITSUMORI_HOST": LOOPBACK,
            "MITSUMORI_PORT": str(self.port),
            "MITSUMORI_OPS_HOST": LOOPBACK,
            "MITSUMORI_OPS_PORT": str(self._ops_port),
            "MITSUMORI_LOG": "json",
            **settings,
        }
        return Child(self.name, python_module(service(self.name).module), self._log, environment(**own))


class MailboxProcess:
    """The SMTP server that keeps all mails, and the web page that shows them (local/mailbox.py)."""

    def __init__(self, http_port: int, smtp_port: int, maildir: Path, bounces: Path, log: Path) -> None:
        self.smtp = f"{LOOPBACK}:{smtp_port}"
        self.url = f"http://{LOOPBACK}:{http_port}"
        ports = ("--smtp-port", str(smtp_port), "--http-port", str(http_port))
        command = python_module("local.mailbox", *ports, "--maildir", maildir, "--bounces", bounces)
        self.child = Child("メールボックス", command, log, environment())

    def spawn(self) -> None:
        """Start the process and return at once."""
        self.child.start()

    def wait_until_ready(self) -> None:
        """Return when it accepts mails and shows them. Raises `CannotStart`."""
        self.child.wait_until(lambda: responds_ok(f"{self.url}/ready"), _START_TIMEOUT_S)


def responds_ok(url: str) -> bool:
    """Whether *url* answers 200 within a second."""
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=1)
    try:
        connection.request("GET", address.path)
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
