"""Which answers make a cover dearer or send it to a person: staff look at those first, and ask about them."""

from collections.abc import Mapping

from pricing.engine.reading import read
from pricing.tariff import Adjustment, Tariff


def unfavourable(answers: Mapping[str, object], tariff: Tariff) -> tuple[str, ...]:
    """The questions, in the form's order, whose answer breaks a rule, or leaves a control not known to be in place.

    What is missing or cannot be read is no answer: that is a reason of its own.
    """
    reading = read(answers, tariff)
    broken = {key for rule in tariff.rules if rule.holds(reading.known) for key in rule.when}
    adjusted = (step for part in reading.parts for step in part.steps if isinstance(step, Adjustment))
    lacking = {key for step in adjusted for item in step.score.items for key in item.lacking(reading.known)}
    return tuple(key for key in tariff.questions if key in broken | lacking)
