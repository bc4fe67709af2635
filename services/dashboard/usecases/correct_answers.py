"""Staff correct answers, because the customer has said so since: rating prices the next revision for them."""

from dataclasses import dataclass

from services.dashboard.domain.case import Case
from services.dashboard.domain.corrected_answers import Typed, correction_in
from services.dashboard.domain.new_decision import correction_problems
from services.dashboard.domain.roles import Staff
from services.dashboard.usecases.decide_quote import DecideQuote, NotDecided, Outcome
from services.dashboard.usecases.keep_decision import Overtaken
from services.dashboard.usecases.open_case import answers_now_of, open_decisions, open_request, quote_terms_of
from shared.events.parcels import DecisionForRating


@dataclass(frozen=True, slots=True)
class CorrectAnswers:
    """Everybody who may work on cases may: the tariff prices them, and nobody sets an amount."""

    decide: DecideQuote

    async def __call__(self, request_id: str, typed: Typed, reason: str, staff: Staff, seen: int) -> Outcome:
        """*typed*: see `correction_in`. Raises `Unavailable`: whether it was kept is not known then."""
        case = await self.decide.cases.find(request_id)
        if not isinstance(case, Case):
            return None
        if case.decisions != seen:
            return Overtaken(case)
        product, opener = self.decide.products.get(case.request.product), self.decide.opener
        request, decisions = open_request(opener, case), open_decisions(opener, case)
        now = answers_now_of(case, product, request, decisions)
        correction = correction_in(now, typed) if now else None
        terms = quote_terms_of(case, product, request, decisions)
        problems = correction_problems(correction, reason, case, terms)
        if problems or correction is None:
            return NotDecided(tuple(problems), correction.problems if correction and "bad-answers" in problems else ())
        content = DecisionForRating(reason=reason.strip(), answers=dict(correction.changed))
        return await self.decide.ask_rating(case, content, staff)
