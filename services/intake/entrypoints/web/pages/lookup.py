"""From a postal code to its address: as buttons in the page, and as JSON for the script that saves pressing them."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from services.intake.domain.normalise import postal_code
from services.intake.entrypoints.web.door import Refused, intake_of, place_of
from services.intake.entrypoints.web.pages.browser import Known
from services.intake.entrypoints.web.pages.render import PageRoute
from services.intake.ports import Addresses
from services.intake.usecases.draft import Typed
from shared.products import Question

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Lookup:
    """What the postal code of question `key` says. `filled`: the address was typed for the person."""

    key: str
    filled: bool
    candidates: tuple[str, ...]


def found_at(addresses: Addresses, typed: str) -> tuple[str, ...]:
    """The addresses of a postal code as it was typed."""
    code = postal_code(typed)
    return addresses.at(code) if code else ()


def text_of(question: Question, typed: Typed) -> str:
    """What was typed there."""
    sent = typed.get(question.key, "")
    return sent if isinstance(sent, str) else next(iter(sent), "")


@router.get("/{product}/addresses")
async def addresses(request: Request, product: Known, postal_code: str = "") -> Response:  # noqa: ARG001  # any product's
    """`{"addresses": […]}`; none for a code that does not exist."""
    intake = intake_of(request)
    if not intake.guard.lets("look-up", place_of(request)):
        raise Refused(429, "too-many")
    return JSONResponse({"addresses": list(found_at(intake.addresses, postal_code))})
