"""The second step of one's own log-in: a key for an app, as a QR code and in letters, and recovery codes."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from services.dashboard.domain.account import Account
from services.dashboard.domain.second_step import address_of, as_text, from_text
from services.dashboard.entrypoints.web.access import LoggedIn
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.staff_wording import REFUSALS
from services.dashboard.usecases.two_step import NewRecoveryCodes
from shared.qr_code import qr_code

router = APIRouter(include_in_schema=False, dependencies=PLAIN_FORMS)

Typed = Annotated[str, Form()]


@router.get("/account/two-step")
async def two_step_page(request: Request, deps: Deps, account: LoggedIn) -> Response:
    """How to turn it on, with a key that counts once a code of it was typed; or what may be done with it."""
    return await _page(request, deps, account, deps.staff.two_step.new_key())


@router.post("/account/two-step")
async def change_two_step(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    deps: Deps,
    account: LoggedIn,
    act: Typed = "",
    key: Typed = "",
    code: Typed = "",
    password: Typed = "",
) -> Response:
    """Turn it on or off, or make new recovery codes; each for who knows the password."""
    two_step, shown_key = deps.staff.two_step, from_text(key)
    match act:
        case "on" if shown_key and not account.has_two_step:
            answer = await two_step.turn_on(account.name, password, shown_key, "".join(code.split()))
        case "codes" if account.has_two_step:
            answer = await two_step.renew_recovery(account.name, password)
        case "off":
            refusal = await two_step.turn_off(account.name, password)
            if refusal is None:
                return RedirectResponse("/account/two-step", 303)
            answer = refusal
        case _:
            return problem_page(request, 400, account.name)
    if isinstance(answer, NewRecoveryCodes):
        return render(request, "recovery_codes.html", account=account.name, codes=answer.codes)
    # The same key again: it may be in the app already.
    return await _page(request, deps, account, shown_key or two_step.new_key(), answer)


async def _page(
    request: Request, deps: Dependencies, account: Account, key: bytes, refusal: str | None = None
) -> Response:
    second = await deps.staff.second_steps.find(account.name)
    return render(
        request,
        "two_step.html",
        {None: 200, "locked": 429}.get(refusal, 409),
        account=account.name,
        must=account.role in deps.two_step_roles,
        codes_left=len(second.recovery) if second else None,
        key=as_text(key),
        picture=_qr(address_of(key, account.name)),
        problem=REFUSALS[refusal] if refusal else None,
    )


def _qr(address: str) -> Markup:
    """As SVG within the page: no other address has to know the key. On white, also where the page is dark."""
    return Markup(qr_code(address, scale=5, css_class="qr"))  # noqa: S704  # made of squares only
