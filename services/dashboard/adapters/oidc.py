"""The company's OpenID provider over HTTP: the authorization code flow with PKCE, and the checks of an ID token.

Authlib and joserfc build the address and check the token; what may be signed with is pinned here.
"""

import asyncio
import base64
import json
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

import httpcore
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.dashboard.ports.company import Identity
from shared.clock import Clock
from shared.errors import Invalid, Unavailable

ALGORITHMS: Final = ("RS256", "ES256")
"""Signatures with a key pair only: never `none`, and never a secret that we would have to share."""
_LEEWAY_S: Final = 30
_WHOLE_S: Final = 10.0
_MOST_BYTES: Final = 1_000_000
_OK: Final = 200
_SERVER_ERROR: Final = 500


class OidcProvider:
    """`Provider`. What it says about itself and its keys are asked for at every log-in: keys change."""

    def __init__(self, *, issuer: str, client_id: str, client_secret: str, redirect_uri: str, now: Clock) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri
        self._now = now
        self._pool = httpcore.AsyncConnectionPool(max_keepalive_connections=0)

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        metadata = await self._metadata()
        address = prepare_grant_uri(
            self._endpoint(metadata, "authorization_endpoint"),
            self._client_id,
            "code",
            redirect_uri=self._redirect_uri,
            scope="openid email",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return str(address)

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        metadata = await self._metadata()
        token = await self._redeemed(metadata, code, verifier)
        keys = await self._ask(self._endpoint(metadata, "jwks_uri"))
        claims = self._checked(token, keys, metadata, nonce)
        email = claims.get("email")
        # Some providers say so as a text. Anything but a plain yes is no.
        is_verified = isinstance(email, str) and claims.get("email_verified") in {True, "true"}
        return Identity(issuer=self._issuer, subject=str(claims["sub"]), email=email if is_verified else None)

    async def _metadata(self) -> dict[str, Any]:
        metadata = await self._ask(get_well_known_url(self._issuer, external=True))
        if metadata.get("issuer") != self._issuer:
            raise Unavailable("oidc: another issuer")
        return metadata

    def _endpoint(self, metadata: dict[str, Any], name: str) -> str:
        """Never plain HTTP where the issuer itself has HTTPS."""
        address = metadata.get(name)
        if not isinstance(address, str) or urlsplit(address).scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise Unavailable(f"oidc: {name}")
        return address

    async def _redeemed(self, metadata: dict[str, Any], code: str, verifier: str) -> str:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        form |= {"code_verifier": verifier}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if "client_secret_basic" in metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        answer = await self._ask(self._endpoint(metadata, "token_endpoint"), urlencode(form), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Invalid("bad-identity")
        return token

    def _checked(self, token: str, keys: dict[str, Any], metadata: dict[str, Any], nonce: str) -> dict[str, Any]:
        """What an ID token says, once its signature, issuer, audience, times and nonce are right."""
        offered = metadata.get("id_token_signing_alg_values_supported", [])
        algorithms = [one for one in ALGORITHMS if one in offered]
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=algorithms)  # type: ignore[arg-type]  # any JSON is refused there
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                },
                params={"nonce": nonce, "client_id": self._client_id},
            )
            claims.validate(now=int(self._now().timestamp()), leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError):
            raise Invalid("bad-identity") from None
        return dict(claims)

    async def _ask(
        self, address: str, form: str | None = None, headers: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """JSON. A refusal is the sender's fault (`Invalid`), anything else the provider's."""
        method, content = ("GET", None) if form is None else ("POST", form.encode())
        sent = [("accept", "application/json"), ("user-agent", "mitsumori"), *(headers or {}).items()]
        body = b""
        try:
            async with (
                asyncio.timeout(_WHOLE_S),
                self._pool.stream(method, address, headers=sent, content=content) as response,
            ):
                async for chunk in response.aiter_stream():
                    body += chunk
                    if len(body) > _MOST_BYTES:
                        raise Unavailable("oidc: too much")
            answer = json.loads(body) if response.status == _OK else None
        except (TimeoutError, OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            raise Unavailable("oidc") from None
        except ValueError:
            answer = None
        if isinstance(answer, dict):
            return answer
        if form is not None and response.status < _SERVER_ERROR:
            raise Invalid("bad-identity")
        raise Unavailable("oidc")
