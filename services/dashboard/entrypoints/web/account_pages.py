"""The accounts of staff, for admins: who there is, and what may be done with each."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.roles import FORMER_ROLE, Role
from services.dashboard.entrypoints.web.access import CurrentStaff, may
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.rendering import problem_page, render
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.entrypoints.web.staff_wording import REFUSALS, ROLES
from services.dashboard.usecases.create_account import LONGEST_NAME
from services.dashboard.usecases.mail_link import Link
from shared.errors import Invalid

router = APIRouter(include_in_schema=False, dependencies=[*PLAIN_FORMS, may("keep-accounts")])

_LONGEST_EMAIL: Final = 254
_ROLES: Final[Mapping[str, Role]] = {role.value: role for role in Role}


@router.get("/accounts")
async def accounts(request: Request, deps: Deps, staff: CurrentStaff) -> Response:
    """All accounts, and the form for a new one."""
    return await _list(request, deps, staff.name)


@router.post("/accounts")
async def invite(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    deps: Deps,
    staff: CurrentStaff,
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
) -> Response:
    """Add an account. Its link is shown now and never again."""
    name, email = name.strip().lower(), email.strip()
    chosen = _ROLES.get(role, FORMER_ROLE)
    try:
        link = await deps.staff.invite.new(name, chosen, by=staff.name, email=email)
    except Invalid as reason:
        shown = {
            "name": name[:LONGEST_NAME],
            "role": chosen,
            "email": email[:_LONGEST_EMAIL],
            "problem": REFUSALS[str(reason)],
        }
        return await _list(request, deps, staff.name, 409, **shown)
    return _link(request, deps, staff.name, name, link)


@router.get("/accounts/{name}")
async def account(request: Request, name: str, deps: Deps, staff: CurrentStaff) -> Response:
    """One account, with what may be done with it."""
    return await _account(request, deps, staff.name, name)


@router.post("/accounts/{name}")
async def change(  # noqa: PLR0917  # FastAPI takes them by name
    request: Request,
    name: str,
    deps: Deps,
    staff: CurrentStaff,
    act: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Do one of these with the account."""
    if await deps.staff.accounts.find(name) is None:
        return problem_page(request, 404, staff.name)
    turned_off = _turned_off(deps.staff)
    try:
        match act:
            case "role" if role in _ROLES:
                await deps.staff.change_role(name, _ROLES[role], by=staff.name)
            case "link":
                return _link(request, deps, staff.name, name, await deps.staff.invite.again(name, by=staff.name))
            case "end-sessions":
                await deps.staff.end_sessions(name, by=staff.name)
            case "disable" | "remove":
                await deps.staff.close_account(name, remove=act == "remove", by=staff.name)
            case _ if act in turned_off:
                await turned_off[act](name, by=staff.name)
            case "enable":
                await deps.staff.enable_account(name, by=staff.name)
            case _:
                return problem_page(request, 400, staff.name)
    except Invalid as reason:
        return await _account(request, deps, staff.name, name, REFUSALS[str(reason)])
    return RedirectResponse("/accounts" if act == "remove" else f"/accounts/{name}", 303)


@router.post("/accounts/{name}/email")
async def change_address(
    request: Request, name: str, deps: Deps, staff: CurrentStaff, email: Annotated[str, Form()] = ""
) -> Response:
    """Give the account another mail address, or none."""
    if await deps.staff.accounts.find(name) is None:
        return problem_page(request, 404, staff.name)
    try:
        await deps.staff.change_address(name, email.strip(), by=staff.name)
    except Invalid as reason:
        return await _account(request, deps, staff.name, name, REFUSALS[str(reason)])
    return RedirectResponse(f"/accounts/{name}", 303)


def _turned_off(staff: StaffUseCases) -> Mapping[str, Callable[..., Awaitable[None]]]:
    """By act: what takes a step or a way of logging in away from an account."""
    return {
        "two-step-off": staff.two_step.reset,
        "passkeys-off": staff.own_passkeys.remove,
        "company-off": staff.unlink_company,
    }


async def _list(request: Request, deps: Dependencies, staff: str, status: int = 200, **shown: Any) -> Response:  # noqa: ANN401  # what the form was filled in with
    shown = {"name": "", "role": FORMER_ROLE, "email": "", "problem": None, **shown}
    found = await deps.staff.accounts.all()
    return render(request, "accounts.html", status, account=staff, accounts=found, ROLES=ROLES, **shown)


async def _account(request: Request, deps: Dependencies, staff: str, name: str, problem: str | None = None) -> Response:
    found = await deps.staff.accounts.find(name)
    if found is None:
        return problem_page(request, 404, staff)
    keys = await deps.staff.passkeys.of(name)
    texts = {"ROLES": ROLES, "problem": problem, "email": await deps.staff.mail_link.addresses.of(name)}
    has_link = await deps.staff.invitations.invited(name, deps.staff.now())
    shown = {"account": staff, "shown": found, "keys": keys, "has_link": has_link, **texts}
    return render(request, "account.html", 409 if problem else 200, **shown)


def _link(request: Request, deps: Dependencies, staff: str, name: str, link: Link) -> Response:
    address = deps.staff.mail_link.address_of(link.token)
    return render(request, "account_link.html", account=staff, name=name, address=address, link=link)
