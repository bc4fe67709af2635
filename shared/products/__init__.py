"""Products as data: the questions, the texts and the agency, read once and checked as a whole. Prices: `pricing`.

A product is a folder. A second insurer is a second folder and not a line of code (docs/adr/0004-products-as-data.md).
"""

from shared.products.conditions import Answers, Condition
from shared.products.documents import FONTS, check_documents
from shared.products.errors import Problem, ProductError
from shared.products.files import brochure_files
from shared.products.form import Choice, Followed, Form, Kind, Page, Proposal, Question, Rule, Section, load_form
from shared.products.letters import LetterTemplate, load_letters
from shared.products.load import load_product, load_products
from shared.products.product import Agency, Insurer, Privacy, Product, Products

__all__ = [
    "FONTS",
    "Agency",
    "Answers",
    "Choice",
    "Condition",
    "Followed",
    "Form",
    "Insurer",
    "Kind",
    "LetterTemplate",
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
    "check_documents",
    "load_form",
    "load_letters",
    "load_product",
    "load_products",
]
