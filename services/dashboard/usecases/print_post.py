"""Today's post: whose brochures go out is fixed once, printed, and marked as posted: the same cases each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.dashboard.domain.bulk import BulkRun
from services.dashboard.domain.case import BrokenCase, Case
from services.dashboard.domain.listing import Selection, Tab
from services.dashboard.domain.new_work import Post
from services.dashboard.domain.postal import MOST, Recipient, recipient_of
from services.dashboard.ports.papers import Papers
from services.dashboard.usecases.list_cases import ListCases
from services.dashboard.usecases.open_case import OpenedCase
from services.dashboard.usecases.work_on_many import WorkOnMany
from shared.clock import Clock
from shared.events.parcels import RequestForDesk
from shared.products import Product, Products


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The post of one run. `of`: what can be printed, by product. `unreadable`: cases without a label, by id.

    `posted_elsewhere`: on their way already, and not by this run: a second label would post them twice.
    """

    run: BulkRun
    of: Mapping[str, Sequence[Recipient]]
    unreadable: Sequence[str]
    posted_elsewhere: Sequence[Case]

    @property
    def has_begun(self) -> bool:
        """Whether its cases are being marked as posted, or have been."""
        return self.run.is_running or self.run.at > 0

    @property
    def left(self) -> int:
        """How many cases it is still about."""
        return sum(map(len, self.of.values())) + len(self.unreadable)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintPost:
    """The labels and letters for brochures that are to be posted."""

    products: Products
    list_cases: ListCases
    bulk: WorkOnMany
    papers: Papers
    now: Clock

    async def propose(self, selection: Selection) -> BulkRun | None:
        """Fix the open postal cases of *selection*. None: there are none, or more than `MOST`.

        Without those whose mails are held: whether somebody real lives there is what staff must find out first.
        """
        selection = replace(selection, tab=Tab.POST)
        return await self.bulk.propose(selection, Post(), wanted=lambda one: not one.is_held, most=MOST)

    async def find(self, run_id: str, account: str) -> Batch | None:
        """What is in it; who saw it is recorded. None: it is no post, or that of somebody else."""
        run = await self.bulk.find(run_id, account)
        if run is None or not isinstance(run.work, Post):
            return None
        ids, done_to = [one.request_id for one in run.planned], run.done_to
        found = await self.list_cases.opened(ids, account, "printed-post")
        of: dict[str, list[Recipient]] = {}
        unreadable: list[str] = []
        elsewhere: list[Case] = []
        for request_id in ids:
            case = found.get(request_id)
            product = self._product(case)
            if isinstance(case, OpenedCase) and case.case.work.posted and request_id not in done_to:
                elsewhere.append(case.case)
            elif product is None or not isinstance(case, OpenedCase) or not isinstance(case.request, RequestForDesk):
                unreadable.append(request_id)
            elif case.case.work.closed is None:
                of.setdefault(product.slug, []).append(recipient_of(case.case, case.request.contact))
        return Batch(run=run, of=of, unreadable=unreadable, posted_elsewhere=elsewhere)

    async def pdf(self, run_id: str, product: str, account: str) -> bytes | None:
        """The paper of that part of it. None: there is no such part. Raises `PaperFailed`."""
        batch = await self.find(run_id, account)
        recipients = batch.of.get(product) if batch else None
        return await self.papers.post(self.products[product], recipients, self.now()) if recipients else None

    def _product(self, case: OpenedCase | BrokenCase | None) -> Product | None:
        product = self.products.get(case.case.request.product) if isinstance(case, OpenedCase) else None
        return product if product and self.papers.can_print(product) else None
