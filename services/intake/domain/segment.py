"""What may be known of a customer on a topic: the industry and a band of turnover, for counting only."""

from shared.answers.reading import Answers
from shared.answers.turnover_band import turnover_band
from shared.events import Segment


def segment(answers: Answers) -> Segment | None:
    """None when no quote is wished: then neither was asked."""
    industry, turnover = answers.get("industry"), answers.get("turnover")
    if not isinstance(industry, str) or not isinstance(turnover, int):
        return None
    return Segment(industry=industry, turnover_band=turnover_band(turnover))
