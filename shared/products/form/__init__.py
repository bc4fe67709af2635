"""One product's questionnaire, as the insurer words it (YAML) and as the services read it."""

from shared.products.form.form import Choice, Followed, Form, Kind, Page, Proposal, Question, Rule, Section
from shared.products.form.former import load_former_forms
from shared.products.form.load import load_form, parse_form

__all__ = [
    "Choice",
    "Followed",
    "Form",
    "Kind",
    "Page",
    "Proposal",
    "Question",
    "Rule",
    "Section",
    "load_form",
    "load_former_forms",
    "parse_form",
]
