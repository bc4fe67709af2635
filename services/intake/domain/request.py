"""A request as intake stores it, and who may read which part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.answers.reading import Answers
from shared.answers.visible import with_names
from shared.events import Content, RequestReceived, Wishes
from shared.events.parcels import Contact
from shared.products import Form, Product

CONTACT: Final = tuple(Contact.model_fields)
"""Never among the answers that rating reads."""
_CONSENTS: Final = ("privacy_consent", "news_opt_in")
_UNPRICED: Final = (*_CONSENTS, *Wishes.model_fields)


@dataclass(frozen=True, slots=True)
class Request:
    """What was accepted. `fingerprint` tells a repetition from another body under the same key."""

    event: RequestReceived
    fingerprint: str

    @property
    def id(self) -> str:
        """The request's id, the same in all services."""
        return self.event.request_id

    @property
    def accepted_at(self) -> datetime:
        """When it was stored."""
        return self.event.accepted_at


def wishes(answers: Answers) -> Wishes:
    """What the customer wants: the only answers that a topic shows in full."""
    return Wishes.model_validate({"brochure": answers["brochure"], "quote": answers["quote"] == "yes"})


def as_typed(answers: Answers, sent: Mapping[str, object]) -> dict[str, str]:
    """What was typed, where the accepted answer was tidied; a character that nobody sees by its number."""
    return {
        key: with_names(typed)
        for key, answer in answers.items()
        if isinstance(typed := sent.get(key), str) and typed != str(answer)
    }


def parcel_contents(
    product: Product, answers: Answers, typed: Mapping[str, str], request_id: str
) -> dict[str, Content]:
    """What each reader gets to see: rating no contact, the desk everything, and as it was *typed*.

    Of the 告知 notify reads nothing but what the 見積書 repeats. Rating gets a parcel only when a quote is wished.
    Each is plain JSON as its model in `shared.events.parcels` has it, in the order of the fields. No model is made of
    it: the form has accepted every answer already, and to look at sixty of them three times more costs.
    """
    contact = {key: answers[key] for key in CONTACT if key in answers}
    rest = {key: value for key, value in answers.items() if key not in contact}
    contents: dict[str, Content] = {
        "notify": {
            "contact": contact,
            "terms": _terms(product.form, answers),
            "declared": _declared(product.form, answers),
        },
        "desk": {"contact": contact, "answers": rest, "typed": typed},
    }
    if answers["quote"] == "yes":
        priced = {key: value for key, value in rest.items() if key not in _UNPRICED}
        contents["rating"] = {"answers": priced, "request_id": request_id}
    return contents


def _terms(form: Form, answers: Answers) -> Answers:
    """The terms that a price is asked for; none if no quote is wished."""
    if answers["quote"] != "yes":
        return {}
    chosen = ("turnover", *form.our_keys)
    return {key: answers[key] for key in chosen if key in answers and key not in _CONSENTS}


def _declared(form: Form, answers: Answers) -> list[dict[str, str]]:
    """The answers to negative and two-part questions, spelled out: the 見積書 repeats how they were understood."""
    return [
        {
            # With their section: 告知3 and 告知4 both begin at 1.
            "question": f"{section.title}{f'-{question.number}' if question.number else ''} {question.label}",
            "answer": f"{choice.label}({choice.meaning})",
        }
        for section, question, choice in form.spelled_out
        if answers.get(question.key) == choice.value
    ]
