"""A web server that is not ours: the agency's own page, or one that a page of ours must never ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from local.children import LOOPBACK


@contextmanager
def serving(html: str, port: int = 0) -> Iterator[str]:
    """Every address there shows *html*; the origin, of another site than 127.0.0.1."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_about: object) -> None:
            """Say nothing: the tests say what went wrong."""

    with ThreadingHTTPServer((LOOPBACK, port), Elsewhere) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"
        server.shutdown()
