"""Who may open what: every route of the dashboard names what it needs, and is answered only to who has it."""

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from services.dashboard.domain.account import Account
from services.dashboard.domain.roles import FROM, Permission, Role, Staff
from services.dashboard.entrypoints.web.dependencies import PLAIN_FORMS, Dependencies, Deps
from services.dashboard.entrypoints.web.rendering import render
from services.dashboard.entrypoints.web.staff_wording import PERMISSIONS, ROLES
from shared.web.cross_origin import SAFE_METHODS


class NotLoggedIn(Exception):
    """The request has no session, or an ended one: log in first."""


class ScriptNotLoggedIn(NotLoggedIn):
    """The same for what a page asks by itself: a log-in page in its place would help nobody."""


class NotAllowed(Exception):
    """The role of who is logged in does not allow it."""

    def __init__(self, staff: Staff, permission: Permission) -> None:
        super().__init__(staff.name)
        self.staff = staff
        self.permission = permission


class FirstOf(Exception):
    """Something must be done before anything else, on the page at `page`."""

    def __init__(self, page: str) -> None:
        super().__init__(page)
        self.page = page


async def logged_in(request: Request, deps: Deps) -> Account:
    """The account that is logged in, also one that must do something first. Raises `NotLoggedIn`."""
    account = await deps.authenticate(request.cookies.get(deps.cookie, ""))
    if account is None:
        raise NotLoggedIn
    # For the page that is rendered: it shows only what the role may do.
    request.state.staff = Staff(account.name, account.role)
    return account


LoggedIn = Annotated[Account, Depends(logged_in)]
"""For the pages on which one does what must be done first, and for logging out."""


async def current_staff(account: LoggedIn, deps: Deps) -> Staff:
    """Who is logged in. Raises `NotLoggedIn`, or `FirstOf`."""
    return staff_of(account, deps)


def staff_of(account: Account, deps: Dependencies) -> Staff:
    """Who *account* is. Raises `FirstOf`.

    First comes a password that nobody else knows, then the second step where the role needs one.
    """
    if account.must_change_password:
        raise FirstOf("/account/password")
    if account.role in deps.two_step_roles and not account.has_two_step:
        raise FirstOf("/account/two-step")
    return Staff(account.name, account.role)


CurrentStaff = Annotated[Staff, Depends(current_staff)]


def may(permission: Permission) -> Any:  # noqa: ANN401  # what FastAPI takes
    """For `dependencies=[…]` of a route or router: who may not do it gets the page of `NotAllowed` (403)."""

    async def check(staff: CurrentStaff) -> None:
        if not staff.may(permission):
            raise NotAllowed(staff, permission)

    return Depends(check)


async def _see_or_work(request: Request, staff: CurrentStaff) -> None:
    permission: Permission = "see-cases" if request.method in SAFE_METHODS else "work-on-cases"
    if not staff.may(permission):
        raise NotAllowed(staff, permission)


OF_CASES: Final = (*PLAIN_FORMS, Depends(_see_or_work))
"""For `dependencies=` of a router: its pages are for who may see cases, and every post to it for who may work on them.

A route that needs more says so itself; one that says nothing is not open to everybody.
"""


async def watching_staff(request: Request, deps: Deps) -> Staff:
    """Whose page asks by itself: no use of the session. Raises `ScriptNotLoggedIn`, `FirstOf`, `NotAllowed`."""
    return await _staff_of_script(request, deps, "see-cases", is_use=False)


WatchingStaff = Annotated[Staff, Depends(watching_staff)]


async def typing_staff(request: Request, deps: Deps) -> Staff:
    """Who types: a use of the session. Raises `ScriptNotLoggedIn`, `FirstOf`, `NotAllowed`."""
    return await _staff_of_script(request, deps, "work-on-cases", is_use=True)


TypingStaff = Annotated[Staff, Depends(typing_staff)]


async def _staff_of_script(request: Request, deps: Dependencies, permission: Permission, *, is_use: bool) -> Staff:
    account = await deps.authenticate(request.cookies.get(deps.cookie, ""), is_use=is_use)
    if account is None:
        raise ScriptNotLoggedIn
    staff = staff_of(account, deps)
    if not staff.may(permission):
        raise NotAllowed(staff, permission)
    return staff


async def say_not_logged_in(_request: Request, _error: Exception) -> Response:
    """The answer to `ScriptNotLoggedIn`: nothing is kept of what was sent, because the page still has it."""
    return Response(status_code=401)


async def refuse(request: Request, error: Exception) -> Response:
    """The page for `NotAllowed`: which role it needs, and who may give it.

    It is recorded: somebody tries what is not theirs, or has the wrong role.
    """
    if not isinstance(error, NotAllowed):
        raise error
    deps: Dependencies = request.app.state.dependencies
    # The route as it is declared: what stands in an address may be anything.
    asked = f"{request.method} {request.scope['route'].path}"
    await deps.audit.record("refused", deps.now(), error.staff.name, about=asked)
    accounts = await deps.staff.accounts.all()
    return render(
        request,
        "not_allowed.html",
        403,
        account=error.staff.name,
        permission=PERMISSIONS[error.permission],
        own=ROLES[error.staff.role],
        needed=ROLES[FROM[error.permission]],
        admins=[one.name for one in accounts if one.role is Role.admin and one.disabled_at is None],
    )


async def send_there_first(_request: Request, error: Exception) -> Response:
    """The answer to `FirstOf`."""
    return RedirectResponse(getattr(error, "page", "/"), 303)
