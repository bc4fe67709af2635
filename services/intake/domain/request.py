"""A request as intake keeps it, and who may read which part of it."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from services.intake.domain.reading import Answers
from shared.events import RequestReceived, Wishes
from shared.products import Product

CONTACT: Final = ("company", "department", "person", "phone", "email", "postal_code", "address", "building")
_CONSENTS: Final = ("privacy_consent", "news_opt_in")
_WISHES: Final = ("brochure", "quote")
_REQUESTS: Final = UUID("5b8c34a4-95a5-5c60-9d59-2a4f6d1f0a7e")


@dataclass(frozen=True, slots=True)
class Request:
    """What was accepted. `fingerprint` tells a repetition from another body under the same key."""

    event: RequestReceived
    fingerprint: str

    @property
    def id(self) -> str:
        """The request's id, everywhere."""
        return self.event.request_id

    @property
    def accepted_at(self) -> datetime:
        """When it was kept."""
        return self.event.accepted_at


def request_id(product: str, name: str) -> str:
    """The same name always gives the same id: this is what makes a repetition recognisable."""
    return str(uuid5(_REQUESTS, f"{product}\n{name}"))


def fingerprint(product: str, answers: Answers, secret: str) -> str:
    """A hash of the accepted answers, keyed with *secret*: whoever lacks it cannot try answers against the hash.

    A request without an Idempotency-Key has no secret; its hash is only as hard to guess as its answers.
    """
    body = json.dumps([product, answers], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()


def wishes(answers: Answers) -> Wishes:
    """What the customer wants: the only answers that a topic shows in full."""
    return Wishes.model_validate({"brochure": answers["brochure"], "quote": answers["quote"] == "yes"})


def as_typed(answers: Answers, sent: Mapping[str, object]) -> dict[str, str]:
    """What was typed, where what is kept was tidied."""
    return {
        key: typed
        for key, answer in answers.items()
        if isinstance(typed := sent.get(key), str) and typed != str(answer)
    }


def _declared(product: Product, answers: Answers) -> list[dict[str, str]]:
    """The answers to negative and two-part questions, spelled out: the 見積書 repeats how they were understood."""
    # With their section: 告知3 and 告知4 both begin at 1.
    return [
        {
            "question": f"{section.title}{question.number and f'-{question.number}'} {question.label}",
            "answer": f"{choice.label}({choice.meaning})",
        }
        for page in product.form.pages
        for section in page.sections
        for question in section.questions
        for choice in question.choices
        if choice.meaning and answers.get(question.key) == choice.value
    ]


def shares(product: Product, answers: Answers, typed: Mapping[str, str]) -> Mapping[str, dict[str, Any]]:
    """What each reader gets to see: rating no contact, the desk both, and as it was *typed*.

    Of the 告知 notify reads nothing but what the 見積書 repeats.
    """
    contact = {key: answers[key] for key in CONTACT if key in answers}
    rest = {key: value for key, value in answers.items() if key not in CONTACT}
    quoted = answers["quote"] == "yes"
    chosen = ("turnover", *(question.key for question in product.form.questions if question.ours))
    terms = {key: answers[key] for key in chosen if key in answers and key not in _CONSENTS}
    found: dict[str, dict[str, Any]] = {
        "notify": {"contact": contact, "terms": terms if quoted else {}, "declared": _declared(product, answers)},
        "desk": {"contact": contact, "answers": rest, "typed": dict(typed)},
    }
    if quoted:
        found["rating"] = {"answers": {key: rest[key] for key in rest if key not in (*_CONSENTS, *_WISHES)}}
    return found
