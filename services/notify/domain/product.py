"""A product with the templates of its letters, which only notify needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.events import LetterKind
from shared.products import Product
from shared.products.letters import LetterTemplate


@dataclass(frozen=True, kw_only=True)
class ProductWithLetters(Product):
    """A product and the template of every kind of letter."""

    letters: Mapping[LetterKind, LetterTemplate]
