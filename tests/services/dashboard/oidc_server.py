"""Two OpenID providers on loopback: a real one from PyPI as a process, and one whose answers a test may forge."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

from local.children import free_port
from services.dashboard.adapters.oidc import OidcProvider
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import ORIGIN
from tests.services.dashboard.receiver import Received, Receiver

CLIENT: Final = "mitsumori-desk"
SECRET: Final = "client:secret/with signs"
BACK: Final = f"{ORIGIN}/login/company/back"
NONCE: Final = "nonce-of-this-try"
VERIFIER: Final = "verifier-of-this-try-verifier-of-this-try-0123"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
_START_S: Final = 30.0

Json = dict[str, Any]


@contextmanager
def real_provider() -> Iterator[str]:
    """Its address."""
    port = free_port()
    command = (sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address, until = f"http://127.0.0.1:{port}", time.monotonic() + _START_S
    try:
        while not _answers(address):
            assert time.monotonic() < until
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/jwks").is_success
    except httpx.TransportError:
        return False


def signed(claims: Json, *, alg: str = "RS256", key: Any = KEY, **header: str) -> str:  # noqa: ANN401  # any key
    return jwt.encode({"alg": alg, "kid": "one", **header}, claims, key, algorithms=[alg])


@dataclass
class ForgedProvider:
    """Says of somebody whatever a test lets it say. It checks PKCE and the client as it should."""

    change: Callable[[Json], Json] = dict
    """Of the claims of the next token."""
    sign: Callable[[Json], str] = signed
    metadata: Json = field(default_factory=dict)
    """In place of what it would say about itself."""
    receiver: Receiver = field(default_factory=Receiver)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.receiver.port}"

    @property
    def provider(self) -> OidcProvider:
        return OidcProvider(
            issuer=self.issuer, client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK, now=lambda: NOON
        )

    @property
    def claims(self) -> Json:
        now = int(NOON.timestamp())
        whom = {"sub": "u-1", "email": "hanako@agency.example", "email_verified": True}
        return whom | {"iss": self.issuer, "aud": CLIENT, "nonce": NONCE, "iat": now, "exp": now + 300}

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ForgedProvider"]:
        self.receiver.answer = self._answer
        async with self.receiver.running():
            yield self

    async def _answer(self, received: Received, writer: asyncio.StreamWriter) -> None:
        path = received.line.split()[1]
        status, body = 200, json.dumps(self._said(path, received) or {})
        if body == "{}":
            status, body = 400, '{"error":"invalid_grant"}'
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        writer.write((head + body).encode())

    def _said(self, path: str, received: Received) -> Json | None:
        match path:
            case "/.well-known/openid-configuration":
                return {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "id_token_signing_alg_values_supported": ["RS256"],
                    **self.metadata,
                }
            case "/jwks":
                return {"keys": [KEY.as_dict(private=False)]}
            case _:
                form = {name: values[0] for name, values in parse_qs(received.body.decode()).items()}
                challenge = create_s256_code_challenge(form.get("code_verifier", ""))
                is_right = challenge == create_s256_code_challenge(VERIFIER) and form.get("redirect_uri") == BACK
                return {"id_token": self.sign(self.change(self.claims))} if is_right else None
