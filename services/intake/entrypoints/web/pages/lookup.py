"""The addresses of a postal code as JSON, so that the script need not send the page for them."""

from typing import Any

from fastapi import APIRouter, Depends

from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from services.intake.entrypoints.web.urls import known_product

router = APIRouter(prefix="/{product}", include_in_schema=False)


@router.get("/addresses", dependencies=[Depends(known_product)])
async def addresses(deps: Deps, place: ClientPlace, postal_code: str = "") -> dict[str, Any]:
    """`{"addresses": […]}`; none for a code that does not exist."""
    deps.rate_limiter.check("look-up", place)
    return {"addresses": deps.find_addresses(postal_code)}
