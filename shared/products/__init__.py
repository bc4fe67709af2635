"""Products as data: the questions, the texts and the agency, read once and checked as a whole. Prices: `pricing`.

A product is a folder. A second insurer is a second folder and not a line of code (docs/adr/0004-products-as-data.md).
Templates are read by those who use them, with `documents` and `letters`: who makes no paper needs no fonts.
"""

from shared.products.authority import Grant
from shared.products.conditions import Answers, Condition
from shared.products.errors import Problem, ProductError
from shared.products.files import brochure_files
from shared.products.form import (
    INSURERS_ORDER,
    Choice,
    Followed,
    Form,
    Kind,
    Page,
    Proposal,
    Question,
    Rule,
    Section,
    load_form,
)
from shared.products.load import load_product, load_products
from shared.products.product import Agency, Insurer, Privacy, Product, Products, forms_of

__all__ = [
    "INSURERS_ORDER",
    "Agency",
    "Answers",
    "Choice",
    "Condition",
    "Followed",
    "Form",
    "Grant",
    "Insurer",
    "Kind",
    "Page",
    "Privacy",
    "Problem",
    "Product",
    "ProductError",
    "Products",
    "Proposal",
    "Question",
    "Rule",
    "Section",
    "brochure_files",
    "forms_of",
    "load_form",
    "load_product",
    "load_products",
]
