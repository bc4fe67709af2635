"""From the name or 法人番号 of a company to its address, with a button and without a script.

Nothing is sent while somebody types, and nothing is overwritten that they were not told of before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.responses import RedirectResponse

from services.intake.domain.company import Company, Matches
from services.intake.domain.draft import Draft
from services.intake.entrypoints.web.dependencies import Dependencies
from services.intake.entrypoints.web.visit import Visit
from shared.products import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFields:
    """The questions of one page that are answered by choosing a company."""

    name: str
    postal_code: str
    address: str
    building: str | None

    @classmethod
    def of(cls, page: Page) -> "CompanyFields | None":
        """None for a page that does not ask for a company and its address."""
        by_use = {question.autocomplete: question.key for question in page.questions}
        name, address = by_use.get("organization"), by_use.get("address-line1")
        code = next((question.key for question in page.questions if question.kind == "postal_code"), None)
        if name is None or address is None or code is None:
            return None
        return cls(name=name, postal_code=code, address=address, building=by_use.get("address-line2"))

    def filled(self, draft: Draft, company: Company) -> Draft:
        """*draft* with what is known of *company*. Nothing stays of an address that was typed: never two in one."""
        known = {self.name: company.title}
        if company.address:
            known |= {self.postal_code: company.written_code, self.address: company.address}
            known |= {self.building: company.building} if self.building else {}
        return draft.with_answers(known, known)

    def holds_address(self, draft: Draft) -> bool:
        """Whether choosing a company would overwrite something."""
        keys = (self.postal_code, self.address, *((self.building,) if self.building else ()))
        return any(draft.text(key).strip() for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyLookup:
    """What the page says at the company's name: that it can be looked up, what was found, or that it was filled in."""

    key: str
    is_filled: bool = False
    matches: Matches | None = None
    overwrites: bool = False


async def company_lookup(
    query: Mapping[str, str], page: Page, draft: Draft, deps: Dependencies
) -> CompanyLookup | None:
    """For *page* with the address *query*: `company` is `look` or `filled`. None where nothing can be looked up."""
    fields = CompanyFields.of(page)
    if fields is None or not deps.find_companies.is_offered:
        return None
    match query.get("company"):
        case "look":
            matches = await deps.find_companies(draft.text(fields.name))
            return CompanyLookup(key=fields.name, matches=matches, overwrites=fields.holds_address(draft))
        case outcome:
            return CompanyLookup(key=fields.name, is_filled=outcome == "filled")


async def with_company(
    deps: Dependencies, visit: Visit, page: Page, draft: Draft, number: str
) -> tuple[Draft, RedirectResponse]:
    """With the company of *number*, which was chosen; or of the 法人番号 that was typed, where no address was yet."""
    fields = CompanyFields.of(page)
    if fields is None:
        return draft, visit.redirect(page.slug)
    draft = draft.with_page(page.slug, passed=False)
    chosen = await deps.find_companies.numbered(number)
    if not number and not fields.holds_address(draft):
        matches = await deps.find_companies(draft.text(fields.name))
        chosen = matches.companies[0] if matches.by_number and matches.companies else None
    if chosen is None:
        return draft, visit.redirect(page.slug, anchor=fields.name, company="look")
    return fields.filled(draft, chosen), visit.redirect(page.slug, anchor=fields.name, company="filled")
