"""What the pages of one case do beside showing it and deciding on it."""

from dataclasses import dataclass
from typing import Self

from services.dashboard.domain.search_keys import SearchKeys
from services.dashboard.ports.audit import Audit
from services.dashboard.ports.cases import Summaries
from services.dashboard.usecases.correct_answers import CorrectAnswers
from services.dashboard.usecases.decide_quote import DecideQuote
from services.dashboard.usecases.find_related import FindRelated
from services.dashboard.usecases.hand_over import HandOverCase
from services.dashboard.usecases.release import ReleaseQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUseCases:
    """Put together by the composition root."""

    correct_answers: CorrectAnswers
    find_related: FindRelated
    hand_over: HandOverCase

    @classmethod
    def on(
        cls, *, decide: DecideQuote, release: ReleaseQuote, summaries: Summaries, keys: SearchKeys, audit: Audit
    ) -> Self:
        """On the cases that *decide* reads."""
        cases, opener, now = decide.cases, decide.opener, decide.now
        return cls(
            correct_answers=CorrectAnswers(decide),
            find_related=FindRelated(cases=cases, summaries=summaries, opener=opener, keys=keys, audit=audit, now=now),
            hand_over=HandOverCase(
                products=decide.products, cases=cases, release=release, opener=opener, audit=audit, now=now
            ),
        )
