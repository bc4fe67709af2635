"""The estimate as JSON, for the agency's own programs: the same three answers and the same band as on the page."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from services.intake.domain.answers import check
from services.intake.domain.estimate import Band, Estimated, NeedsPerson, is_decided_by_industry
from services.intake.entrypoints.web.dependencies import Deps
from services.intake.entrypoints.web.openapi import problems
from services.intake.entrypoints.web.pages.estimate import ASKED, WISH, asked_in
from services.intake.entrypoints.web.rate_limiter import ClientPlace
from shared.web.problems import HttpProblem

router = APIRouter(prefix="/api/v1", tags=["estimates"])

_EXAMPLES: Final = {"industry": "retail", "turnover": "500000", "plan": "basic"}


class EstimatedOption(BaseModel):
    """A cover and the yearly premiums in 円 between which its quote will be; null where a person must answer."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    plan: str
    liability_limit: int
    cost_limit: int
    liability_deductible: int
    cost_deductible: int
    riders: list[str]
    lowest: int | None
    highest: int | None


class EstimateAnswer(BaseModel):
    """Illustrative. Without options a person must answer, for the reasons that are given where there are any.

    `notices` must be shown wherever the figures are.
    """

    tariff: str | None
    options: list[EstimatedOption]
    reasons: list[str]
    notices: dict[str, str]


@router.get("/products/{product}/estimate", responses=problems(404, 422, 429, 503))
async def estimate(
    *,
    product: str,
    deps: Deps,
    place: ClientPlace,
    industry: Annotated[str, Query(examples=[_EXAMPLES["industry"]])] = "",
    turnover: Annotated[str, Query(description="千円", examples=[_EXAMPLES["turnover"]])] = "",
    plan: Annotated[str, Query(examples=[_EXAMPLES["plan"]])] = "",
) -> EstimateAnswer:
    """Between which premiums a quote will be, whatever is answered to the questions of 告知."""
    found_product = deps.products.get(product)
    if found_product is None or found_product.estimate == "off":
        raise HttpProblem(404, "unknown-product")
    deps.rate_limiter.check_estimate(place)
    checked = check(found_product.form, {**WISH, "industry": industry, "turnover": turnover, "plan": plan})
    found = deps.estimate(product, asked_in(checked))
    if (wrong := checked.on(ASKED)) and not is_decided_by_industry(found):
        raise HttpProblem(422, "bad-answers", errors=[asdict(problem) for problem in wrong])
    match found:
        case None:
            raise HttpProblem(503, "no-estimate-now")
        case NeedsPerson(reasons=reasons):
            tariff, options = None, []
        case Estimated(tariff=tariff, bands=bands):
            reasons, options = (), [_option(band) for band in bands]
    return EstimateAnswer(tariff=tariff, options=options, reasons=list(reasons), notices=dict(found_product.notices))


def _option(band: Band) -> EstimatedOption:
    return EstimatedOption.model_validate({**asdict(band.cover), "lowest": band.lowest, "highest": band.highest})
