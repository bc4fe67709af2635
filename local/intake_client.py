"""How `mitsumori demo` sends requests and reads their state: over HTTP, as browsers and programs do."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from local.scenarios import PRODUCT, Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request that intake accepted (202), and when the sender got that answer."""

    number: int
    scenario: Scenario
    request_id: str
    accepted_at: datetime

    @property
    def label(self) -> str:
        """Its name in reports."""
        return f"申込み {self.number} ({self.scenario.name})"


class NotAccepted(Exception):
    """Intake did not accept a request as it should have; the text says what it replied."""


class IntakeClient:
    """A connection pool to intake, by *transport* where the form is not simply at its address."""

    def __init__(self, form_url: str, transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(base_url=form_url, timeout=10, trust_env=False, transport=transport)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def consent_version(self) -> str:
        """The version of the purposes of use (利用目的) that the form shows now."""
        form = self._client.get(f"/api/v1/products/{PRODUCT}/form")
        form.raise_for_status()
        consents = {question["key"]: question for question in form.json()["confirm"]}
        version: str = consents["privacy_consent"]["choices"][0]["value"]
        return version

    def send(self, number: int, scenario: Scenario, consent: str) -> SentRequest:
        """Send *scenario* as customer *number*. Raises `NotAccepted`."""
        answers = scenario.answers_of(number, consent)
        key = str(uuid4())
        try:
            request_id = self._post_form(answers) if scenario.sent_through == "form" else self._post_json(answers, key)
            accepted_at = datetime.now(UTC)
            if scenario.is_sent_twice and self._post_json(answers, key) != request_id:
                raise NotAccepted("同じ Idempotency-Key の再送が、別の申込みになりました")
        except httpx.HTTPError as error:
            raise NotAccepted(f"送信できません ({type(error).__name__})") from None
        return SentRequest(number=number, scenario=scenario, request_id=request_id, accepted_at=accepted_at)

    def status(self, sent: SentRequest) -> dict[str, Any]:
        """Its state from the API: `{"state": …, "letters": {kind: "sent"}}`; empty while the API does not answer."""
        try:
            reply = self._client.get(f"/api/v1/requests/{sent.request_id}")
            state: dict[str, Any] = reply.json() if reply.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, json.JSONDecodeError):
            return {}
        return state

    def _post_json(self, answers: dict[str, Any], key: str) -> str:
        body = {"product": PRODUCT, "answers": answers}
        reply = self._client.post("/api/v1/requests", json=body, headers={"Idempotency-Key": key})
        if reply.status_code != httpx.codes.ACCEPTED:
            raise NotAccepted(f"HTTP {reply.status_code}: {_problems(reply)}")
        request_id: str = reply.json()["request_id"]
        return request_id

    def _post_form(self, answers: dict[str, Any]) -> str:
        """As a browser posts a form; the redirect (303) names the request."""
        reply = self._client.post(
            f"/{PRODUCT}/submit",
            content=urlencode(answers, doseq=True),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        if reply.status_code != httpx.codes.SEE_OTHER:
            raise NotAccepted(f"HTTP {reply.status_code}")
        return reply.headers["location"].rpartition("/")[2]


def _problems(reply: httpx.Response) -> str:
    """Which answers were refused, and why: keys and codes only, never the answers themselves."""
    try:
        return ", ".join(f"{error['key']}: {error['code']}" for error in reply.json().get("errors", []))
    except ValueError:
        return ""
