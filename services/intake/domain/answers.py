"""The check of a whole form (shared/answers) as intake has it: also the contact must look like one."""

from services.intake.domain.contact_shapes import SHAPES
from shared.answers import check as shared_check
from shared.answers import reading
from shared.answers.check import Checked, Sent
from shared.answers.reading import Problem, Value
from shared.products import Form, Question


def check(form: Form, sent: Sent) -> Checked:
    """Check all of *sent* against *form*."""
    return shared_check.check(form, sent, SHAPES)


def read(question: Question, sent: object) -> Value | Problem | None:
    """The answer to *question*; None when nothing was answered."""
    return reading.read(question, sent, SHAPES)
