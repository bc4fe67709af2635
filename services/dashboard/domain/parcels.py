"""What the desk's parcels hold (`shared/events/parcels.py`). Shown to staff, never stored decrypted."""

from dataclasses import dataclass
from typing import Any, Final

from shared.events import Content
from shared.events.parcels import Answer, Contact, RequestForDesk

_EMPTY_CONTACT: Final = dict.fromkeys(Contact.model_fields, "")


@dataclass(frozen=True, slots=True)
class CannotBeOpened:
    """A parcel whose key this desk does not have (any more), or that was damaged. `why` is a word for machines."""

    why: str


def request_for_desk(content: Content) -> RequestForDesk:
    """The desk's parcel of a request. A missing field is shown as empty rather than hiding the whole case.

    The published model is stricter: other readers cannot work without a contact. Raises pydantic's `ValidationError`.
    """
    contact, answers = content.get("contact", {}), content.get("answers", {})
    if isinstance(contact, dict):
        contact = _EMPTY_CONTACT | contact
    if isinstance(answers, dict):
        answers = {key: _answer(value) for key, value in answers.items()}
    return RequestForDesk.model_validate({**content, "contact": contact, "answers": answers})


def _answer(value: Any) -> Answer:  # noqa: ANN401  # whatever JSON holds
    """An answer of a kind that is not known yet is shown as its text."""
    match value:
        case bool():
            return str(value)
        case str() | int():
            return value
        case [*values]:
            return [str(item) for item in values]
        case _:
            return str(value)


def typed_otherwise(request: RequestForDesk) -> dict[str, str]:
    """How answers were typed, by key, where a reader would see that they were tidied.

    Differences in line ends only, or in blanks around the text, are ignored: a reader would see the same text twice.
    """
    tidied = {**request.contact.model_dump(), **request.answers}
    return {key: text for key, text in request.typed.items() if _as_seen(text) != str(tidied.get(key, ""))}


def _as_seen(text: str) -> str:
    return "\n".join(text.splitlines()).strip()
