"""A request as intake stores it, and who may read which part of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.answers.reading import Answers
from shared.answers.visible import with_names
from shared.events import Content, RequestReceived, Wishes
from shared.events.parcels import Contact
from shared.products import Product
from shared.products.priced import UNPRICED, declared_in, terms_in

CONTACT: Final = tuple(Contact.model_fields)
"""Never among the answers that rating reads."""


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
            "terms": terms_in(product.form, answers) if answers["quote"] == "yes" else {},
            "declared": declared_in(product.form, answers),
        },
        "desk": {"contact": contact, "answers": rest, "typed": typed},
    }
    if "news_opt_in" in answers:
        contents["notify"]["news_opt_in"] = answers["news_opt_in"]
    if answers["quote"] == "yes":
        priced = {key: value for key, value in rest.items() if key not in UNPRICED}
        contents["rating"] = {"answers": priced, "request_id": request_id}
    return contents
