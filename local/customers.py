"""The customers of `mitsumori demo`: they send over HTTP, as browsers and programs do, and ask what became of it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx

from local.stories import PRODUCT, Story


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was accepted: which one, and when the sender knew."""

    number: int
    story: Story
    request_id: str
    accepted_at: datetime

    @property
    def label(self) -> str:
        """How reports call it."""
        return f"申込み {self.number} ({self.story.name})"


class NotAccepted(Exception):
    """The form did not take a request as it should have; the text says how it answered."""


class Customers:
    """All customers share one connection pool."""

    def __init__(self, form_url: str) -> None:
        self._client = httpx.Client(base_url=form_url, timeout=10, trust_env=False)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def consent_version(self) -> str:
        """Which version of the purposes the form shows at present."""
        form = self._client.get(f"/api/v1/products/{PRODUCT}/form")
        form.raise_for_status()
        consents = {question["key"]: question for question in form.json()["confirm"]}
        version: str = consents["privacy_consent"]["choices"][0]["value"]
        return version

    def send(self, number: int, story: Story, consent: str) -> Sent:
        """Have customer *number* live through *story*. Raises `NotAccepted`."""
        answers = story.told_by(number, consent)
        key = str(uuid4())
        try:
            request_id = (
                self._through_the_form(answers) if story.door == "form" else self._through_the_api(answers, key)
            )
            accepted_at = datetime.now(UTC)
            if story.twice and self._through_the_api(answers, key) != request_id:
                raise NotAccepted("同じ Idempotency-Key の再送が、別の申込みになりました")
        except httpx.HTTPError as error:
            raise NotAccepted(f"送信できません ({type(error).__name__})") from None
        return Sent(number, story, request_id, accepted_at)

    def status(self, sent: Sent) -> dict[str, Any]:
        """What the API says of it: `{"state": …, "letters": {kind: "sent"}}`; empty while it does not answer."""
        try:
            answer = self._client.get(f"/api/v1/requests/{sent.request_id}")
            found: dict[str, Any] = answer.json() if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, json.JSONDecodeError):
            return {}
        return found

    def _through_the_api(self, answers: dict[str, Any], key: str) -> str:
        body = {"product": PRODUCT, "answers": answers}
        answer = self._client.post("/api/v1/requests", json=body, headers={"Idempotency-Key": key})
        if answer.status_code != httpx.codes.ACCEPTED:
            raise NotAccepted(f"HTTP {answer.status_code}: {_problems(answer)}")
        request_id: str = answer.json()["request_id"]
        return request_id

    def _through_the_form(self, answers: dict[str, Any]) -> str:
        """As a browser posts a form, and as it is sent on."""
        answer = self._client.post(
            f"/{PRODUCT}/submit",
            content=urlencode(answers, doseq=True),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise NotAccepted(f"HTTP {answer.status_code}")
        return answer.headers["location"].rpartition("/")[2]


def _problems(answer: httpx.Response) -> str:
    """Which answers were not taken and why; never the answers."""
    try:
        return ", ".join(f"{error['key']}: {error['code']}" for error in answer.json().get("errors", []))
    except ValueError:
        return ""
