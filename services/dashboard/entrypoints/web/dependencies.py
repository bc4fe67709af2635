"""What the pages work with: the use cases of the dashboard, and what decides the session cookie."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request

from services.dashboard.domain.due import Due
from services.dashboard.domain.roles import Role
from services.dashboard.domain.take_back import HeldFor
from services.dashboard.entrypoints.web.api_use_cases import ApiUseCases
from services.dashboard.entrypoints.web.case_use_cases import CaseUseCases
from services.dashboard.entrypoints.web.letter_use_cases import LetterUseCases
from services.dashboard.entrypoints.web.live_use_cases import LiveUseCases
from services.dashboard.entrypoints.web.program_use_cases import ProgramUseCases
from services.dashboard.entrypoints.web.staff_use_cases import StaffUseCases
from services.dashboard.ports.audit import Audit
from services.dashboard.usecases.check_backlog import CheckBacklog
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.end_dead_letter import DiscardDeadLetter, RetryDeadLetter
from services.dashboard.usecases.export_cases import ExportCases
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.log_in import Authenticate, LogIn, LogOut
from services.dashboard.usecases.open_case import OpenCase
from services.dashboard.usecases.print_post import PrintPost
from services.dashboard.usecases.release import ReleaseQuote, ReleaseRequest
from services.dashboard.usecases.save_view import RemoveView, SaveView
from services.dashboard.usecases.show_figures import ShowFigures
from services.dashboard.usecases.show_visits import ShowVisits
from services.dashboard.usecases.take_back import TakeBack
from services.dashboard.usecases.work_on_case import WorkOnCase
from services.dashboard.usecases.work_on_many import WorkOnMany
from shared.clock import Clock
from shared.products import Products
from shared.web.problems import HttpProblem

DENSE: Final = "dense"
"""In the cookie of the rows: they stand close together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Put on `app.state.dependencies` by the composition root.

    *due*: until when the next step of a case is promised. *held_for*: how long a decision about it can be taken back.
    *two_step_roles*: who must have a second step. *origin*: the dashboard's own, for links that are handed over.
    *form_url*: where customers find the form; empty where nobody says. *https*: staff open the dashboard over HTTPS.
    """

    products: Products
    list_cases: ListCases
    export_cases: ExportCases
    show_figures: ShowFigures
    show_visits: ShowVisits
    save_view: SaveView
    remove_view: RemoveView
    audit: Audit
    bulk: WorkOnMany
    check_backlog: CheckBacklog
    retry_dead_letter: RetryDeadLetter
    discard_dead_letter: DiscardDeadLetter
    open_case: OpenCase
    release: ReleaseQuote
    release_request: ReleaseRequest
    work: WorkOnCase
    decide: DecideQuote
    take_back: TakeBack
    case: CaseUseCases
    print_post: PrintPost
    log_in: LogIn
    log_out: LogOut
    authenticate: Authenticate
    due: Due
    held_for: HeldFor
    now: Clock
    api: ApiUseCases
    programs: ProgramUseCases
    staff: StaffUseCases
    live: LiveUseCases
    letters: LetterUseCases
    two_step_roles: frozenset[Role]
    origin: str
    form_url: str
    https: bool

    @property
    def notices(self) -> tuple[str, ...]:
        """What must be written on every page with a premium: that the tariff is only an example."""
        notices = (product.notices.get("sample_tariff") for product in self.products.values())
        return tuple(dict.fromkeys(notice for notice in notices if notice))

    @property
    def industries(self) -> dict[str, str]:
        """The words of the products' forms for each industry."""
        questions = (question for product in self.products.values() for question in product.form.questions)
        return {choice.value: choice.label for one in questions if one.key == "industry" for choice in one.choices}

    @property
    def cookie(self) -> str:
        """The name of the session cookie, unlike that of any other service: all ports of a host share cookies.

        With `__Host-` browsers accept it only from this host over HTTPS.
        """
        return "__Host-mitsumori-desk" if self.https else "mitsumori-desk"

    @property
    def device_cookie(self) -> str:
        """The name of the cookie by which a browser is known that has logged in before."""
        return f"{self.cookie}-device"

    @property
    def rows_cookie(self) -> str:
        """The name of the cookie that says how close the rows of the list stand. It says nothing else."""
        return f"{self.cookie}-rows"


async def dependencies(request: Request) -> Dependencies:
    """What the composition root put there. It is `async` because FastAPI would run it in a thread otherwise."""
    deps: Dependencies = request.app.state.dependencies
    return deps


Deps = Annotated[Dependencies, Depends(dependencies)]


async def plain_forms_only(request: Request) -> None:
    """Refuse every body but an ordinary form: our pages send nothing else. Raises `HttpProblem` (415).

    A multipart form names its own character set, and some of them give texts that neither MongoDB nor Argon2 can take.
    """
    sent_type = request.headers.get("content-type", "application/x-www-form-urlencoded")
    if sent_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        raise HttpProblem(415, "bad-content-type")


PLAIN_FORMS: Final = (Depends(plain_forms_only),)
"""For `dependencies=` of a router: whatever is sent to its pages is an ordinary form."""


async def sent_fields(request: Request) -> dict[str, str]:
    """The fields of the form that was sent: of several with one name the last."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
