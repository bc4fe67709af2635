"""Receives webhooks, and takes only what the desk has signed with `WEBHOOK_SECRET` within the last five minutes."""

import base64
import hmac
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
NEW_S = 300


class Receiver(BaseHTTPRequestHandler):
    """The answer to one webhook."""

    def do_POST(self) -> None:
        """204 for what the desk has signed, 401 for anything else."""
        body = self.rfile.read(min(int(self.headers["content-length"]), 65_536))
        message, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        expected = b"v1," + base64.b64encode(hmac.digest(KEY, f"{message}.{at}.".encode() + body, "sha256"))
        signatures = self.headers["webhook-signature"].encode().split(b" ")
        is_signed = any(hmac.compare_digest(one, expected) for one in signatures)
        is_accepted = is_signed and abs(time.time() - int(at)) < NEW_S  # Somebody may send a recorded one.
        if is_accepted:
            print(message, body.decode(), flush=True)  # The same id may come twice: work on it once.
        self.send_response(204 if is_accepted else 401)
        self.end_headers()


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Receiver)
print("port", server.server_port, flush=True)
server.serve_forever()
