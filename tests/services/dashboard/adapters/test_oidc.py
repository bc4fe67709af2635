"""What an OpenID provider says of somebody is believed only when all of it is right."""

import base64
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc.jwk import RSAKey

from local.children import free_port
from services.dashboard.adapters.oidc import OidcProvider
from services.dashboard.ports.company import Identity
from shared.errors import Invalid, Unavailable
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.oidc_server import (
    BACK,
    CLIENT,
    KEY,
    NONCE,
    SECRET,
    VERIFIER,
    ForgedProvider,
    Json,
    signed,
)

pytestmark = pytest.mark.anyio

SECONDS = int(NOON.timestamp())


def part(content: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(claims: Json) -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def signed_with_the_public_key(claims: Json) -> str:
    """Whoever takes the public key for a shared secret believes it."""
    signed_part = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    digest = hmac.digest(KEY.as_pem(private=False), signed_part.encode(), "sha256")
    return f"{signed_part}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def signed_by_somebody_else(claims: Json) -> str:
    return signed(claims, key=RSAKey.generate_key(2048))


def changed_afterwards(claims: Json) -> str:
    head, _, signature = signed(claims).split(".")
    return f"{head}.{part(claims | {'sub': 'u-2'})}.{signature}"


async def test_a_token_of_which_all_is_right_says_who_it_is() -> None:
    async with ForgedProvider().running() as forged:
        identity = await forged.provider.identity("code", NONCE, VERIFIER)

    assert identity == Identity(issuer=forged.issuer, subject="u-1", email="hanako@agency.example")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"nonce": "of another try"}, id="another nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"aud": "somebody-else"}, id="another audience"),
        pytest.param({"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}, id="issued to another party"),
        pytest.param({"iss": "https://evil.example"}, id="another issuer"),
        pytest.param({"exp": SECONDS - 60}, id="expired"),
        pytest.param({"exp": None}, id="without an end"),
        pytest.param({"iat": SECONDS + 3_600}, id="of the future"),
        pytest.param({"nbf": SECONDS + 3_600}, id="not valid yet"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"sub": ""}, id="an empty subject"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(said: Json) -> None:
    def change(claims: Json) -> Json:
        return {name: value for name, value in (claims | said).items() if value is not None}

    async with ForgedProvider(change=change).running() as forged:
        with pytest.raises(Invalid, match="bad-identity"):
            await forged.provider.identity("code", NONCE, VERIFIER)


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(unsigned, id="alg none"),
        pytest.param(signed_with_the_public_key, id="HS256 with the public key"),
        pytest.param(signed_by_somebody_else, id="another key"),
        pytest.param(changed_afterwards, id="changed after it was signed"),
        pytest.param(lambda _claims: "nonsense", id="no token at all"),
    ],
)
async def test_a_token_with_a_wrong_signature_is_refused(sign: Callable[[Json], str]) -> None:
    """The provider offers every algorithm: what we take does not depend on it alone."""
    offers: Json = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}

    async with ForgedProvider(sign=sign, metadata=offers).running() as forged:
        with pytest.raises(Invalid, match="bad-identity"):
            await forged.provider.identity("code", NONCE, VERIFIER)


async def test_an_algorithm_that_the_provider_does_not_offer_is_refused() -> None:
    async with ForgedProvider(metadata={"id_token_signing_alg_values_supported": ["ES256"]}).running() as forged:
        with pytest.raises(Invalid, match="bad-identity"):
            await forged.provider.identity("code", NONCE, VERIFIER)


@pytest.mark.parametrize("said", [{"email_verified": False}, {"email_verified": "no"}, {"email": 5}], ids=str)
async def test_a_mail_address_that_is_not_verified_is_none(said: Json) -> None:
    async with ForgedProvider(change=lambda claims: claims | said).running() as forged:
        identity = await forged.provider.identity("code", NONCE, VERIFIER)

    assert (identity.subject, identity.email) == ("u-1", None)


async def test_the_browser_is_sent_with_state_nonce_and_a_challenge() -> None:
    async with ForgedProvider().running() as forged:
        address = urlsplit(await forged.provider.address("state", NONCE, VERIFIER))

    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address.path, query.pop("client_id")) == ("/authorize", CLIENT)
    assert query == {
        "response_type": "code",
        "redirect_uri": BACK,
        "scope": "openid email",
        "state": "state",
        "nonce": NONCE,
        "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize("methods", [None, ["client_secret_basic"], ["client_secret_post"]], ids=str)
async def test_we_prove_who_we_are_in_the_way_that_the_provider_takes(methods: list[str] | None) -> None:
    metadata: Json = {"token_endpoint_auth_methods_supported": methods} if methods else {}

    async with ForgedProvider(metadata=metadata).running() as forged:
        await forged.provider.identity("code", NONCE, VERIFIER)

    [token] = [one for one in forged.receiver.received if one.line.startswith("POST")]
    in_head, in_body = "authorization" in token.headers, b"client_secret=" in token.body
    assert (in_head, in_body) == ((False, True) if methods == ["client_secret_post"] else (True, False))


async def test_another_verifier_than_the_browser_began_with_gets_nothing() -> None:
    async with ForgedProvider().running() as forged:
        with pytest.raises(Invalid, match="bad-identity"):
            await forged.provider.identity("code", NONCE, "of-another-browser-of-another-browser-0123456")


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"issuer": "https://evil.example"}, id="it calls itself otherwise"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="an address that is no web page"),
        pytest.param({"authorization_endpoint": None}, id="no address"),
    ],
)
async def test_a_provider_that_is_not_itself_is_as_good_as_away(metadata: Json) -> None:
    async with ForgedProvider(metadata=metadata).running() as forged:
        with pytest.raises(Unavailable):
            await forged.provider.address("state", NONCE, VERIFIER)


async def test_a_provider_that_is_away_is_unavailable() -> None:
    nobody: Any = f"http://127.0.0.1:{free_port()}"
    provider = OidcProvider(issuer=nobody, client_id=CLIENT, client_secret=SECRET, redirect_uri=BACK, now=lambda: NOON)

    with pytest.raises(Unavailable):
        await provider.address("state", NONCE, VERIFIER)
