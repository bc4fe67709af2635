"""Papers that staff print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.dashboard.domain.postal import Recipient
from shared.products import Product


class PaperFailed(Exception):
    """There is no paper. Why is in the log, without anything personal."""


class Papers(Protocol):
    """What a product's own templates make."""

    def can_print(self, product: Product) -> bool:
        """Whether the product has a template for its post."""
        ...

    async def post(self, product: Product, recipients: Sequence[Recipient], made_at: datetime) -> bytes:
        """A PDF: all labels, and then a letter for each, in this order. Raises `PaperFailed`."""
        ...
