"""The requests that `mitsumori demo` sends, and how each must end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PRODUCT: Final = "cyber-security"
Ending = Literal["documents_only", "quoted", "referred"]
Answer = str | int | list[str]

_CUSTOMER: Final[Mapping[str, Answer]] = {
    "department": "総務部",
    "person": "見本 花子",
    "phone": "03-1234-5678",
    "postal_code": "100-0001",
    "address": "東京都千代田区千代田1-1",
    "news_opt_in": "no",
}
_DOCUMENTS: Final[Mapping[str, Answer]] = {"quote": "no"}
_YES_TO_ALL: Final[Mapping[str, Answer]] = {
    **{f"d3_{number:02}": "yes" for number in range(1, 22)},
    **{f"d3_01_{part}": "yes" for part in "abc"},
    "d3_02_a": "yes",
    "d3_03": "no",  # A company that issues cards is always referred.
    "d3_15": "sometimes",
    "d3_15_a": "yes",
    "d3_22": ["pmark", "isms"],
}
_QUOTE: Final[Mapping[str, Answer]] = {
    **_YES_TO_ALL,
    "quote": "yes",
    "brochure": "email",
    "turnover": 500_000,
    "incidents": "no",
    "industry": "retail",
    "plan": "basic",
    "liability_limit": 100_000_000,
    "cost_limit": 30_000_000,
    "liability_deductible": 100_000,
    "cost_deductible": 0,
    "rider_it": "no",
    "rider_leak_only": "no",
    "rider_fixed_premium": "yes",
}
_IT_WORK: Final[Mapping[str, Answer]] = {
    **{f"d4_{number}": "yes" for number in range(1, 7)},
    "d4_2_a": "yes",
    "d4_7": ["mfa", "sso"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One kind of request, and the state in which it must end."""

    name: str
    answers: Mapping[str, Answer]
    ending: Ending
    sent_through: Literal["api", "form"] = "api"
    """The JSON API, or the address to which the agency's own HTML form posts."""
    is_sent_twice: bool = False

    @property
    def letters(self) -> frozenset[str]:
        """The kinds of letters that are due, one of each."""
        to_contact = {"quoted": {"quote"}, "referred": {"referral"}, "documents_only": set[str]()}[self.ending]
        return frozenset({"receipt", "desk"} | to_contact)

    def answers_of(self, customer: int, consent: str) -> dict[str, Answer]:
        """The answers of customer number *customer*, who agrees to version *consent* of the purposes."""
        identity = {"company": f"株式会社見本{customer}", "email": f"hanako.{customer}@example.co.jp"}
        return {**_CUSTOMER, **identity, "privacy_consent": consent, **self.answers}


SCENARIOS: Final = (
    Scenario(name="quote-all-answers", answers=_QUOTE, ending="quoted"),
    Scenario(name="documents-by-email", answers={**_DOCUMENTS, "brochure": "email"}, ending="documents_only"),
    Scenario(
        name="documents-by-post",
        answers={**_DOCUMENTS, "brochure": "post", "building": "見本ビル3階"},
        ending="documents_only",
    ),
    Scenario(
        name="referral-incident",
        answers={**_QUOTE, "incidents": "yes", "incidents_note": "昨年、不正アクセスがありました。"},
        ending="referred",
    ),
    Scenario(
        name="it-company-with-rider",
        answers={**_QUOTE, **_IT_WORK, "industry": "it", "rider_it": "yes"},
        ending="quoted",
    ),
    Scenario(
        name="html-form",
        answers={**_QUOTE, "brochure": "none", "industry": "wholesale"},
        ending="quoted",
        sent_through="form",
    ),
    Scenario(
        name="sent-twice",
        answers={**_QUOTE, "industry": "logistics", "plan": "wide"},
        ending="quoted",
        is_sent_twice=True,
    ),
)
