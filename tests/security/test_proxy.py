"""deploy/Caddyfile, with the real Caddy in front of services that only say what they were asked.

Debian's Caddy is older than that of compose.prod.yml: with it posts do not wait, which deploy/lab/try shows.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import ssl
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from local.children import LOOPBACK, Child, free_port, is_listening
from local.services import ServiceProcess
from tests.architecture.repository import ROOT

pytestmark = pytest.mark.anyio

FORM, DASHBOARD = "form.localhost", "desk.localhost"
_START_S = 30


def _bound() -> socket.socket:
    bound = socket.socket()
    bound.bind((LOOPBACK, 0))
    return bound


@dataclass
class Service:
    """Answers with the head of the request, so that the client sees what came through; to `/…/breaks` not at all."""

    name: str
    heads: list[str] = field(default_factory=list)
    _socket: socket.socket = field(default_factory=_bound)

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Before, its port is taken, and refuses connections."""
        async with await asyncio.start_server(self._answer, sock=self._socket):
            yield

    def close(self) -> None:
        self._socket.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if (
            head.startswith("get /static/- http")
            and f"\nhost: {DASHBOARD if self.name == 'dashboard' else FORM}\r" in head
        ):
            writer.write(b"HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            writer.close()
            return
        length = re.search(r"content-length: (\d+)", head)
        try:
            await reader.readexactly(int(length[1]) if length else 0)
        except asyncio.IncompleteReadError:
            writer.close()
            return
        self.heads.append(head)
        if head.partition(" http")[0].endswith("/breaks"):
            writer.close()
            return
        body = f"{self.name}\n{head}".encode()
        headers = f"content-length: {len(body)}\r\nlocation: /secret-key/\r\nstrict-transport-security: max-age=1"
        writer.write(f"HTTP/1.1 200 OK\r\nconnection: close\r\n{headers}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()


@dataclass
class Proxy:
    """Caddy with our file, for services at other addresses."""

    folder: Path
    services: Sequence[Service]
    more: Sequence[ServiceProcess] = ()
    """Of a name there may be several."""
    office: str = "127.0.0.0/8"
    port: int = field(default_factory=free_port)

    @property
    def log(self) -> str:
        return (self.folder / "caddy.log").read_text("utf-8")

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        file = self.folder / "Caddyfile"
        file.write_text(self._file(), "utf-8")
        settings = {"FORM_HOST": FORM, "DASHBOARD_HOST": DASHBOARD, "OFFICE_NETWORKS": self.office}
        settings |= {"CERTIFICATES": "internal", "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        command = [shutil.which("caddy") or "caddy", "run", "--config", str(file), "--adapter", "caddyfile"]
        child = Child("Caddy", command, self.folder / "caddy.log", {**os.environ, **settings})  # noqa: TID251  # PATH
        child.start()
        try:
            child.wait_until(self._has_certificates, _START_S)
            yield self
        finally:
            child.kill()

    @asynccontextmanager
    async def client(self, host: str) -> AsyncIterator[httpx.AsyncClient]:
        """As a browser that was told where *host* is, and trusts the certificate's authority."""
        trusting = ssl.create_default_context(cafile=str(self._authority))
        transport = httpx.AsyncHTTPTransport(verify=trusting)
        url = f"https://{LOOPBACK}:{self.port}"
        async with httpx.AsyncClient(transport=_Named(transport, host), base_url=url, timeout=60) as client:
            yield client

    @property
    def _authority(self) -> Path:
        return self.folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"

    def _has_certificates(self) -> bool:
        """It listens before it has them."""
        if not (is_listening(self.port) and self._authority.exists()):
            return False
        trusting = ssl.create_default_context(cafile=str(self._authority))
        try:
            for host in (FORM, DASHBOARD):
                with (
                    socket.create_connection((LOOPBACK, self.port)) as tcp,
                    trusting.wrap_socket(tcp, server_hostname=host),
                ):
                    pass
        except OSError:
            return False
        return True

    def _file(self) -> str:
        text = (ROOT / "deploy" / "Caddyfile").read_text("utf-8")
        addresses: dict[str, list[str]] = defaultdict(list)
        for name, port in [(one.name, one.port) for one in self.services] + [(one.name, one.port) for one in self.more]:
            addresses[name].append(f"{LOOPBACK}:{port}")
        for name, of_name in addresses.items():
            text = text.replace(f"{name}:8000", " ".join(of_name))
        ports = f"\n{{\n\thttp_port {free_port()}\n\thttps_port {self.port}\n"
        return text.replace("\n{\n", ports, 1)


@dataclass
class _Named(httpx.AsyncBaseTransport):
    """Asks for *host*, wherever that is."""

    inner: httpx.AsyncBaseTransport
    host: str

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["host"] = self.host
        request.extensions["sni_hostname"] = self.host
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


def new_services() -> Iterator[list[Service]]:
    services = [Service("intake"), Service("notify"), Service("dashboard")]
    yield services
    for service in services:
        service.close()


new_services_of_one_test = pytest.fixture(new_services, name="services")
new_services_of_all_tests = pytest.fixture(new_services, name="shared_services", scope="module")


@pytest.fixture(scope="module")
async def shared_proxy(
    tmp_path_factory: pytest.TempPathFactory, shared_services: list[Service]
) -> AsyncIterator[Proxy]:
    intake, notify, dashboard = shared_services
    proxy = Proxy(tmp_path_factory.mktemp("proxy"), shared_services)
    async with intake.running(), notify.running(), dashboard.running(), proxy.running():
        yield proxy


@pytest.fixture
def proxy(shared_proxy: Proxy) -> Proxy:
    """In front of services that were asked nothing yet."""
    for service in shared_proxy.services:
        service.heads.clear()
    return shared_proxy


@pytest.mark.parametrize(
    ("host", "path", "led_to"),
    [
        (FORM, "/", "intake"),
        (FORM, "/cyber-security/", "intake"),
        (FORM, "/brochures/a-key", "notify"),
        (FORM, "/news/a-key", "notify"),
        (FORM, "/cases/", "intake"),
        (DASHBOARD, "/brochures/a-key", "dashboard"),
        (DASHBOARD, "/", "dashboard"),
    ],
)
async def test_a_visitor_is_led_to_the_service_of_the_page(proxy: Proxy, host: str, path: str, led_to: str) -> None:
    async with proxy.client(host) as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.text.startswith(f"{led_to}\n")


@pytest.mark.parametrize("host", [FORM, DASHBOARD])
@pytest.mark.parametrize("path", ["/metrics", "/ready", "/live", "/METRICS", "/metrics/", "/./ready", "/%6Detrics"])
async def test_nobody_outside_reaches_the_paths_for_operations(proxy: Proxy, host: str, path: str) -> None:
    async with proxy.client(host) as client:
        answer = await client.get(path)

    assert answer.status_code == 404
    assert [service.heads for service in proxy.services] == [[], [], []]


async def test_a_browser_is_told_once_to_use_tls_for_a_year(proxy: Proxy) -> None:
    async with proxy.client(FORM) as client:
        answer = await client.get("/")

    assert answer.headers.get_list("strict-transport-security") == ["max-age=31536000"]


async def test_what_a_visitor_says_of_where_it_comes_from_does_not_count(proxy: Proxy) -> None:
    """Else whoever was refused says another address."""
    async with proxy.client(FORM) as client:
        await client.get("/", headers={"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "http"})

    lines = proxy.services[0].heads[0].splitlines()
    assert [line for line in lines if line.startswith("x-forwarded-")] == [
        "x-forwarded-for: 127.0.0.1",
        f"x-forwarded-host: {FORM}",
        "x-forwarded-proto: https",
    ]


async def test_the_dashboard_is_for_the_office(tmp_path: Path, services: list[Service]) -> None:
    dashboard = services[2]
    elsewhere = Proxy(tmp_path, services, office="203.0.113.7/32")
    async with dashboard.running(), elsewhere.running(), elsewhere.client(DASHBOARD) as client:
        answer = await client.get("/")

    assert answer.status_code == 403
    assert dashboard.heads == []


async def test_a_body_that_no_form_has_is_refused(proxy: Proxy) -> None:
    async with proxy.client(FORM) as client:
        answer = await client.post("/", content=b"x" * 100_000)

    assert answer.is_error


async def test_a_page_waits_while_its_service_restarts_and_is_asked_for_once(
    tmp_path: Path, services: list[Service]
) -> None:
    """33 of 73 posts were lost while intake was made anew."""
    intake = services[0]
    async with Proxy(tmp_path, services).running() as proxy, proxy.client(FORM) as client:
        pages = [asyncio.create_task(client.get("/cyber-security/")) for _ in range(20)]
        done, _ = await asyncio.wait(pages, timeout=1.5)
        async with intake.running():
            answers = await asyncio.gather(*pages)

    assert done == set()
    assert {answer.status_code for answer in answers} == {200}
    assert len(intake.heads) == len(pages)


async def test_no_path_and_no_header_of_a_visitor_is_logged(proxy: Proxy) -> None:
    """Links in mails hold keys in their path; also where the service failed, and where it answers with such a link."""
    async with proxy.client(FORM) as client:
        await client.get("/secret-key/", headers={"Cookie": "secret-key"})
        await client.post("/secret-key/?secret-key", content=b"x" * 100_000)
        broken = await client.post("/secret-key/breaks")

    lines = [json.loads(line) for line in proxy.log.splitlines() if line.startswith("{")]
    assert broken.status_code == 502
    assert {"access", "error"} <= {line["logger"].rpartition("http.log.")[2] for line in lines if "logger" in line}
    assert "secret-key" not in proxy.log
    assert proxy.services[0].heads
