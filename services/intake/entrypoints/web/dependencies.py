"""What pages and API work with. FastAPI passes it to each route that asks for it."""

import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.intake.domain.mail_limits import MailLimits
from services.intake.domain.page_seal import PageSeal
from services.intake.domain.request_ids import RequestIds
from services.intake.entrypoints.web.rate_limiter import RateLimiter
from services.intake.ports import Addresses, Companies, Drafts, Links, Outcomes, Papers, Requests, Steps
from services.intake.usecases.ask_colleague import AskColleague
from services.intake.usecases.check_quote import CheckQuote
from services.intake.usecases.count_step import CountStep
from services.intake.usecases.estimate import EstimatePremium
from services.intake.usecases.find_addresses import FindAddresses
from services.intake.usecases.find_companies import FindCompanies
from services.intake.usecases.forget_draft import ForgetDraft
from services.intake.usecases.get_status import GetStatus
from services.intake.usecases.leave_address import LeaveAddress
from services.intake.usecases.limit_drafts import LimitDrafts
from services.intake.usecases.limit_mails import LimitMails
from services.intake.usecases.mail_colleague_link import MailColleagueLink
from services.intake.usecases.mail_resume_link import MailResumeLink
from services.intake.usecases.open_draft import OpenDraft
from services.intake.usecases.resume_draft import ResumeDraft
from services.intake.usecases.save_draft import SaveDraft
from services.intake.usecases.submit import SubmitRequest
from services.intake.usecases.take_over_answers import TakeOverAnswers
from services.intake.usecases.tell_asker import TellAsker
from services.intake.usecases.withdraw_link import WithdrawLink
from shared.clock import Clock
from shared.products import Products
from shared.runtime.parcels import Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The use cases, and what else a page needs; `app.state.dependencies` once the process is up.

    `allowed_origins`: whose pages may post to `/{product}/submit`, ours among them.
    """

    products: Products
    submit: SubmitRequest
    limit_mails: LimitMails
    get_status: GetStatus
    check_quote: CheckQuote
    open_draft: OpenDraft
    save_draft: SaveDraft
    forget_draft: ForgetDraft
    ask_colleague: AskColleague
    withdraw_link: WithdrawLink
    take_over_answers: TakeOverAnswers
    mail_colleague_link: MailColleagueLink
    tell_asker: TellAsker
    mail_resume_link: MailResumeLink
    resume_draft: ResumeDraft
    limit_drafts: LimitDrafts
    find_addresses: FindAddresses
    find_companies: FindCompanies
    papers: Papers
    estimate: EstimatePremium
    count_step: CountStep
    page_seal: PageSeal
    rate_limiter: RateLimiter
    now: Clock
    public_url: str
    allowed_origins: frozenset[str]


def new_dependencies(
    *,
    products: Products,
    requests: Requests,
    outcomes: Outcomes,
    drafts: Drafts,
    links: Links,
    steps: Steps,
    addresses: Addresses,
    companies: Companies,
    papers: Papers,
    estimate: EstimatePremium,
    sealer: Sealer,
    request_ids: RequestIds,
    mails_per_hour: int,
    rate_limiter: RateLimiter,
    now: Clock,
    public_url: str,
    allowed_origins: frozenset[str],
) -> Dependencies:
    """The use cases, built from their ports."""
    open_draft, save_draft, forget_draft = OpenDraft(drafts, now), SaveDraft(drafts, now), ForgetDraft(drafts)
    limit_mails = LimitMails(MailLimits(mails_per_hour), now)
    withdraw_link = WithdrawLink(open_draft, save_draft, forget_draft)
    return Dependencies(
        products=products,
        limit_mails=limit_mails,
        submit=SubmitRequest(
            requests=requests,
            ids=request_ids,
            limit_mails=limit_mails,
            sealer=sealer,
            random_below=secrets.randbelow,
            now=now,
        ),
        get_status=GetStatus(requests, outcomes),
        check_quote=CheckQuote(outcomes, now),
        open_draft=open_draft,
        save_draft=save_draft,
        forget_draft=forget_draft,
        ask_colleague=AskColleague(save_draft, withdraw_link),
        withdraw_link=withdraw_link,
        take_over_answers=TakeOverAnswers(open_draft, save_draft, LeaveAddress(sealer=sealer, public_url=public_url)),
        mail_colleague_link=MailColleagueLink(
            links=links, drafts=drafts, sealer=sealer, public_url=public_url, now=now
        ),
        tell_asker=TellAsker(
            links=links, drafts=drafts, open_draft=open_draft, save=save_draft, limit_mails=limit_mails, now=now
        ),
        mail_resume_link=MailResumeLink(links=links, save=save_draft, sealer=sealer, public_url=public_url, now=now),
        resume_draft=ResumeDraft(links=links, drafts=drafts, open_draft=open_draft, forget=forget_draft, now=now),
        limit_drafts=LimitDrafts(drafts, now),
        find_addresses=FindAddresses(addresses),
        find_companies=FindCompanies(companies),
        papers=papers,
        estimate=estimate,
        count_step=CountStep(steps),
        page_seal=PageSeal(request_ids.secret),
        rate_limiter=rate_limiter,
        now=now,
        public_url=public_url,
        allowed_origins=allowed_origins,
    )


# Dependencies are `async` although they wait for nothing: FastAPI runs the others in a thread.
async def dependencies(request: Request) -> Dependencies:
    """What the composition root has put together."""
    app_dependencies: Dependencies = request.app.state.dependencies
    return app_dependencies


Deps = Annotated[Dependencies, Depends(dependencies)]
