"""One product's questionnaire, as the insurer words it (YAML) and as the services read it."""

from shared.products.form.form import INSURERS_ORDER, Followed, Form, Order, Page, Rule, Section
from shared.products.form.former import load_former_forms
from shared.products.form.load import load_form, parse_form
from shared.products.form.question import Choice, Kind, Proposal, Question, Tells

__all__ = [
    "INSURERS_ORDER",
    "Choice",
    "Followed",
    "Form",
    "Kind",
    "Order",
    "Page",
    "Proposal",
    "Question",
    "Rule",
    "Section",
    "Tells",
    "load_form",
    "load_former_forms",
    "parse_form",
]
