"""Find the companies that a typed name or 法人番号 may mean."""

from dataclasses import dataclass
from typing import Final

from services.intake.domain.company import Company, Matches
from services.intake.domain.corporate_number import Mistyped, corporate_number, is_corporate_number
from services.intake.ports import Companies
from shared.errors import Unavailable
from shared.name_keys import name_key, narrow, whole_name_key

MOST: Final = 10
_LOOKED_AT: Final = 40
"""Of the names that begin as typed: enough to put those with the same 株式会社 in front."""
_SHORT_FORMS: Final = {"(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社"}
_LONGEST: Final = 100
"""Characters of a name; no company of the form has a longer one."""


@dataclass(frozen=True, slots=True)
class FindCompanies:
    """From what a person types as a company to companies of the list. A list that cannot be read stops nobody."""

    companies: Companies

    @property
    def is_offered(self) -> bool:
        """Whether there is a list at all."""
        return self.companies.are_known()

    async def __call__(self, typed: str) -> Matches:
        """The likeliest first, at most `MOST`."""
        try:
            match corporate_number(typed):
                case Mistyped(reason=reason):
                    return Matches(miss=reason)
                case str(number):
                    company = await self.companies.numbered(number)
                    found = (company,) if company else ()
                    return Matches(companies=found, by_number=True, miss=None if found else "not-found")
                case None:
                    return await self._named(typed[:_LONGEST])
        except Unavailable:
            return Matches(miss="unavailable")

    async def numbered(self, number: str) -> Company | None:
        """The company with exactly this number; None also while the list cannot be read."""
        try:
            return await self.companies.numbered(number) if is_corporate_number(number) else None
        except Unavailable:
            return None

    async def _named(self, typed: str) -> Matches:
        key = name_key(typed)
        if not key:
            return Matches(miss="nothing-typed")
        found = await self.companies.beginning(key, _LOOKED_AT)
        # People write the form of their company's name as it is registered, or not at all.
        whole = _whole(typed)
        found = tuple(sorted(found, key=lambda company: _whole(company.name) != whole))
        return Matches(companies=found[:MOST], has_more=len(found) > MOST, miss=None if found else "not-found")


def _whole(name: str) -> str:
    """*name* with its legal form, which people write as ㈱."""
    written = narrow(name)
    for short, form in _SHORT_FORMS.items():
        written = written.replace(short, form)
    return whole_name_key(written)
