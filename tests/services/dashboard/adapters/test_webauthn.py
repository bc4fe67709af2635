"""Answers of browsers about passkeys that no browser would give: whatever is wrong with them, they are refused."""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import pytest

from services.dashboard.adapters.webauthn import WebAuthn
from services.dashboard.domain.passkey import Passkey, Site
from shared.errors import Invalid
from tests.services.dashboard.builders import NOON
from tests.services.dashboard.fakes import FROM_OWN_PAGE, PASSWORD, InMemoryDashboard

SITE: Final = Site("desk.example.jp", "http://desk.example.jp")
CHALLENGE: Final = b"c" * 32
KEY: Final = Passkey(id="AAAA", public_key=b"x", uses=0, name="x", since=NOON)


def encoded(plain: bytes | str) -> str:
    return base64.urlsafe_b64encode(plain.encode() if isinstance(plain, str) else plain).decode().rstrip("=")


def client_data(**other: Any) -> str:  # noqa: ANN401  # whatever a program may send
    known = {"type": "webauthn.get", "challenge": encoded(CHALLENGE), "origin": SITE.origin}
    return encoded(json.dumps(known | other))


def an_answer(**response: Any) -> str:  # noqa: ANN401  # whatever a program may send
    known = {"clientDataJSON": client_data(), "authenticatorData": encoded(b"\0" * 37), "signature": "AA"}
    known["attestationObject"] = encoded(b"\xa0")
    return json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": known | response})


DEEP: Final = "[" * 20_000
ANSWERS: Final = {
    "nothing": "",
    "deep": DEEP,
    "deep objects": '{"a":' * 2_000,
    "deep client data": an_answer(clientDataJSON=encoded(DEEP)),
    "deep CBOR": an_answer(attestationObject=encoded(b"\x81" * 20_000)),
    "deep CBOR maps": an_answer(attestationObject=encoded(b"\xa1\x01" * 20_000)),
    "deep CBOR tags": an_answer(attestationObject=encoded(b"\xc1" * 20_000)),
    "an endless CBOR list": an_answer(attestationObject=encoded(b"\x9b" + b"\x7f" + b"\xff" * 7)),
    "a CBOR key that has no hash": an_answer(attestationObject=encoded(b"\xa1\xa1\x01\x01\x01")),
    "CBOR of another kind": an_answer(attestationObject=encoded(b"\x01")),
    "an empty attestation": an_answer(attestationObject=encoded(b"\xa3cfmtdnonegattStmt\xa0hauthDataA\0")),
    "a key in a list": json.dumps([]),
    "a number": "1",
    "nothing at all": "null",
    "half a character": json.dumps({"id": "\ud800", "rawId": "\ud800"}),
    "another alphabet": an_answer(clientDataJSON="あ"),
    "not UTF-8": an_answer(clientDataJSON=encoded(b"\xff\xfe")),
    "client data in a list": an_answer(clientDataJSON=encoded("[]")),
    "a challenge that is a number": an_answer(clientDataJSON=client_data(challenge=5)),
    "an origin that is a list": an_answer(clientDataJSON=client_data(origin=[])),
    "a binding that is a number": an_answer(clientDataJSON=client_data(tokenBinding=5)),
    "a binding of another kind": an_answer(clientDataJSON=client_data(tokenBinding={"status": 5})),
    "short data": an_answer(authenticatorData=""),
    "a longer key than there is": an_answer(authenticatorData=encoded(b"\0" * 32 + b"\xc5" + b"\xff" * 30)),
    "very large": "9" * 5_000,
    "no number": '{"id": NaN}',
}
CHECKS: Final[dict[str, Callable[[str], object]]] = {
    "which question": WebAuthn().challenge_of,
    "which key": WebAuthn().key_of,
    "a new key": lambda answer: WebAuthn().new_key(SITE, answer, CHALLENGE),
    "a log-in": lambda answer: WebAuthn().uses(SITE, answer, CHALLENGE, KEY),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_that_nobody_would_give_is_refused(answer: str, check: str) -> None:
    """Deeply nested JSON was an error of ours, for everybody who can reach the log-in page."""
    with suppress(Invalid):
        CHECKS[check](ANSWERS[answer])
        # Whose key it would be and which question it answers, can be read in an answer that is wrong elsewhere.
        assert check in {"which question", "which key"}


@pytest.mark.anyio
@pytest.mark.parametrize("answer", ANSWERS)
async def test_neither_the_log_in_page_nor_the_page_of_keys_breaks_on_it(answer: str) -> None:
    dashboard = InMemoryDashboard()

    async with dashboard.browser() as browser:
        form = {"credential": ANSWERS[answer], "password": PASSWORD}
        added = await browser.post("/account/passkeys", data=form, headers=FROM_OWN_PAGE)
        logged_in = await browser.post("/login/passkey", data=form, headers=FROM_OWN_PAGE)

    assert (added.status_code, logged_in.status_code) == (409, 403)
